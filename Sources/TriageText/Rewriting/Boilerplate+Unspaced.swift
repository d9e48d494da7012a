/// Signs of boilerplate in Chinese and Japanese, which write no spaces between words.
extension Boilerplate {
    /// Reads pairs of characters, and whether the line is that of a mail program on a phone.
    mutating func readUnspaced(_ bytes: [UInt8], _ range: Range<Int>) {
        isUnspacedProgramLine = lines == 1 && Self.isProgramLine(bytes, range)
        var index = range.lowerBound
        while index + 6 <= range.upperBound {
            guard 0xE3...0xE9 ~= bytes[index] else {
                index += 1
                continue
            }
            if let found = MailVocabulary.unspacedPairs[Self.key(bytes, index)] { add(found) }
            index += 3
        }
    }

    /// "iPhoneから送信", "发自我的iPhone".
    private static func isProgramLine(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count <= 72 else { return false }
        let (start, end) = (range.lowerBound, range.upperBound)
        if bytes.hasWord("发自我的", at: start) || bytes.hasWord("發自我的", at: start) { return true }
        guard bytes[range].contains(where: ASCII.isLetter) else { return false }
        if bytes.hasWord("から送信", endingAt: end) || bytes.hasWord("から送信されました", endingAt: end) { return true }
        let isTraditional = bytes.hasWord("從我的", at: start) || bytes.hasWord("从我的", at: start)
        return isTraditional && (bytes.hasWord("傳送", endingAt: end) || bytes.hasWord("发送", endingAt: end))
    }

    private static func key(_ bytes: [UInt8], _ index: Int) -> UInt64 {
        bytes[index..<index + 6].reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension MailVocabulary {
    /// The feature that each pair of characters shows; `.this` and `.message` together mean "this mail".
    static let unspacedPairs: [UInt64: MailFeature] = {
        let rows: [(MailFeature, String)] = [
            (.message, "邮件 郵件 メー 信件"),
            ([.this, .message], "本邮 本郵 此邮 此郵 のメ 本メ 当メ"),
            (.confidential, "保密 机密 機密 秘密 内密"),
            (.recipient, "收件 受信 宛先 宛て 名宛"),
            (.intended, "仅限 僅限 のみ 专供 專供 仅供 僅供"),
            (.mistake, "错收 误收 誤收 误发 誤送 誤っ 誤配"),
            (.notify, "通知 告知 連絡"),
            (.delete, "删除 刪除 削除 破棄 销毁 銷毀"),
            (.prohibited, "禁止 严禁 嚴禁 禁じ"),
            (.spread, "转发 轉發 复制 複製 開示 複写 披露 傳播 传播 泄露 洩露 漏洩"),
            (.sender, "发件 寄件 送信"),
            (.liability, "责任 責任"),
        ]
        var pairs: [UInt64: MailFeature] = [:]
        for (feature, words) in rows {
            for word in words.split(separator: " ") {
                pairs[word.utf8.reduce(0) { $0 << 8 | UInt64($1) }, default: []].formUnion(feature)
            }
        }
        return pairs
    }()
}
