/// A character written as "&name;", "&#123;" or "&#x7B;".
struct HTMLEntity {
    /// The character; a plain space for the no-break space, since only words matter here.
    var scalar: Unicode.Scalar
    var end: Int

    private static let maximumNameBytes = 8

    /// The common names with their characters.
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ensp": " ", "emsp": " ",
        "thinsp": " ", "shy": "\u{AD}", "ndash": "–", "mdash": "—", "hellip": "…", "bull": "•", "middot": "·",
        "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "laquo": "«",
        "raquo": "»",
        "lsaquo": "‹", "rsaquo": "›", "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "sect": "§",
        "para": "¶",
        "copy": "©", "reg": "®", "trade": "™", "deg": "°", "plusmn": "±", "micro": "µ", "times": "×",
        "divide": "÷",
        "frac12": "½", "frac14": "¼", "frac34": "¾", "iexcl": "¡", "iquest": "¿", "ordf": "ª", "ordm": "º",
        "larr": "←", "rarr": "→", "uarr": "↑", "darr": "↓", "harr": "↔", "rArr": "⇒", "lArr": "⇐", "le": "≤",
        "ge": "≥",
        "ne": "≠", "check": "✓", "zwnj": "\u{200C}", "zwj": "\u{200D}", "not": "¬", "sup2": "²", "sup3": "³",
        "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "auml": "ä", "ouml": "ö", "uuml": "ü", "szlig": "ß",
        "Agrave": "À",
        "Aacute": "Á", "Acirc": "Â", "Atilde": "Ã", "Aring": "Å", "AElig": "Æ", "Ccedil": "Ç", "Egrave": "È",
        "Eacute": "É", "Ecirc": "Ê", "Euml": "Ë", "Iacute": "Í", "Icirc": "Î", "Iuml": "Ï", "Ntilde": "Ñ",
        "Oacute": "Ó",
        "Ocirc": "Ô", "Otilde": "Õ", "Oslash": "Ø", "Uacute": "Ú", "Ucirc": "Û", "agrave": "à", "aacute": "á",
        "acirc": "â", "atilde": "ã", "aring": "å", "aelig": "æ", "ccedil": "ç", "egrave": "è", "eacute": "é",
        "ecirc": "ê", "euml": "ë", "igrave": "ì", "iacute": "í", "icirc": "î", "iuml": "ï", "ntilde": "ñ",
        "ograve": "ò",
        "oacute": "ó", "ocirc": "ô", "otilde": "õ", "oslash": "ø", "ugrave": "ù", "uacute": "ú", "ucirc": "û",
        "oelig": "œ", "OElig": "Œ", "yuml": "ÿ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ",
        "Yacute": "Ý", "yacute": "ý", "ETH": "Ð", "eth": "ð", "THORN": "Þ", "thorn": "þ", "acute": "´",
        "cedil": "¸", "uml": "¨", "macr": "¯", "curren": "¤", "brvbar": "¦", "sup1": "¹", "fnof": "ƒ",
        "circ": "ˆ", "tilde": "˜", "dagger": "†", "Dagger": "‡", "permil": "‰", "prime": "′", "Prime": "″",
        "minus": "−", "infin": "∞", "asymp": "≈", "equiv": "≡", "lrm": "\u{200E}", "rlm": "\u{200F}",
        "hairsp": " ", "numsp": " ", "puncsp": " ", "NewLine": "\n", "Tab": "\t", "excl": "!", "num": "#",
        "dollar": "$", "percnt": "%", "lpar": "(", "rpar": ")", "ast": "*", "plus": "+", "comma": ",",
        "period": ".", "sol": "/", "colon": ":", "semi": ";", "equals": "=", "quest": "?", "commat": "@",
        "lsqb": "[", "bsol": "\\", "rsqb": "]", "lowbar": "_", "grave": "`", "lcub": "{", "verbar": "|",
        "rcub": "}", "hyphen": "‐", "dash": "‐", "horbar": "―",
        // Letters of Polish, Czech, Slovak, Hungarian, Romanian, Turkish and their neighbours.
        "Aogon": "Ą", "aogon": "ą", "Cacute": "Ć", "cacute": "ć", "Eogon": "Ę", "eogon": "ę", "Lstrok": "Ł",
        "lstrok": "ł", "Nacute": "Ń", "nacute": "ń", "Sacute": "Ś", "sacute": "ś", "Zacute": "Ź",
        "zacute": "ź", "Zdot": "Ż", "zdot": "ż", "Ccaron": "Č", "ccaron": "č", "Dcaron": "Ď", "dcaron": "ď",
        "Ecaron": "Ě", "ecaron": "ě", "Ncaron": "Ň", "ncaron": "ň", "Rcaron": "Ř", "rcaron": "ř",
        "Tcaron": "Ť", "tcaron": "ť", "Uring": "Ů", "uring": "ů", "Zcaron": "Ž", "zcaron": "ž",
        "Lcaron": "Ľ", "lcaron": "ľ", "Odblac": "Ő", "odblac": "ő", "Udblac": "Ű", "udblac": "ű",
        "Abreve": "Ă", "abreve": "ă", "Gbreve": "Ğ", "gbreve": "ğ", "Idot": "İ", "imath": "ı", "inodot": "ı",
        "Scedil": "Ş", "scedil": "ş", "Tcedil": "Ţ", "tcedil": "ţ", "Dstrok": "Đ", "dstrok": "đ",
        "Amacr": "Ā", "amacr": "ā", "Emacr": "Ē", "emacr": "ē", "Imacr": "Ī", "imacr": "ī", "Umacr": "Ū",
        "umacr": "ū",
    ]

    /// What the numbers 128 to 159 mean by HTML's rules: the characters of code page 1252.
    private static let codePage1252: [Unicode.Scalar] = [
        "€", "\u{FFFD}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{FFFD}", "Ž", "\u{FFFD}",
        "\u{FFFD}",
        "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{FFFD}", "ž", "Ÿ",
    ]

    /// The character in UTF-8.
    var utf8: Unicode.UTF8.EncodedScalar { Scalars.utf8(scalar.value) }

    /// Reads the entity at the "&" at `index`, semicolon included; nil if it is none.
    init?(_ bytes: [UInt8], at index: Int) {
        let isNumber = bytes.peek(index + 1) == ASCII.hash
        guard let read = isNumber ? Self.number(bytes, at: index + 2) : Self.name(bytes, at: index + 1) else {
            return nil
        }
        (scalar, end) = read
    }

    private static func name(_ bytes: [UInt8], at start: Int) -> (Unicode.Scalar, Int)? {
        var position = start
        while position - start <= maximumNameBytes, ASCII.isAlphanumeric(bytes.peek(position)) {
            position += 1
        }
        guard position > start, bytes.peek(position) == ASCII.semicolon else { return nil }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        return named[name].map { ($0, position + 1) }
    }

    private static func number(_ bytes: [UInt8], at start: Int) -> (Unicode.Scalar, Int)? {
        let isHex = bytes.peek(start) | 0x20 == 0x78
        let first = isHex ? start + 1 : start
        var position = first
        var value: UInt32 = 0
        while position - first < 8,
            isHex ? ASCII.isHex(bytes.peek(position)) : ASCII.isDigit(bytes.peek(position))
        {
            let byte = ASCII.lower(bytes[position])
            let digit = UInt32(ASCII.isDigit(byte) ? byte &- ASCII.zero : byte &- 0x57)
            value = min(value, 0x10_FFFF) * (isHex ? 16 : 10) + digit
            position += 1
        }
        guard position > first, bytes.peek(position) == ASCII.semicolon else { return nil }
        return (character(value), position + 1)
    }

    private static func character(_ value: UInt32) -> Unicode.Scalar {
        switch value {
        case 9, 10: Unicode.Scalar(UInt8(value))
        case 0: "\u{FFFD}"
        case 1...31, 127, 160: " "
        case 128...159: codePage1252[Int(value) - 128]
        default: Unicode.Scalar(value) ?? "\u{FFFD}"
        }
    }
}
