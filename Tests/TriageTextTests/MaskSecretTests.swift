import Testing
import TriageText

/// Secrets in sentences, forms and tables, and talk about secrets that stays.
struct MaskSecretTests {
    @Test(arguments: [
        ("Reset password :- Haus@0123", "Reset password :- [SECRET]"),
        ("the new password will be Haus2031!", "the new password will be [SECRET]"),
        (
            "password was reset, the new one will be Haus2031x",
            "password was reset, the new one will be [SECRET]"
        ),
        ("user ann.m password Haus2031!", "user ann.m password [SECRET]"),
        ("Password\nHaus2031!\nUser", "Password\n[SECRET]\nUser"),
        ("Das Kennwort lautet Haus2031!", "Das Kennwort lautet [SECRET]"),
        ("Passwort geändert auf Haus2031x", "Passwort geändert auf [SECRET]"),
        ("mon mot de passe est Haus2031!x", "mon mot de passe est [SECRET]"),
        ("Mot de passe actuel : Haus!9", "Mot de passe actuel : [SECRET]"),
        ("mi contraseña es Haus2031!", "mi contraseña es [SECRET]"),
        ("A senha do painel é 0haus-sol", "A senha do painel é [SECRET]"),
        ("la password è Haus!Nero7", "la password è [SECRET]"),
        ("Het wachtwoord wordt Haus55Tulp", "Het wachtwoord wordt [SECRET]"),
        ("HASŁO: Haus_81", "HASŁO: [SECRET]"),
        ("Новый пароль будет Haus9Reka", "Новый пароль будет [SECRET]"),
        ("Ο κωδικός είναι Haus!9x", "Ο κωδικός είναι [SECRET]"),
        ("كلمة المرور: Haus!Bahr7", "كلمة المرور: [SECRET]"),
        ("Login: ann / Haus2031!", "Login: ann / [SECRET]"),
        ("user/pass: ann/Haus!22", "user/pass: ann/[SECRET]"),
        ("Pre-shared key: Haus2031!xy", "Pre-shared key: [SECRET]"),
        ("the admin password is Sunshine!", "the admin password is [SECRET]"),
        ("Mein Passwort war „haus“ bis heute", "Mein Passwort war „[SECRET]“ bis heute"),
        ("le code wifi est : « marée haute 6h12 »", "le code wifi est : « [SECRET] »"),
        ("password for the vault is \"green kettle under stairs\"", "password for the vault is \"[SECRET]\""),
        ("my PIN, it was 4711", "my PIN, it was [SECRET]"), ("cvv 731.", "cvv [SECRET]."),
        ("Your verification code is 905713", "Your verification code is [SECRET]"),
        ("password \"Haus!2031\" is refused", "password \"[SECRET]\" is refused"),
        ("Kennwort „Haus?2031“ geht nicht", "Kennwort „[SECRET]“ geht nicht"),
        ("mot de passe 'Haus?2031' refusé", "mot de passe '[SECRET]' refusé"),
        ("senha “Haus?2031” recusada", "senha “[SECRET]” recusada"),
        ("password changed from Haus!2030 to Haus!2031", "password changed from [SECRET] to [SECRET]"),
        ("Passwort alt: Haus!2030, neu: Haus!2031", "Passwort alt: [SECRET], neu: [SECRET]"),
        ("Haus!2031 is my password", "[SECRET] is my password"),
        ("the password I was given is Haus!2031", "the password I was given is [SECRET]"),
        ("Password:\n\nHaus!2031", "Password:\n\n[SECRET]"), ("password → Haus!2031", "password → [SECRET]"),
        ("Benutzer / Passwort: ann / Haus!2031", "Benutzer / Passwort: ann / [SECRET]"),
        ("<password>Haus!2031</password>", "<password>[SECRET]</password>"),
        ("curl -u ann:Haus2031 now", "curl -u ann:[SECRET] now"),
        (
            "key 100001-200002-300003-400004-500005-600006-700007-800008 asked",
            "key [SECRET] asked"
        ),
        ("SIM-PIN: 4711, PUK", "SIM-PIN: [SECRET], PUK"),
        ("pin de la tarjeta SIM: 0193", "pin de la tarjeta SIM: [SECRET]"),
        (
            "PuTTY-User-Key-File-2: x\nPrivate-Lines: 1\nAAABAQCZ8Xk9u3fZ\nPrivate-MAC: 5f1c",
            "PuTTY-User-Key-File-2: x\nPrivate-Lines: 1\n[SECRET]\nPrivate-MAC: 5f1c"
        ),
    ])
    func `secrets are found in sentences, forms and pairs`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test(arguments: [
        ("password Otter5512k refused", "password [SECRET] refused"),
        ("Otter5512k is my password", "[SECRET] is my password"),
        ("I use Otter5512k as the new password", "I use [SECRET] as the new password"),
        ("password (Otter5512k) refused", "password ([SECRET]) refused"),
        ("Password\tOtter5512k", "Password\t[SECRET]"),
        ("password is\n\nOtter5512k\n\nplease", "password is\n\n[SECRET]\n\nplease"),
        ("my password, which is Otter5512k, expired", "my password, which is [SECRET], expired"),
        (
            "The password you sent me, Otter-5512-k, is refused",
            "The password you sent me, [SECRET], is refused"
        ),
        ("changed my password from Otter5512k to Heron77y", "changed my password from [SECRET] to [SECRET]"),
        ("old password Otter5512k new password Heron77y", "old password [SECRET] new password [SECRET]"),
        ("credentials ann:Otter5512k", "credentials ann:[SECRET]"), ("p/w: Ot55!kkr", "p/w: [SECRET]"),
        (
            "Mein altes Passwort war Igel55x, das neue Reh66y.",
            "Mein altes Passwort war [SECRET], das neue [SECRET]."
        ),
        ("Passwort Igel55x wird abgelehnt", "Passwort [SECRET] wird abgelehnt"),
        ("J'ai changé mon mot de passe en Loutre55y", "J'ai changé mon mot de passe en [SECRET]"),
        ("usuario ana contraseña Nutria55z", "usuario ana contraseña [SECRET]"),
        ("hasło Wydra55zz nie działa", "hasło [SECRET] nie działa"),
        ("мой пароль — Выдра55", "мой пароль — [SECRET]"),
        ("şifrem Samur55zz olarak değişti", "şifrem [SECRET] olarak değişti"),
        ("รหัสผ่าน xyz12345X ใช้ไม่ได้", "รหัสผ่าน [SECRET] ใช้ไม่ได้"),
        ("kata sandi saya xyz12345X", "kata sandi saya [SECRET]"),
        ("contrasenya: xyz12345X", "contrasenya: [SECRET]"),
        ("slaptažodis: xyz12345X", "slaptažodis: [SECRET]"),
        ("лозинка: xyz12345X", "лозинка: [SECRET]"), ("parole: xyz12345X", "parole: [SECRET]"),
        ("पासवर्ड xyz12345X काम नहीं कर रहा", "पासवर्ड [SECRET] काम नहीं कर रहा"),
    ])
    func `a password of letters and digits where the words say that one follows`(
        text: String, expected: String
    ) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test(arguments: [
        ("SG.kLmNoPqRsTuVwXyZ012345.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123 key", "[SECRET] key"),
        ("hvs.KLMNOPQR1234567890abcdefghij.", "[SECRET]."),
        ("ya29.b1KlMnOpQr_stUvWxYz0123456789", "[SECRET]"),
        ("dckr_pat_KlMnOpQrStUvWxYz012345", "[SECRET]"), ("NRAK-KLMNOPQRSTUVWXYZ012345", "[SECRET]"),
        ("sq0atp-KlMnOpQrStUvWxYz012345", "[SECRET]"), ("AccountKey=klmn5678KLMN==", "AccountKey=[SECRET]"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOYBF8AAAAB\nxyz", "[SECRET]"),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQOY\n-----END PGP PRIVATE KEY BLOCK-----\nfails",
            "[SECRET]\nfails"
        ),
        ("mysql -u root -pOtter55kk hr", "mysql -u root -p[SECRET] hr"),
        ("sqlcmd -S sql1 -U sa -P otter5512K", "sqlcmd -S sql1 -U sa -P [SECRET]"),
        ("deploy --token kM7nQ2pR8sT4", "deploy --token [SECRET]"),
        ("tool --password otter5512", "tool --password [SECRET]"),
        ("api key 0f1e2d3c4b5a69788796a5b4c3d2e1f0 gives 403", "api key [SECRET] gives 403"),
    ])
    func `keys by their issuer's form and options of programs`(text: String, expected: String) {
        #expect(Masker().mask(text).text.string == expected)
    }

