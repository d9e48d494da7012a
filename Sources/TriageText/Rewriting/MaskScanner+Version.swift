/// Versions and section numbers in four parts, told apart from IPv4 addresses by the words around them.
extension MaskScanner {
    /// Words before a version or the number of a section.
    private static let versionWords = KeywordSet(
        """
        v ver vers Версия Версии Пункт Раздел Релиз Έκδοση version versions versione versión versão versie wersja verze verzió versiune версия версії версии \
        версію έκδοση sürüm release releases rel rc build builds rev revision assemblyversion fileversion firmware fw \
        driver drivers treiber druckertreiber bios uefi sdk runtime cuda cudnn kernel opencv chrome edge firefox safari \
        update updates upgrade upgrades patch hotfix image os ios ipados macos android windows software app agent \
        plugin addin add-in plug-in sw-stand connector library package module stand softwarestand programmstand fassung section sections chapter \
        clause paragraph article policy item figure table appendix annex kapitel abschnitt punkt ziffer chapitre article \
        annexe apartado capítulo artículo sección capítulo seção item capitolo paragrafo articolo sezione hoofdstuk \
        artikel paragraaf rozdział punkt ustęp пункт раздел глава статья версій релиз обновление оновлення сборка прошивка \
        по ПО щит logiciel micrologiciel pilote correctif programa controlador aplicación actualización sistema programma \
        aggiornamento pakiet sterownik oprogramowanie aktualizacja ενημέρωση λογισμικό الإصدار إصدار التحديث البند גרסה \
        גרסת עדכון oid punto punti avsnitt kapitlet κεφάλαιο παράγραφος παράγραφο ενότητα версія версією розділ \
        wersji wersją versjon versjonen versionen paragrafo modulo versio version versiota versioon versiooni versija versijos versiją \
        versiju verzija verzije verziju verziji različica različice različico inačica versi versió bản verzia verzie verzi \
        verziója sürümü sürümünü utgave utgåva versiunea versiunii verzió верзија верзије версията издание संस्करण نسخه
        """)

    /// Words for an update, as nouns.
    ///
    /// Many are also the verb, so what looks like an address of a company's network or
    /// begins with 100 or more, as versions hardly do, is no version after one.
    private static let updateNouns =
        """
        jour màj maj uppdatering uppdateringen uppgradering uppgraderingen opdatering opdateringen opgradering oppdatering \
        oppdateringen oppgradering päivitys päivityksen päivitystä päivityksessä güncelleme güncellemesi güncellemesini \
        yükseltme frissítés frissítése frissítést actualizare actualizarea actualizării ažuriranje ažuriranja nadogradnja \
        nadogradnje naujinimas naujinimo naujinys atnaujinimas atnaujinimo atjauninājums atjauninājuma atjauninājumu uuendus \
        uuenduse uuendust värskendus värskenduse posodobitev posodobitve posodobitvi pembaruan pemutakhiran actualització \
        nhật aktualizace aktualizaci aktualizácia aktualizácie aktualizáciu ažuriranju ажурирање обновяване обновяването \
        актуализация تحديث अपडेट aktualizacji aktualizację bijwerking
        """

    private static let updateWords = KeywordSet(updateNouns)
    private static let updateEndings: [StaticString] = ["更新", "更新程序", "更新プログラム"]

    /// Whether a word names an update; in Chinese not before "的": "update the settings of 85.1.2.3".
    private func isUpdate(_ word: Range<Int>, before end: Int) -> Bool {
        if Self.updateWords.contains(text, word) { return true }
        guard Self.updateEndings.contains(where: { text.hasWord($0, endingAt: word.upperBound) }) else {
            return false
        }
        return !text.hasWord("的", at: text.skip(from: end, while: ASCII.isBlank))
    }

    /// Ends of texts without spaces before a version.
    private static let versionEndings: [StaticString] = [
        "版本", "升级到", "升級到", "更新到", "系统", "固件", "补丁", "手册", "章节", "バージョン", "更新後",
        "アップデート", "版", "버전", "업데이트",
        "펌웨어", "ファームウェア", "マニュアル", "เวอร์ชัน", "อัปเดต", "รุ่น", "คู่มือข้อ", "ข้อ",
    ]

