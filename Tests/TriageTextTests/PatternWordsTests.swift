import Foundation
import Testing
import TriageText

/// What patterns and the filter of rare words read, held against `PlainWords`.
struct PatternWordsTests {
    @Test(
        arguments: [
            "smoke|burn* + server|(meeting|copy) room ~2", "L'Écran|écran d'accueil + heiß|MÜSSEN*",
            "d'|c'est",
            "<de-no> + can't open|it's_x9", "verschlüsselungstrojaner*|Kapselhersteller",
            "… «qué»|不能|e\u{301}cran",
            "",
        ])
    func `words and symbols are those of PlainWords`(text: String) {
        let plain = PlainWords(text, keepingSymbols: true)
        let words = PatternWords(Array(text.utf8))
        #expect(words.list.map(\.hash) == plain.list.map(\.hash))
        #expect(words.list.map(\.symbol) == plain.list.map(\.symbol))
        let (read, expected) = (words.list.filter { $0.symbol == 0 }, plain.list.filter { $0.symbol == 0 })
        #expect(read.map(\.beginning) == expected.map(\.beginning))
        #expect(read.map(\.letters) == expected.map(\.firstLetters))
    }

    @Test(arguments: ["ﬁre ＡＬＡＲＭ ｎｏ １２", "ofﬁce ﬂoor ﬀ ﬃ"])
    func `ligatures and letters of full width are plain ones`(text: String) {
        let expected = PlainWords(text.precomposedStringWithCompatibilityMapping)
        #expect(PlainWords(text).list.map(\.hash) == expected.list.map(\.hash))
        var filter = WordFilter()
        for word in expected.list { filter.insert(word.hash) }
        #expect(filter.fields(of: Words(Array(text.utf8))).body)
    }

    @Test func `umlauts have another spelling`() {
        let words = PatternWords(Array("kein Gerät läuft".utf8))
        #expect(words.list.map(\.spelling) == [-1, 0, 1])
        #expect(words.spellings.map(\.hash) == PlainWords("geraet laeuft").list.map(\.hash))
    }

    @Test(
        arguments: [
            ("a fire in here", true), ("l'incendie", true), ("INCENDIE!", true),
            ("Verschlüsselte Daten", true),
            ("the whole, office", true), ("office whole", false), ("wholesale", false), ("", false),
            ("it's", false),
        ])
    func `the filter knows words, pairs and beginnings in any spelling`(text: String, isThere: Bool) {
        var filter = WordFilter()
        let words = PlainWords("fire incendie whole office verschlusseln").list
        filter.insert(words[0].hash)
        filter.insert(words[1].hash)
        filter.insert(words[2].hash, words[3].hash)
        filter.insert(beginning: words[4].firstLetters, count: 8)
        let fields = filter.fields(of: Words(Array(text.utf8)))
        #expect(fields.body == isThere && !fields.subject)
    }
}