    @Test(arguments: [
        "password Windows11 asks for", "password reset failed on Outlook2016", "Passwort Office365 vergessen",
        "Exchange2019 is asking for my password", "Outlook2016 is my problem, not the password",
        "password KB5041585 breaks", "password reset 24hours ago", "password changed March2024",
        "the password of LT4471 expired", "reset password on LT4471", "ssh -p 2222 host",
        "mysql -u root -p hr2024", "Drucker-Passwort HP4050dn",
        "docker run -p 8080:80 web",
        "what is a parole: ciao a tutti", "token type bearer", "version 3 SG.example text", "page 1.SG. of 2",
    ])
    func `products, devices and options beside such words stay`(text: String) {
        #expect(Masker().mask(text).text.string == text)
    }

    @Test(arguments: [
        "my password expired in Office365", "the password is too short",
        "password reset link of 2024-11-05 is broken", "password KB5041585 article",
        "password policy v2.1.3 applies", "passwords for user12 do not work", "Das Passwort ist falsch",
        "Passwort stimmt nicht, Fehler 0x8007",
        "mot de passe refusé par SRV2019", "la contraseña es incorrecta", "«contraseña no válida»",
        "a senha é fraca", "la password è scaduta",
        "het wachtwoord is verlopen", "hasło wygasło o 12:30", "пароль истёк", "密码错误三次", "パスワードが間違っています",
        "Your code is invalid", "error code is 905713",
        "the PIN pad 4711 is broken", "pin code pad on door 12", "API key is missing", "token: expired",
        "Password: see attached sheet", "secret santa 2024",
        "the password is wrong!", "My password is Expired!", "Password Manager!", "Login: https://a.b",
        "User: Max / Room12", "the password \"Forgotten\" link", "Button 'Password' \"Reset now\"",
        "password field \"name\" is empty", "senha: esqueci",
        "Is the network up? It was Room!2 password day.",
    ])
    func `talk about secrets stays`(text: String) {
        let masked = Masker(Masker.Options(kinds: [.secret])).mask(text)
        #expect(masked.text.string == text)
    }
}
