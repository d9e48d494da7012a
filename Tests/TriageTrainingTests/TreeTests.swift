import Foundation
import Testing
import TriageData
@testable import TriageModel
import TriageNumerics
import TriageText
import TriageTickets

@testable import TriageTraining

/// Tickets of a small tree: two areas of three kinds each, and one kind without a parent.
enum TreeSet {
    static let words: [(area: String, kind: String, words: [String])] = [
        ("Network", "VPN", ["tunnel", "vpn", "gateway", "client"]),
        ("Network", "WLAN", ["wireless", "wlan", "antenna", "signal"]),
        ("Network", "DNS", ["resolver", "dns", "lookup", "zone"]),
        ("Hardware", "Laptop", ["battery", "lid", "keyboard", "fan"]),
        ("Hardware", "Printer", ["toner", "paper", "tray", "drum"]),
        ("Hardware", "Screen", ["pixel", "display", "flicker", "stand"]),
        ("Other", "", ["parking", "canteen", "badge", "desk"]),
    ]

    /// Twelve rows a kind; `row` writes the labels of an area and a kind as members of a JSON object.
    static func lines(_ row: (String, String) -> String) -> String {
        var generator = SplitMix64(seed: 3)
        var lines: [String] = []
        for (area, kind, list) in words {
            for _ in 0..<12 {
                let text = (0..<4).map { _ in list[generator.below(list.count)] }.joined(separator: " ")
                lines.append(
                    "{\"text\":\"\(text) \(area == "Other" ? "" : area) n\(generator.below(999))\",\(row(area, kind))}"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    static let columns = lines { #""area":"\#($0)","kind":"\#($1)""# }

    static func paths(_ sign: String) -> String {
        lines { "\"queue\":\"\($1.isEmpty ? $0 : $0 + sign + $1)\"" }
    }

    static func set(_ text: String, _ columns: TrainingSet.Columns) throws -> TrainingSet {
        let path = try SmallSet.write(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try TrainingSet(files: [path], columns: columns, preparation: TextPreparation())
    }

    static func twoColumns() throws -> TrainingSet {
        var columns = TrainingSet.Columns(labels: ["area"])
        columns.shapes.trees = ["area": ["area", "kind"]]
        return try set(TreeSet.columns, columns)
    }
}

struct TreeTests {
    // MARK: - Which labels are paths

    @Test(arguments: [
        (["Net::VPN", "Net::DNS", "PC::Fan", "PC::Lid", "Other"], "::"),
        (["Net > VPN", "Net > DNS", "PC > Fan", "PC > Lid"], " > "),
        (["Net>VPN", "Net>DNS", "PC>Fan", "PC > Lid"], ">"),
        (["Net / VPN", "Net / DNS", "PC / Fan", "PC / Lid"], " / "),
        (["Net/VPN", "Net/DNS", "PC/Fan", "PC/Lid"], "/"),
        ([#"Net\VPN"#, #"Net\DNS"#, #"PC\Fan"#, #"PC\Lid"#], #"\"#),
        (["Netz » VPN", "Netz » DNS", "PC » Lüfter", "PC » Deckel"], " » "),
        (["A::B::C", "A::B::D", "E::F::G", "E::F::H"], "::"),
    ])
    func `paths are found by their sign`(labels: [String], separator: String) {
        #expect(LabelPath.find(in: labels.map { ($0, 3) })?.separator == separator)
    }

    @Test(arguments: [
        ["Login", "Billing", "Bug"], ["TCP/IP", "I/O", "Printer", "Mail"], ["Yes / No", "Maybe"],
        ["C++::", "::C", "a>", "b>"], ["A::B", "C::D", "E::F"], ["Net::VPN", "Net::DNS"],
        ["Incoming/Outgoing", "In/Out", "On/Off", "Up/Down"], [],
    ])
    func `other labels are no paths`(labels: [String]) {
        #expect(LabelPath.find(in: labels.map { ($0, 3) }) == nil)
    }

    @Test func `a column of paths is a tree, and its labels stay as they are spelled`() throws {
        for sign in ["::", " > ", "/"] {
            let set = try TreeSet.set(TreeSet.paths(sign), .init(labels: ["queue"]))
            #expect(set.trees[0]?.paths.separator == sign)
            #expect(set.labelSets[0].contains("Network\(sign)VPN") && set.labelSets[0].contains("Other"))
        }
        var columns = TrainingSet.Columns(labels: ["queue"])
        columns.shapes.findsPaths = false
        #expect(try TreeSet.set(TreeSet.paths("::"), columns).trees == [nil])
    }

    @Test func `spellings of one path are one label, the commonest`() throws {
        let text =
            TreeSet.paths("::")
            + "\n{\"text\":\"vpn tunnel\",\"queue\":\"Network :: VPN\"}\n{\"text\":\"vpn gateway\",\"queue\":\"::Network::VPN::\"}"
        let set = try TreeSet.set(text, .init(labels: ["queue"]))
        #expect(set.labelSets[0].count == 7)
        #expect(set.labelSets[0].filter { $0.contains("VPN") } == ["Network::VPN"])
    }

    @Test func `two columns are one path, and a gap in it is a bad row`() throws {
        var columns = TrainingSet.Columns(labels: ["area"], outOfScopeLabel: "none")
        columns.shapes.trees = ["area": ["area", "kind"]]
        let more = [
            #"{"text":"no parent","area":"","kind":"VPN"}"#,
            #"{"text":"a whole path","area":"Network > VPN"}"#,
            #"{"text":"outside","area":"none","kind":"none"}"#,
        ]
        let set = try TreeSet.set(TreeSet.columns + "\n" + more.joined(separator: "\n"), columns)
        #expect(set.labelSets[0].count == 7 && set.labelSets[0].contains("Hardware > Printer"))
        #expect(set.trees[0] == FieldTree(paths: LabelPath(separator: " > "), columns: ["area", "kind"]))
        #expect(set.faults.count == 1)
        #expect(set.faults[0].row.message.contains(#"it has a value of "kind" and none of "area""#))
        #expect(set.examples.count { $0.outside == [0] } == 1)
    }

    @Test func `a sign that a part has is not the separator`() throws {
        let text = TreeSet.columns.replacingOccurrences(of: "\"Network\"", with: "\"Net > Work\"")
        var columns = TrainingSet.Columns(labels: ["area"])
        columns.shapes.trees = ["area": ["area", "kind"]]
        let set = try TreeSet.set(text, columns)
        #expect(set.trees[0]?.paths.separator == " >> ")
        #expect(set.labelSets[0].contains("Net > Work >> VPN"))
    }

    // MARK: - The tree

    @Test func `a label above others is a node of its own below`() {
        let labels = ["Net", "Net::DNS", "Net::VPN::IPsec", "Net::VPN::TLS", "Other"]
        let tree = LabelTree(labels, paths: LabelPath(separator: "::"))
        #expect(tree.depth == 3)
        #expect(tree.depths[0].names == ["Net", "Other"] && tree.depths[0].nodes == [0, 0, 0, 0, 1])
        #expect(tree.depths[1].names == ["Net", "Net::DNS", "Net::VPN", "Other"])
        #expect(tree.depths[1].isLabel == [true, true, false, true])
        let sums = tree.sums([0.1, 0.2, 0.3, 0.15, 0.25], depth: 0)
        #expect(abs(sums[0] - 0.75) < 1e-6 && abs(sums[1] - 0.25) < 1e-6)
        #expect(tree.node(reading: "Net :: VPN").map(tree.labels) == [2, 3])
        #expect(tree.node(reading: "Other") == nil && tree.node(reading: "Net::VPN::TLS") == nil)
    }

    @Test func `a tree is stored, and its weights are those of the flat labels`() throws {
        let trained = try Trainer(TrainingOptions(), embedding: nil, workers: Workers(1)).train(
            TreeSet.twoColumns())
        let head = trained.manifest.heads[0]
        #expect(head.tree?.columns == ["area", "kind"] && head.tree?.levels.count == 1)
        let level = try #require(head.tree?.levels.first)
        #expect(level.accuracy ?? 0 >= head.metrics["held_out_accuracy"] ?? 1)
        let bundle = try SmallSet.load(trained)
        #expect(bundle.heads[0].heldOutNodes.map(\.count) == [bundle.heads[0].heldOut?.count])

        var columns = TrainingSet.Columns(labels: ["queue"])
        columns.shapes.findsPaths = false
        let flat = try Trainer(TrainingOptions(), embedding: nil, workers: Workers(1)).train(
            TreeSet.set(TreeSet.paths(" > "), columns))
        let other = try SmallSet.load(flat)
        #expect(flat.manifest.heads[0].tree == nil)
        #expect(bundle.heads[0].labels.names == other.heads[0].labels.names)
        #expect(bundle.layer.bias.array == other.layer.bias.array)
        #expect(bundle.layer.columnScale.array == other.layer.columnScale.array)
        func weights(_ layer: LinearLayer) -> [Float] {
            (0..<20).flatMap { row in
                (0..<7).map { layer.weight(layer.words, row: row, column: $0) }
            }
        }
        #expect(weights(bundle.layer) == weights(other.layer))
    }

    @Test func `tuning solves each depth anew`() throws {
        let trained = try Trainer(TrainingOptions(), embedding: nil, workers: Workers(1)).train(
            TreeSet.twoColumns())
        let bundle = try SmallSet.load(trained)
        var manifest = bundle.manifest.heads[0]
        var change = ThresholdChange()
        change.target = AutoTarget(parsing: "coverage=0.5")
        change.suggest = 0.25
        let lines = try change.apply(to: &manifest, of: bundle.heads[0])
        let level = try #require(manifest.tree?.levels[0])
        #expect(level.threshold == 0.25 && level.auto?.target == "coverage=0.5")
        #expect(lines.contains { $0.hasPrefix("area, depth 1: ") })
        #expect(level.auto != bundle.manifest.heads[0].tree?.levels[0].auto)
    }

    @Test func `a manifest whose tree lacks a depth is refused`() throws {
        let trained = try Trainer(TrainingOptions(), embedding: nil, workers: Workers(1)).train(
            TreeSet.twoColumns())
        var head = trained.manifest.heads[0]
        #expect(head.hasSoundTree)
        head.tree?.levels = []
        #expect(!head.hasSoundTree)
        head.tree = nil
        #expect(head.hasSoundTree)
    }
}
