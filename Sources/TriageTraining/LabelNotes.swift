internal import TriageData
internal import TriageText
internal import TriageTickets

/// What a person should look at among the labels of one field.
package struct LabelNotes: Sendable {
    private let field: String
    private let forms: LabelForms
    private let areJoined: Bool
    /// Rows with text and no label in this field.
    package let unlabelled: Int
    /// Labels that exports write for an empty cell.
    private let nullWords: [LabelForms.Count]
    /// Labels of a single row.
    private let single: [LabelForms.Count]
    /// Labels that look like several at once.
    private let lists: [LabelForms.Count]
    /// Labels that look like paths in a tree.
    private let paths: [LabelForms.Count]

    private let shape: Shape

    /// What the labels of a field are.
    enum Shape: Sendable {
        case labels, paths, tags
    }

    private static let listed = 10

    init(field: String, _ forms: LabelForms, areJoined: Bool, unlabelled: Int, shape: Shape = .labels) {
        (self.field, self.forms, self.areJoined, self.unlabelled) = (field, forms, areJoined, unlabelled)
        let labels = areJoined ? forms.joined : forms.counts
        let known = Set(labels.map { LabelText.form(of: $0.label) })
        func have(_ shape: LabelText.Shape) -> [LabelForms.Count] {
            labels.filter { count in
                shape == LabelText.shape(of: count.label) { known.contains(LabelText.form(of: $0)) }
            }
        }
        nullWords = labels.filter { LabelText.isNullWord($0.label) }
        // Forms and words for an empty cell have lines of their own.
        let others = Set(
            (areJoined ? [] : Array(forms.groups.joined())).map(\.label) + nullWords.map(\.label))
        single = labels.filter { $0.rows == 1 && !others.contains($0.label) }
        // The parts of paths and tags are known, so that their signs mean nothing else.
        (lists, paths) = shape == .labels ? (have(.list), have(.path)) : ([], [])
        self.shape = shape
    }
}

// MARK: - For people

extension LabelNotes {
    /// A line for each thing; empty when there is nothing to say.
    package var lines: [String] {
        let found = [emptyLine, formsLine, nullLine, singleLine, listLine, pathLine]
        return found.compactMap(\.self).map { "\(field): \($0)" }
    }

    private var emptyLine: String? {
        unlabelled == 0 ? nil : "\(unlabelled.counted("row")) without a label"
    }

    private var formsLine: String? {
        guard !forms.groups.isEmpty else { return nil }
        let groups = forms.groups.prefix(LabelNotes.listed).map { LabelNotes.names($0, limit: .max) }
        let others = forms.groups.count - groups.count
        let list = groups.joined(separator: "; ") + (others > 0 ? "; and \(others) more" : "")
        guard !areJoined else { return "label forms joined, each into the first: \(list)" }
        let question = forms.groups.count == 1 ? "one label?" : "one label each?"
        return "label forms: \(list): \(question) --merge-labels joins them and leaves "
            + forms.joined.count.counted("label")
    }

    private var nullLine: String? {
        guard !nullWords.isEmpty else { return nil }
        return
            "words for an empty cell: \(LabelNotes.names(nullWords)): learned as labels; empty these cells if they "
            + "mean no label"
    }

    private var singleLine: String? {
        guard !single.isEmpty else { return nil }
        let labels = single.map(\.label)
        return
            "\(labels.count.counted(shape == .tags ? "tag" : "label")) with one row\(shape == .tags ? ", not learned" : ""): "
            + "\(LabelNotes.listing(labels, LabelNotes.shown)); find more rows like it, or give the row another label"
    }

    private var listLine: String? {
        guard !lists.isEmpty else { return nil }
        return
            "\(lists.count.counted("label")) \(lists.count == 1 ? "looks" : "look") like several labels at once: "
            + "\(LabelNotes.names(lists)); --tags \(field) learns each, or keep one label in the column"
    }

    private var pathLine: String? {
        guard !paths.isEmpty else { return nil }
        return "\(paths.count.counted("label")) \(paths.count == 1 ? "looks" : "look") like a path: "
            + "\(LabelNotes.names(paths)); each is one label; --tree \(field) reads the column as paths"
    }

    private static func names(_ counts: [LabelForms.Count], limit: Int = listed) -> String {
        listing(counts, limit: limit) { "\(shown($0.label)) \($0.rows)" }
    }

    /// At most `limit` things, and how many more there are.
    static func listing<Thing>(
        _ things: [Thing], limit: Int = listed, _ text: (Thing) -> String
    ) -> String {
        let others = things.count - min(limit, things.count)
        return things.prefix(limit).map(text).joined(separator: ", ")
            + (others > 0 ? " and \(others) more" : "")
    }

    /// A label as lines show it: a wrong column may hold text of tickets, so it is masked and cut short.
    private static func shown(_ label: String) -> String {
        let masked = String(decoding: masker.mask(label).text.bytes, as: UTF8.self)
        return masked.count > maximumLength ? masked.prefix(maximumLength - 1) + "…" : masked
    }

    private static let maximumLength = 40
    private static let masker = Masker()
}

// MARK: - JSON

extension LabelNotes {
    /// Writes the keys `unlabelled`, `label_forms`, `forms_joined`, `null_words`, `single_row_labels`, `list_labels` and
    /// `path_labels`; of the last four, ten labels at most.
    func write(to json: inout JSONWriter) {
        json.integer("unlabelled", unlabelled)
        json.array("label_forms", forms.groups) { json, group in
            json.array(group, LabelNotes.write)
        }
        json.bool("forms_joined", areJoined && !forms.groups.isEmpty)
        json.object("null_words") { LabelNotes.write(nullWords, to: &$0) }
        json.object("single_row_labels") { LabelNotes.write(single, to: &$0) }
        json.object("list_labels") { LabelNotes.write(lists, to: &$0) }
        json.object("path_labels") { LabelNotes.write(paths, to: &$0) }
    }

    private static func write(_ counts: [LabelForms.Count], to json: inout JSONWriter) {
        json.integer("count", counts.count)
        json.array("first", Array(counts.prefix(listed)), write)
    }

    private static func write(_ json: inout JSONWriter, _ count: LabelForms.Count) {
        json.object { json in
            json.string("label", shown(count.label))
            json.integer("rows", count.rows)
        }
    }

    /// Writes the keys `count` and `first`, ten ids at most.
    static func write(ids: [String], to json: inout JSONWriter) {
        json.integer("count", ids.count)
        json.array("first", Array(ids.prefix(listed))) { $0.string($1) }
    }
}