    private static let versionFollowers: [StaticString] = [
        "节", "節", "章", "条", "に更新", "にアップ", "へ更新", "へアップ", "로 업데이트", "로 업그레이드", "절", "장 ", "版",
    ]

    /// Words after which "to 10.2.3.4" names a version: "update to", "Wechsel auf", "mise à jour vers".
    private static let changeWords = KeywordSet(
        """
        update updated updating updates upgrade upgraded upgrading upgrades downgrade downgraded migrated migration \
        rollback patched aktualisierung aktualisiert upgedatet wechsel umstellung jour actualización actualizado \
        actualizar actualizamos atualização atualizado atualizar aggiornamento aggiornato bijgewerkt geüpdatet \
        aktualizacji aktualizacja обновления обновление обновили обновился оновлення التحديث תחזוקה ενημέρωση \
        uppdatering opdatering oppdatering päivitys güncelleme aktualizace frissítés actualizare aktualizaci aktualizace passaggio cambio mudança passage przejściu overstap
        """ + " " + updateNouns)

    /// Words between such a word and the number.
    private static let directionWords = KeywordSet(
        "to from auf von zu à vers de en a al la para para naar van na z do до на с з σε στην από alla allo al dalla dal إلى من ל til till fra från til till is "
            + "the ist die der number nr no n num ga na în uz iki su din de până đến lên ke kohale")

    /// Words beside an address.
    private static let networkWords = KeywordSet(
        """
        ip ips ipv4 host hosts hostname server servers gateway gateways router switch firewall dns dhcp proxy peer node \
        address addresses addr adresse adressen adres adresu adresa dirección endereço indirizzo адрес адреса адресу Адрес Сервер Шлюз \
        διεύθυνση from source src dst dest destination target remote client-ip ping pinging traceroute tracert subnet \
        vlan netmask interface eth0 printer drucker machine pc workstation rechner laptop camera kamera serveur passerelle \
        routeur pare-feu imprimante servidor servidores impresora impressora roteador puerta enlace cámara router \
        stampante gateway serwer serwera drukarka brama сервер сервера шлюз принтер хост nameserver resolver relay ssh \
        rdp vpn tunnel listen listening bind connect connecting connection connected route martian lease release-of
        """)

    /// Words that go on without a space after or before an address: "203.0.113.44is down".
    private static let gluedAddressWords = KeywordSet(
        "is and or to from on at was has are ist und oder von an hat et est ou de à y es o e é ip host server src dst "
            + "addr address gateway with for via does not"
    )

    func isGluedWord(_ word: Range<Int>) -> Bool { Self.gluedAddressWords.contains(text, word) }

    /// Whether four numbers are a version or a section, by what stands around them.
    func isVersion(_ address: IPv4, at index: Int) -> Bool {
        let word = wordBefore(index)
        let hasNetwork = Self.networkWords.contains(text, word) && !isProductNoun(word)
        if address.isReserved { return isJoinedVersion(index) }
        if hasPort(address.end) { return false }
        if isAfterVersionWord(word, of: address, at: index) || isBeforeVersionWord(address.end) {
            return true
        }
        if hasNetwork { return false }
        if index - versionEnd <= 2, versionEnd > 0, text.peek(versionEnd) == ASCII.comma { return true }
        if isCamelCase(word) || isNamedVersion(word) { return true }
        // The example that everyone writes for four numbers.
        if text.hasWord("1.2.3.4", at: index) { return !hasNetworkNear(index) }
        if address.first > 31 { return false }
        if hasNetworkNear(index) { return false }
        if isOfSameLine(address, at: index) { return true }
        return address.first != 10 && (isProduct(word) || isSmallVersion(address, word))
    }

    /// Whether the number goes on from the last version, as in "8.3.24.1, on the other 8.3.22.9".
    ///
    /// Outside its sentence only small numbers that agree in two parts do, for a network is a line of numbers
    /// as well.
    private func isOfSameLine(_ address: IPv4, at index: Int) -> Bool {
        let line = versionLine.first == address.first ? versionLine : earlierLine
        guard line.first == address.first else { return false }
        let isSmall = address.isSmall && address.first != 10
        if line.second == address.second { return isSmall || isInSentence(versionEnd, index) }
        return isSmall && isInSentence(versionEnd, index)
    }

