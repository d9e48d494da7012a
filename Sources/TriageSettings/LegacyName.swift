package import TriageData

internal import Configuration

/// A field name of a sister service, in place of one of the original agent's.
///
/// The query parameter `names` of `POST /triage` and the setting `legacy.names` list them.
package enum LegacyName: String, Sendable, CaseIterable {
    /// `issue_type` instead of `match_type`.
    case issueType = "issue_type"
    /// `known_issue`, true or false, instead of `match_type`.
    case knownIssue = "known_issue"
    /// `related_issues` with `id`, `title` and `similarity_score` instead of `kb_matches`.
    case relatedIssues = "related_issues"
    /// `suggested_next_step` instead of `next_action`.
    case suggestedNextStep = "suggested_next_step"
    /// `next_step` instead of `next_action`.
    case nextStep = "next_step"
    /// The category "Question/How-To" instead of "Support".
    case question = "question_how_to"

    /// The field, or for `question` the category, that the name replaces.
    package var replaced: String {
        switch self {
        case .issueType, .knownIssue: "match_type"
        case .relatedIssues: "kb_matches"
        case .suggestedNextStep, .nextStep: "next_action"
        case .question: "Support"
        }
    }

    package static var all: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// The names that one answer of `POST /triage` uses.
package struct LegacyNames: Sendable, Equatable, ExpressibleByArrayLiteral {
    private var names: [LegacyName]

    /// These names; none for the original's fields.
    package init(arrayLiteral names: LegacyName...) { self.names = names }

    /// These names; none for the original's fields.
    package init(_ names: [LegacyName]) { self.names = names }

    /// The names in a list separated by commas, spaces or both; a blank list has none.
    ///
    /// - Throws: `LegacyNameError` for a name that does not exist, and for two names of one field.
    package init(parsing text: String) throws(LegacyNameError) {
        names = []
        // A form writes a space as a plus sign.
        for word in text.split(whereSeparator: { " ,+".contains($0) }) {
            guard let name = LegacyName(rawValue: String(word)) else { throw .unknown }
            names.append(name)
        }
        if let conflict { throw conflict }
    }

    package func contains(_ name: LegacyName) -> Bool { names.contains(name) }

    /// The first two different names that replace the same field.
    var conflict: LegacyNameError? {
        for (index, second) in names.enumerated() {
            let first = names[..<index].first { $0 != second && $0.replaced == second.replaced }
            if let first { return .conflict(first, second) }
        }
        return nil
    }
}

package enum LegacyNameError: Error, Equatable {
    case unknown
    /// Two names replace the same field.
    case conflict(LegacyName, LegacyName)
}

extension LegacyNameError: DescribedError {
    package var description: String {
        switch self {
        case .unknown: "expected names of \(LegacyName.all), separated by commas"
        case .conflict(let first, let second):
            "\(first.rawValue) and \(second.rawValue) both replace \(first.replaced); give one of them"
        }
    }
}

extension LegacyNames: SettingType {
    static var expected: String { "a list of \(LegacyName.all)" }
    static var configType: ConfigType { .stringArray }
    init?(content: ConfigContent) {
        guard let words = [String](content: content) else { return nil }
        names = words.compactMap { LegacyName(rawValue: $0) }
        guard names.count == words.count else { return nil }
    }
    var written: String? { names.isEmpty ? nil : names.map(\.rawValue).joined(separator: ",") }
}
