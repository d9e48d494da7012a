internal import Foundation
import TriageData
import TriageNumerics
internal import TriageText

/// Each label's strongest words and pairs of words, as text: `words.json` of a bundle.
///
/// The weights belong to hashed buckets, which keep no words. This short list does: only what at least
/// `TopFeatures.minimumSources` people wrote (documents, where no requester is known), no masked identifier.
package struct TopFeatures: Sendable, Equatable {
    /// From how many requesters, or different documents, a word must come to be kept as text.
    package static let minimumSources = 5
    /// The most words that are kept for a label.
    package static let maximumWords = 20

    /// One word, or two adjacent ones with a space between, folded as `Words` folds them.
    package struct Word: Sendable, Equatable {
        /// The word or the pair.
        package var text: String
        /// Its weight for the label less the mean over the field's labels, times its idf.
        package var weight: Float

        package init(text: String, weight: Float) {
            self.text = text
            self.weight = weight
        }

        /// The hash under which `NGrams` makes it a feature.
        package var hash: UInt64 {
            let words = text.split(separator: " ").map { StableHash.hash(Array($0.utf8), kind: .word) }
            return words.count == 2 ? StableHash.pair(words[0], words[1]) : words.first ?? 0
        }
    }

    /// The words of one label, strongest first.
    package struct Label: Sendable, Equatable {
        package var field: String
        package var label: String
        package var words: [Word]

        package init(field: String, label: String, words: [Word]) {
            self.field = field
            self.label = label
            self.words = words
        }
    }

    /// The labels in the order of the bundle's columns.
    package let labels: [Label]

    /// The words of all labels.
    package init(_ labels: [Label]) { self.labels = labels }

    /// The list as JSON: label by label, word and weight.
    package var json: [UInt8] {
        JSONWriter.lineBytes { json in
            json.array(labels) { json, entry in
                json.object { json in
                    json.string("field", entry.field)
                    json.string("label", entry.label)
                    json.array("words", entry.words) { json, word in
                        json.array { json in
                            json.string(word.text)
                            json.number(word.weight)
                        }
                    }
                }
            }
        }
    }

    /// For each label a line with its first words and their weights, below a line with the field.
    package func lines(first count: Int) -> [String] {
        var field: String?
        return labels.flatMap { entry in
            defer { field = entry.field }
            let words = entry.words.prefix(count).map { "\($0.text) \(String(format: "%.2f", $0.weight))" }
            let line = "  \(entry.label): \(words.isEmpty ? "none" : words.joined(separator: ", "))"
            return entry.field == field ? [line] : [entry.field, line]
        }
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: `ModelError.damaged` when it is of another shape.
    init(_ bytes: MappedBytes) throws(ModelError) {
        guard let entries = JSONValue(parsing: bytes.withBytes { [UInt8]($0) })?.elements else {
            throw .damaged(part: "it is not a list of labels")
        }
        var labels: [Label] = []
        for entry in entries {
            guard let field = entry["field"]?.text, let label = entry["label"]?.text,
                let words = entry["words"]?.elements
            else { throw .damaged(part: "an entry without field, label and words") }
            labels.append(
                Label(field: field, label: label, words: try words.map(TopFeatures.word)))
        }
        self.labels = labels
    }

    private static func word(_ value: JSONValue) throws(ModelError) -> Word {
        guard let parts = value.elements, parts.count == 2, let text = parts[0].text,
            let weight = parts[1].text.flatMap(Float.init), weight.isFinite
        else { throw .damaged(part: "a word without its weight") }
        return Word(text: text, weight: weight)
    }
}

/// Where strong words lie among the rows of the weight table, to see what else falls on them.
package struct TopFeatureIndex: Sendable {
    /// A strong word of one label.
    package struct Entry: Sendable, Equatable {
        /// The word or the pair.
        package var text: String
        package var hash: UInt64
        /// The field of the label.
        package var field: String
        package var label: String
    }

    private var entries: [UInt32: [Entry]] = [:]

    init(_ words: TopFeatures, _ tfidf: HashedTFIDF) {
        for label in words.labels {
            for word in label.words {
                let hash = word.hash
                guard let row = tfidf.row(of: hash) else { continue }
                entries[row, default: []].append(
                    Entry(text: word.text, hash: hash, field: label.field, label: label.label))
            }
        }
    }

    /// The strong words in a row of the word block.
    package func entries(inRow row: UInt32) -> [Entry] { entries[row] ?? [] }
}