    /// The first two numbers of a version.
    struct VersionLine: Equatable {
        var first = -1
        var second = -1
    }

    mutating func noteVersion(_ address: IPv4) {
        let line = VersionLine(first: address.first, second: address.second)
        if line != versionLine { earlierLine = versionLine }
        versionLine = line
    }

    /// Small numbers with words about software beside them: "9.2.0.1 crashes", "since 9.2.0.1".
    private func isSmallVersion(_ address: IPv4, _ word: Range<Int>) -> Bool {
        guard address.isSmall else { return false }
        if Self.softwareWords.contains(text, word) || Self.versionLeaders.contains(text, word) { return true }
        if text.hasWord("in", at: word.lowerBound), word.count == 2 {
            return Self.versionChanges.contains(text, wordBefore(word.lowerBound))
        }
        var end = address.end
        for _ in 0..<2 {
            let start = text.skip(from: end) { ASCII.isBlank($0) || $0 == ASCII.openParen }
            end = text.endOfWord(from: start, to: min(text.count, start + 24)) { _ in false }
            if Self.versionVerbs.contains(text, start..<end) { return true }
            guard Self.auxiliaries.contains(text, start..<end) else { return false }
        }
        return false
    }

    /// Whether no sentence or line ends between two places, which are no more than 160 bytes apart.
    private func isInSentence(_ start: Int, _ end: Int) -> Bool {
        guard start >= 0, start <= end, end - start <= 160 else { return false }
        return !(start..<end).contains {
            switch text[$0] {
            case ASCII.newline: true
            case ASCII.dot, ASCII.bang, ASCII.question: !ASCII.isAlphanumeric(text.peek($0 + 1))
            default: false
            }
        }
    }

    /// The word before the number, over a space and an opening bracket or a colon; empty at a line's start.
    private func wordBefore(_ index: Int) -> Range<Int> {
        let limit = max(floor, index - 4)
        var end = index
        while end > limit, !ASCII.isWord(text[end - 1]), !Self.endsClause(text[end - 1]) { end -= 1 }
        let start = text.skipBack(from: end, to: max(floor, end - 32)) {
            ASCII.isWord($0) || $0 == ASCII.dash
        }
        return start..<end
    }

