/// The words that surround secrets, in the languages of tickets.
enum SecretWords {
    /// Names ending so hold a secret, looked up by their last byte: "db_password", "apiKey", "Wi-Fi-Passwort".
    static let names = WordEndings(
        """
        password|passwords|pass-word|p/w|passwort|community string|product key|kata sandi|sshpass -p|비번|passwd|passphrase|passcode|passkey|pwd|kennwort|zugangscode|secret|token|apikey|api_key|\
        api-key|api key|accesskey|access_key|access-key|access key|secretkey|secret_key|secret key|privatekey|private_key|\
        authorization|pre-shared key|preshared key|shared key|psk|wpa key|wpa2 key|wlan key|wifi key|wi-fi key|\
        network key|encryption key|new one|passord|passordet|adgangskode|adgangskoden|kodeord|kodeordet|lösenord|\
        lösenordet|salasana|salasanani|api-schlüssel|wlan-schlüssel|wpa-schlüssel|wpa2-schlüssel|netzwerkschlüssel|\
        api schlüssel|wifi-schlüssel|sicherheitsschlüssel|mot de passe|mots de passe|motdepasse|mot_de_passe|mdp|\
        clé api|clé d'api|clé pré-partagée|clé prépartagée|clé wifi|clé wi-fi|clé wpa|clé réseau|clé de sécurité|\
        code wifi|code wi-fi|code d'accès|contraseña|contrasena|clave|clave api|clave de acceso|senha|palavra-passe|\
        palavra passe|palavra chave|chave api|chave de api|chave pré-compartilhada|parola d'ordine|parola|\
        chiave api|chiave wifi|wachtwoord|api sleutel|wifi sleutel|κλειδί api|parola segreta|psw|wachtwoorden|api-sleutel|wifi-sleutel|wifi-code|toegangscode|hasło|hasłem|klucz api|\
        klucz wifi|heslo|jelszó|jelszavam|jelszava|şifre|şifrem|şifresi|şifreniz|sifre|sifrem|parolam|parolă|lozinka|geslo|mật khẩu|пароль|\
        пароля|паролем|паролю|парола|паролата|токен|токен бота|токен доступа|ключ api|api-ключ|κωδικός|\
        κωδικός πρόσβασης|κωδικό|κωδικος|κωδικός μου|συνθηματικό|סיסמה|הסיסמה|סיסמא|הסיסמא|סיסמתי|كلمة المرور|كلمة السر|\
        كلمة مرور|كلمة سر|الرقم السري|رمز المرور|مفتاح الواجهة|密码|密碼|口令|密钥|密鑰|令牌|パスワード|パスフレーズ|トークン|apiキー|\
        暗証番号|暗号化キー|비밀번호|암호|패스워드|토큰|รหัสผ่าน|รหัสผ่านใหม่|พาสเวิร์ด|โทเคน|โทเค็น|पासवर्ड|\
        contrasenya|contrasinal|slaptažodis|slaptažodį|slaptažodžio|parole|paroli|лозинка|лозинку|лозинката|lozinku|\
        zaporka|zaporku|hasła|haseł|hesla|heslem|gesla|parool|parooli|salasõna|kata laluan|sandi|lykilorð|pasahitza|\
        fjalëkalimi|пароли|رمز عبور|گذرواژه|პაროლი|գաղտնաբառ|adgangskoden|accountkey|account_key|storagekey
        """)

    /// Whole names of a secret that may be digits alone.
    static let codes = KeywordSet(codeWords)
    private static let codeWords =
        "pass passcode pw ww pin puk cvv cvc cvn cvv2 cvc2 tan otp mfa totp sim-pin pincode pin-code pinkod pinkode пин пин-код pin2"

    /// How the names of secrets end: nearly all words end otherwise.
    static let endings = EndingFilter(
        names.phrases + codeNames.phrases
            + codeWords.utf8.split(separator: ASCII.space).flatMap(KeywordSet.caseVariants))

    /// Names of codes that are digits, in more words than one or in scripts without spaces.
    static let codeNames = WordEndings(
        """
        code d'accès|pin code|code pin|pin-code|pincode|verification code|security code|sms code|sms-code|one-time code|one time code|\
        one-time password|otp code|2fa code|mfa code|authentication code|login code|door code|access code|recovery code|\
        pin number|your code|ihr code|dein code|votre code|ton code|su código|tu código|seu código|il tuo codice|\
        uw code|je code|twój kod|ваш код|sicherheitscode|bestätigungscode|prüfcode|einmalcode|zugangscode|türcode|sms-tan|pin-nummer|\
        code de vérification|code de sécurité|code sms|code confidentiel|código de verificación|código de seguridad|\
        código pin|código sms|código de verificação|código de segurança|codice di verifica|codice pin|codice di sicurezza|\
        codice otp|verificatiecode|beveiligingscode|kod pin|kod weryfikacyjny|kod sms|numer pin|code secret|código secreto|codice segreto|geheimcode|geheimzahl|kartenprüfnummer|код подтверждения|\
        пин-код|пин код|код из смс|验证码|驗證碼|安全码|確認コード|認証コード|暗証番号|인증번호|인증 코드|รหัส otp|รหัสยืนยัน|رمز التحقق|\
        رمز الأمان|κωδικός otp|קוד אימות
        """)

