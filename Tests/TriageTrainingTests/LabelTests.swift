import Foundation
import Testing
import TriageData
@testable import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

struct LabelTests {
    // MARK: - One label as it is read

    @Test(arguments: [
        "Zugriff ", "\u{A0}Zugriff", "\tZugriff\r", "\u{FEFF}Zugriff\u{200B}",
        "\u{3000}Zugriff\u{2060}\u{AD}",
        "Zugriff\u{202F}\u{200E}", "\u{2007} Zugriff\u{0}",
    ])
    func `white space and invisible characters around a label do not count`(text: String) {
        #expect(LabelText.read(text) == "Zugriff")
    }

    @Test func `a label is composed, and keeps what may be intended`() {
        let decomposed = LabelText.read("Sto\u{308}rung")
        #expect(Array(decomposed.utf8) == Array("St\u{F6}rung".utf8))
        for label in ["ＶＰＮ", "VPN  access", "C++", "-1", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️", "٣"] {
            #expect(LabelText.read(label).unicodeScalars.elementsEqual(label.unicodeScalars), "\(label)")
        }
        for empty in ["", " ", "\u{200B}\u{A0}", "\u{3164}\n"] { #expect(LabelText.read(empty).isEmpty) }
    }

    @Test(arguments: [
        ["Log-in", "login", "LOG IN", "log_in", "Log\u{200B}in", "ｌｏｇｉｎ", "log\u{2011}in", "Log – in"],
        ["2", "2.0", "02", "2,00", "+2", "２"], ["-2", "-2.0", "- 2"], ["1,000"], ["1.5", "1,50"],
        ["Straße", "STRASSE"], ["Stufe 1-2", "stufe_1 2"], ["Stufe 12"], ["A-", "a-"], ["A"], ["A+"], ["C#"],
        ["C"], ["In / Out", "in/out"], ["รหัส ผ่าน", "รหัสผ่าน"],
    ])
    func `forms of one label share a key, and other labels do not`(forms: [String]) {
        #expect(Set(forms.map(LabelText.form)).count == 1, "\(forms.map(LabelText.form))")
        let others = ["Log out", "3", "20", "1000", "15", "Stufe 1", "B", "D#", "In"]
        for other in others { #expect(LabelText.form(of: other) != LabelText.form(of: forms[0]), "\(other)") }
    }

    @Test func `different labels have different keys`() {
        let labels = [
            "2", "-2", "1,000", "1.5", "Stufe 1-2", "Stufe 12", "A-", "A", "A+", "C#", "C", "In/Out",
            "E-Mail",
        ]
        #expect(Set(labels.map(LabelText.form)).count == labels.count)
    }

    @Test(arguments: [
        ("a;b", LabelText.Shape.list), ("a | b", .list), (#"["a", "b"]"#, .list), ("['a','b']", .list),
        ("A::B", .path), ("A > B > C", .path), ("/A/B", .path), ("Mouse/Screen", .list),
        ("Screen, Mouse", .list),
    ])
    func `a label that looks like several is recognised`(label: String, shape: LabelText.Shape) {
        #expect(LabelText.shape(of: label) { ["Mouse", "Screen"].contains($0) } == shape)
    }

    @Test(arguments: [
        "Input/Output", "R&D", "Rooms, desks", "C++", #"["a"]"#, "a:b", ">5", "n/a", "[VIP] Mouse",
    ])
    func `a sign within one label is no separator`(label: String) {
        #expect(LabelText.shape(of: label) { ["Mouse", "Screen"].contains($0) } == nil)
    }

    // MARK: - Labels of a training set

    /// A training set of rows "label,id" whose texts differ.
    private func set(
        _ rows: [(label: String, id: String)], joined: Bool = false, outOfScope: String? = nil,
        corrections: String? = nil
    ) throws -> TrainingSet {
        let lines = rows.enumerated().map { number, row in
            JSONWriter.line { json in
                json.string("id", row.id)
                json.string("text", "the ticket with number \(number)")
                json.string("category", row.label)
            }
        }
        let path = try SmallSet.write(lines.joined(separator: "\n"))
        let fixes = try corrections.map(SmallSet.write)
        defer {
            for path in [path, fixes].compactMap(\.self) { try? FileManager.default.removeItem(atPath: path) }
        }
        var columns = TrainingSet.Columns(labels: ["category"], outOfScopeLabel: outOfScope)
        columns.joinsLabelForms = joined
        return try TrainingSet(
            files: [path], columns: columns, preparation: TextPreparation(),
            corrections: fixes.map { try LabelCorrections(files: [$0], columns: columns) })
    }

    private func set(_ labels: [String], joined: Bool = false, outOfScope: String? = nil) throws
        -> TrainingSet
    {
        try set(
            labels.enumerated().map { ($1, "t\($0)") }, joined: joined, outOfScope: outOfScope)
    }

    private func labels(_ set: TrainingSet) -> [String?] {
        set.examples.map { $0.labels[0].map { set.labelSets[0][$0] } }
    }

    @Test func `spaces and composition do not make labels`() throws {
        let set = try set(["Büro", "Bu\u{308}ro ", "\u{A0}Büro", "Netz", "Netz\u{200B}", " ", "\u{FEFF}"])
        #expect(set.labelSets == [["Büro", "Netz"]])
        #expect(set.unlabelled == 2)
        #expect(set.labelNotes[0].lines == ["category: 2 rows without a label"])
    }

    @Test func `forms are named with their rows, and joined only on request`() throws {
        let rows = ["Netz", "netz", "Netz", "NETZ", "E-Mail", "e mail", "Tür", "Tür"]
        let apart = try set(rows)
        #expect(apart.labelSets[0].count == 6)
        #expect(
            apart.labelNotes[0].lines.first
                == "category: label forms: Netz 2, NETZ 1, netz 1; E-Mail 1, e mail 1: one label each? "
                + "--merge-labels joins them and leaves 3 labels")
        let joined = try set(rows, joined: true)
        #expect(labels(joined) == ["Netz", "Netz", "Netz", "Netz", "E-Mail", "E-Mail", "Tür", "Tür"])
        #expect(
            joined.labelNotes[0].lines == [
                "category: label forms joined, each into the first: Netz 2, NETZ 1, netz 1; E-Mail 1, e mail 1"
            ])
    }

    @Test func `numbers of JSON and of text are one label when joined`() throws {
        let path = try SmallSet.write(
            [#""1""#, "1", "1.0", #""01""#, "2", #""2.0""#].enumerated().map {
                #"{"text":"ticket \#($0)","priority":\#($1)}"#
            }.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var columns = TrainingSet.Columns(labels: ["priority"])
        columns.joinsLabelForms = true
        let set = try TrainingSet(files: [path], columns: columns, preparation: TextPreparation())
        #expect(set.labelSets == [["1", "2"]])
        #expect(set.examples.map { $0.labels[0] } == [0, 0, 0, 0, 1, 1])
    }

    @Test func `the out-of-scope label is read as the others are`() throws {
        let rows = ["A", "B", "oos ", "OOS"]
        #expect(try set(rows, outOfScope: " oos").examples.map(\.outside) == [[], [], [0], []])
        #expect(try set(rows, joined: true, outOfScope: "oos").examples.map(\.outside) == [[], [], [0], [0]])
    }

    @Test func `words for an empty cell, single rows, lists and paths are pointed out`() throws {
        let set = try set(
            ["A", "A", "B", "NULL", "NULL", "-", "A;B", "A/B", "IT > Netz", "IT > Netz", "C/D"])
        let lines = set.labelNotes[0].lines
        #expect(
            lines.contains {
                $0.hasPrefix("category: words for an empty cell: NULL 2, - 1: learned as labels")
            }, "\(lines)")
        #expect(
            lines.contains { $0.hasPrefix("category: 4 labels with one row: A/B, A;B, B, C/D;") },
            "\(lines)")
        #expect(
            lines.contains {
                $0.hasPrefix("category: 2 labels look like several labels at once: A/B 1, A;B 1;")
            },
            "\(lines)")
        #expect(
            lines.contains { $0.hasPrefix("category: 1 label looks like a path: IT > Netz 2;") }, "\(lines)")
    }

    @Test func `a list names ten labels, and masks and cuts what may be a text`() throws {
        let texts = (0..<14).map {
            "please write to ann\($0)@example.org about the broken door of room \($0)"
        }
        let lines = try set(texts + ["A", "A"]).labelNotes[0].lines
        #expect(lines.count == 1 && lines[0].contains("14 labels with one row: "))
        #expect(lines[0].contains(" and 4 more; ") && !lines[0].contains("@example"))
    }

    @Test func `labels in order give no lines`() throws {
        #expect(try set(["A", "B", "A", "B"]).labelNotes[0].lines == [])
    }

    // MARK: - Duplicates and corrections

    @Test func `rows of one id are compared`() throws {
        let lines = [
            #"{"id":"7","text":"door","category":"A"}"#, #"{"id":"7","text":"door","category":"A"}"#,
            #"{"id":8,"text":"roof","category":"A"}"#, #"{"id":"8","text":"roof","category":"B"}"#,
            #"{"id":"9","text":"door","category":"A"}"#, #"{"text":"door","category":"A"}"#,
            #"{"id":"10","text":"x","category":"B"}"#, #"{"id":"10","text":"y","category":"B"}"#,
        ]
        let path = try SmallSet.write(lines.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let set = try TrainingSet(
            files: [path], columns: .init(labels: ["category"]), preparation: TextPreparation())
        let duplicates = DuplicateRows(set)
        #expect(duplicates.repeated == 1)
        #expect(duplicates.contradicting == ["8"])
        #expect(duplicates.lines.count == 2)
    }

    @Test func `a correction wins over the data, adds a ticket with text, and names unknown ids`() throws {
        let fixes = """
            {"id":"t0","category":" B "}
            {"id":"t1","category":"A"}
            {"id":"t2","category":""}
            {"id":"new","text":"a ticket that no export has","category":"C"}
            {"id":"lost","category":"C"}
            {"id":"t3","category":"A"}
            {"id":"t3","category":"C"}
            """
        let set = try set(
            ["A", "A", "A", "B"].enumerated().map { ($1, "t\($0)") }, corrections: fixes)
        #expect(labels(set) == ["B", "A", "A", "C", "C"])
        #expect(set.added == 0)
        let lines = try #require(set.corrections?.lines)
        #expect(lines[0] == "corrections: 2 labels changed, 1 confirmed, 1 row added")
        #expect(lines[1].hasPrefix("corrections: 1 id in no row and without a text: lost;"))
        #expect(lines[2].hasPrefix("corrections: 1 id with several rows: t3;"))
    }

    @Test func `corrections without an id or a label are refused`() throws {
        for (text, part) in [
            (#"{"text":"x","category":"A"}"#, "has a label and no id"), (#"{"id":"t0"}"#, "no row has"),
        ] {
            let path = try SmallSet.write(text)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let error = #expect(throws: (any Error).self) {
                try LabelCorrections(files: [path], columns: .init(labels: ["category"]))
            }
            #expect((error as? any DescribedError)?.description.contains(part) == true)
        }
    }

    // MARK: - Bundles

    /// A model of rows whose label follows their words.
    private func bundle(_ forms: [String], joined: Bool) throws -> ModelBundle {
        let words = ["password login locked", "invoice refund charged"]
        let rows = (0..<24).map { row in
            (#"{"text":"\#(words[row % 2]) number \#(row)","category":"\#(row % 2 == 0 ? "Bug" : forms[row / 2 % forms.count])"}"#)
        }
        let path = try SmallSet.write(rows.joined(separator: "\n"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var columns = TrainingSet.Columns(labels: ["category"])
        columns.joinsLabelForms = joined
        let set = try TrainingSet(files: [path], columns: columns, preparation: TextPreparation())
        var options = TrainingOptions()
        options.fixedHyperparameters = TrainingOptions.documentedHyperparameters
        let trained = try Trainer(options, embedding: nil, workers: Workers(1)).train(set)
        let files = trained.files.map { ($0.name, MappedBytes(copying: $0.bytes)) }
        return try ModelBundle(
            files: Dictionary(uniqueKeysWithValues: files), directory: "m"
        ) { (_) throws(ModelError) in throw .noBundle(searched: []) }
    }

    @Test func `a bundle of joined forms knows the other forms, and another one suggests them`() throws {
        let joined = try bundle(["Fee", "fee", "Fee"], joined: true)
        #expect(joined.heads[0].labels.names == ["Bug", "Fee"])
        #expect(try joined.label("FEE", of: "category") == "Fee")
        let apart = try bundle(["Fee"], joined: false)
        #expect(try apart.label(" Fee\u{A0}", of: "category") == "Fee")
        #expect(throws: UnknownLabel(label: "FEE", labels: ["Bug", "Fee"], nearest: "Fee")) {
            try apart.label("FEE", of: "category")
        }
        #expect(try apart.label(" x ", of: "other") == "x")
    }

    @Test func `the labels of an older bundle are compared by the same reading`() {
        let labels = LabelSet(["Fee ", "Bug"])
        #expect(labels.index(reading: "Fee") == 1 && labels.index(reading: "Fee ") == 1)
        #expect(labels.spelling(of: "\u{A0}Fee") == "Fee ")
        #expect(labels.index(reading: "fee") == nil && labels.index(reading: " ") == nil)
        #expect(LabelSet(["Fee", "Fee "]).index(reading: "Fee ") == 1)
    }

    @Test func `a label mix and costs are read like labels`() throws {
        let path = try SmallSet.write(#"{"f": {" A": 3, "B\u00a0": 1}}"#)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let mix = try ClassPriorsFile(path: path).mix(of: "f", labels: ["A", "B"])
        #expect(mix?.shares == [0.75, 0.25])
        let json = JSONValue(parsing: Array(#"{"review":1,"mistake":2,"mistakes":{" A":{"B ":9}}}"#.utf8))
        let costs = try CostMatrix(json, labels: ["A", "B"], path: "c")
        #expect(costs.cost(gold: 0, predicted: 1) == 9)
    }
}