    private static func endsClause(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.semicolon, ASCII.closeParen, ASCII.comma, ASCII.bang, ASCII.question, ASCII.pipe: true
        default: false
        }
    }

    /// "v1.2.3.4": reserved ranges are versions only then.
    private func isJoinedVersion(_ index: Int) -> Bool {
        ASCII.lower(text.peek(index - 1)) == 0x76
    }

    /// "4.1.3.2節", "10.2.3.4に更新".
    private func isBeforeVersionWord(_ end: Int) -> Bool {
        Self.versionFollowers.contains { text.hasWord($0, at: end) }
    }

    private func isAfterVersionWord(_ word: Range<Int>, of address: IPv4, at index: Int) -> Bool {
        if Self.versionWords.contains(text, word) { return !isRelease(of: word) }
        if address.first != 10, address.first < 100, isUpdate(word, before: address.end) { return true }
        if Self.versionEndings.contains(where: { text.hasWord($0, endingAt: word.upperBound) }) {
            return true
        }
        var current = word
        for _ in 0..<3 {
            guard Self.directionWords.contains(text, current) else { return false }
            let direction = current
            current = wordBefore(current.lowerBound)
            if Self.changeWords.contains(text, current) {
                return address.first != 10 || isVersionChange(current, direction)
            }
            if Self.versionWords.contains(text, current) { return true }
        }
        return false
    }

    /// A change of a version in the network 10.0.0.0/8: hosts migrate too, and an update comes from a server.
    private func isVersionChange(_ change: Range<Int>, _ direction: Range<Int>) -> Bool {
        !Self.moveWords.contains(text, change) && !Self.originWords.contains(text, direction)
    }

    /// Changes that addresses go through as well as programs.
    private static let moveWords = KeywordSet(
        "migrated migration wechsel umstellung passaggio cambio mudança passage przejściu overstap")

    private static let originWords = KeywordSet("from von de da van z с з من desde dal dalla från fra od")

    /// Words for software that also stand before the address of a machine that runs it.
    private static let softwareWords = KeywordSet(
        """
        client clients component components komponente engine tool tools installer program application applications \
        anwendung programm product produkt aplicativo applicazione application logiciel aplicación herramienta \
        ferramenta strumento toepassing aplikacja program composant componente product server
        """)

    /// Words before the number of a version that is known from the talk.
    private static let versionLeaders = KeywordSet(
        """
        new newer newest old older previous neue neuen neuer alte alten alter vorige nouvelle ancienne nueva antigua \
        nova antiga nuova vecchia nieuwe oude nowa stara since seit ab depuis desde vanaf sinds expected got erwartet \
        installed installiert attendu esperado nutzen verwenden
        """)

    /// Words with "in" before the number: "fixed in", "Neu in".
    private static let versionChanges = KeywordSet(
        "fixed new bug bugs broken introduced changed removed fehler neu behoben corrigé erreur error corregido erro "
            + "corrigido errore corretto fout opgelost błąd")

    /// Words behind the number, also after "is" or "does not".
    private static let versionVerbs = KeywordSet(
        """
        installed install release released update stable beta broken disabled crashes crashed works hangs worked \
        installiert veröffentlicht deaktiviert funktioniert abgestürzt hängt installé installée plante fonctionne désactivé \
        instalado instalada funciona falla desactivado trava desativado installato installata funziona disattivato \
        geïnstalleerd werkt crasht uitgeschakeld zainstalowana działa wyłączona
        """)

    private static let auxiliaries = KeywordSet("is was ist war est es é è jest does no non nie not")

    /// "versione modulo 3.0.0.27": one word between.
    private func isNamedVersion(_ word: Range<Int>) -> Bool {
        guard !word.isEmpty else { return false }
        let before = wordBefore(word.lowerBound)
        return text.hasWord("versi", at: before.lowerBound) && Self.versionWords.contains(text, before)
    }

    /// "DHCP release 85.1.2.3" gives an address back; "kernel: 85.1.2.3" is a line of a log.
    private func isRelease(of word: Range<Int>) -> Bool {
        if text.hasWord("kernel", at: word.lowerBound), text.peek(word.upperBound) == ASCII.colon {
            return true
        }
        let before = wordBefore(word.lowerBound)
        return text.hasWord("dhcp", at: before.lowerBound) || text.hasWord("lease", at: before.lowerBound)
    }

    /// "SQL Server 15.0.2.10": a word of the network that is a product's name here.
    private func isProductNoun(_ word: Range<Int>) -> Bool {
        guard text.hasWord("server", at: word.lowerBound) || text.hasWord("client", at: word.lowerBound)
        else {
            return false
        }
        let before = wordBefore(word.lowerBound)
        return Self.serverProducts.contains(text, before)
    }

    private static let serverProducts = KeywordSet(
        "sql exchange windows vpn mysql report terminal print citrix tomcat")

    private func hasPort(_ end: Int) -> Bool {
        switch text.peek(end) {
        case ASCII.colon, ASCII.percent: ASCII.isDigit(text.peek(end + 1))
        // "/24" is a prefix, "/9.2.0.2" another version.
        case ASCII.slash: ASCII.isDigit(text.peek(end + 1)) && readIPv4(from: end + 1) == nil
        default: false
        }
    }

    /// "FortiClient", "GlobalProtect", "macOS": a capital after a small letter.
    private func isCamelCase(_ word: Range<Int>) -> Bool {
        zip(word, word.dropFirst()).contains { ASCII.isLower(text[$0]) && ASCII.isUpper(text[$1]) }
    }

    /// Whether a word is written like a product's name, with a capital.
    private func isProduct(_ word: Range<Int>) -> Bool {
        guard let first = text[word].first else { return false }
        return ASCII.isUpper(first) && word.count > 1 && !Self.networkWords.contains(text, word)
            || isProductNoun(word)
    }

    /// Whether one of the three words before is one of the network's.
    private func hasNetworkNear(_ index: Int) -> Bool {
        var word = wordBefore(index)
        for _ in 0..<3 {
            if word.isEmpty { return false }
            if Self.networkWords.contains(text, word), !isProductNoun(word) { return true }
            word = wordBefore(word.lowerBound)
        }
        return false
    }
}