    /// Short names, after which a value needs neither a verb nor a mark: "pwd q7LampPost".
    static let shortNames = KeywordSet("pwd pw ww psw mdp psk passwd pass wachtw pasw")

    /// Words between a name and its value.
    static let links = KeywordSet(
        """
        wäre from von desde dal dalla old alt altes alter neu ancien ancienne antigua antigo antiga vecchia oud oude stare passou ser and und et y ou oder or e then \
        is was will be are becomes became should now set to as currently new it it's still changed reset temporary temp monouso temporanea provvisoria atual attuale initial initiale initial inicial one-time start changé changée modifié cambiada cambiado mudada alterada alterado cambiata modificata gewijzigd veranderd zmienione zmieniłem изменён изменен сменил ändrat ændret endret vaihdettu en in para naar na на \
        current old following ist war lautet wird sein jetzt nun neue neues neuer aktuell aktuelle geändert auf heißt \
        est sera était c'est maintenant nouveau actuel suivant provisoire es será era ahora nueva nuevo siguiente actual \
        temporal é é: serà sará sarà foi agora nova novo seguinte provisória è nuova adesso wordt nu nieuwe luidt werd \
        tijdelijk to jest będzie nowe teraz brzmi tymczasowe будет новый теперь был это есть временный буде новий тепер е ще бъде \
        новата είναι θα ήταν νέος προσωρινός yeni új este va fi nouă är blir nytt nya er bliver nyt ny on uusi je bude nové هي هو \
        الجديدة ستكون الآن היא הוא החדשה תהיה la le el o a das die der den het de il ho which that welches que che который \
        you sent gave me i given got received issued provided mi'm saya anda adalah yra ir és je је bilo jest मेरा है na uz iz \
        sa din în la til fra till från till olan eski yeni iki no ke dari baru lama typed entered eingegeben
        """)

    /// Verbs among the links, after which the value comes.
    static let verbs = KeywordSet(
        """
        wäre ser is was be becomes became to changé changée modifié cambiada cambiado mudada alterada alterado cambiata modificata gewijzigd veranderd zmienione zmieniłem изменён изменен сменил ändrat ændret endret vaihdettu lautet ist war sein auf heißt est sera était c'est es será era é sarà sarà foi è \
        wordt luidt werd jest będzie to brzmi będzie будет был это есть буде е бъде είναι ήταν este är blir er bliver je bude هي هو ستكون \
        היא הוא תהיה sent gave given got received issued provided adalah yra ir és је
        """)

    /// Words behind a value that say what it is: "x is my password", "x as the password".
    static let copulas = KeywordSet(
        "is was are as ist war als est était comme es era como é foi come è era als was jest jako to было это как"
    )

    /// Words between "x is" and "password".
    static let possessives = KeywordSet(
        """
        my our your his her their the a new old current mein meine unser unsere das ein neues altes aktuelles le mon notre ma \
        nouveau mi la una nueva antigua minha a nova antiga mia il nuova mijn het ons nieuwe oude moje nowe мой новый \
        старый пароль мій mitt det min mit en nya nye uusi benim
        """)

    /// Words with numbers that stand beside the word for a password and name something else.
    static let numberedThings = KeywordSet(
        """
        windows win office outlook exchange server sharepoint excel word access project visio iphone ipad ios android \
        galaxy pixel oracle sql mysql acrobat autocad adobe citrix m o s v ver version build step level phase room floor \
        raum zimmer salle pc laptop lap notebook nb ws srv host client user usr benutzer usuario utilisateur vpn wifi \
        wlan ssid sap hana base sha md aes rsa utf http https ipv x area port rule policy ticket inc req chg case macos \
        debian ubuntu centos rhel php java node python tls oauth ntlm kerberos vcenter esxi dynamics teams edge chrome firefox safari opera keepass lastpass bitwarden moodle \
        salesforce zoom slack skype jira confluence gitlab github vmware veeam fortigate forticlient anyconnect quickbooks \
        sage datev navision onedrive winserver phone tab january february march april may june july august september \
        october november december jan feb mar apr jun jul aug sep oct nov dec januar februar märz juni juli oktober \
        dezember abteilung department team gruppe group mailbox postfach kiosk
        """)

    /// Programs whose option "-p" takes a password without a space, as "mysql -pWinter24": with one they ask for it.
    static let joinedPrograms = KeywordSet(
        "mysql mysqldump mysqladmin mysqlimport mysqlcheck mariadb mariadb-dump sshpass 7z rar unrar")

    /// Programs with the password after "-p", "-P", "-pw" or "-w" and a space.
    static let spacedPrograms = KeywordSet(
        "sqlcmd bcp osql isql psexec plink pscp psftp winrs ldapsearch ldapmodify ldapadd htpasswd docker podman"
    )

    /// Verbs and particles of scripts without spaces, which end where the value begins.
    static let unspacedLinks: [StaticString] = [
        "会是", "將是", "将是", "改为", "改成", "是", "为", "為", "は", "が", "を", "은", "는", "이", "가", "คือ", "เป็น",
    ]

    /// Words that begin what a password is for: "the password for the vault is", "la senha do painel é".
    static let prepositions = KeywordSet(
        """
        for of on to at from vault's für von vom des der am im zum zur auf du de des d'accès pour sur à para del do da dos em no na \
        per di del della al van voor op dla do na z od для от к на до за за для tarjeta sim affiché used
        """)

    /// Values that are types, states or nothing rather than secrets.
    static let emptyValues = KeywordSet(
        """
        string str text none null nil undefined true false required optional any number int bool boolean object token \
        password secret yes no empty missing invalid incorrect wrong expired reset changed unknown value example \
        forgotten forgot esqueci esquecida zapomniane zapomniałem olvidé dimenticato vergeten \
        function char bytes float double void self this new await async return const var let type the a an my \
        it is was not here below above see same ok failed error denied rejected accepted correct blank hidden default \
        required. nicht falsch abgelaufen ungültig unbekannt leer siehe fehlt vergessen geändert erforderlich \
        expiré invalide incorrect erroné oublié voir manquant caducada incorrecta inválida no válida olvidada ver \
        expirada expirou errada esquecida veja scaduta errata dimenticata vedi verlopen onjuist vergeten zie fout \
        wygasło błędne nieprawidłowe zobacz неверный неправильный истёк истек просрочен забыл см
        """)

    /// Words of a quoted phrase that says how a password is, or is to be, rather than what it is.
    static let states = KeywordSet(
        """
        not too wrong incorrect invalid expired expire expires required missing empty blank locked blocked reset \
        changed needed must cannot can't please enter your password username characters already sensitive same \
        default unknown forgotten mandatory short long weak strong used accepted denied failed error secure \
        nicht falsch abgelaufen ungültig gesperrt bitte ihr passwort kennwort kurz lang schwach vergessen \
        geändert richtig falsches eingeben leer refusé expiré incorrect invalide court trop oublié mot passe faible \
        incorrecta inválida válida caducada contraseña no corta débil olvidada expirou senha fraca inválido \
        curta errada não scaduta errata password non valida corta debole verlopen onjuist ongeldig kort fout wachtwoord \
        wygasło błędne hasło nieprawidłowe krótkie słabe неверный неправильный истёк пароль короткий слабый λάθος
        """)

    /// Those of them that forms also use for a person.
    static let userNames = KeywordSet(
        """
        user users username userid usr account benutzer benutzername konto compte usuario usuário cuenta conta utilisateur \
        utente gebruiker gebruikersnaam użytkownik пользователь identifiant
        """)

    /// Fields that come before a password in "admin / Winter24".
    static let logins = KeywordSet(
        """
        login logins user username userid usr account credentials creds logon benutzer benutzername zugang zugangsdaten \
        anmeldung konto utilisateur identifiant identifiants compte usuario usuário cuenta conta acceso acesso utente account \
        gebruiker gebruikersnaam użytkownik логин пользователь логін user/pass user/password login/password username/password \
        identifiants anmeldedaten accès sono logowania credenziali credenciales credenciais inloggegevens реквизиты доступ
        """)
}

/// Phrases that end a text, found by their last byte.
struct WordEndings: Sendable {
    private let byLastByte: [[[UInt8]]]

    /// All phrases.
    var phrases: [[UInt8]] { byLastByte.flatMap(\.self) }

    /// Takes phrases separated by "|".
    init(_ phrases: String) {
        var table = [[[UInt8]]](repeating: [], count: 256)
        for phrase in phrases.utf8.split(separator: ASCII.pipe).map(Array.init) {
            for variant in KeywordSet.caseVariants(of: phrase) {
                if let last = variant.last { table[Int(last)].append(variant) }
            }
        }
        // The longest first: "pin code" before "code".
        byLastByte = table.map { $0.sorted { $0.count > $1.count } }
    }

    /// The start of the phrase that ends at `end`, not below `limit`.
    func start(in text: [UInt8], endingAt end: Int, to limit: Int) -> Int? {
        guard end > limit else { return nil }
        for phrase in byLastByte[Int(ASCII.lower(text[end - 1]))] {
            let start = end - phrase.count
            guard start >= limit else { continue }
            var offset = 0
            while offset < phrase.count, ASCII.lower(text[start + offset]) == phrase[offset] { offset += 1 }
            if offset == phrase.count { return start }
        }
        return nil
    }
}
