import Testing

@testable import TriageEngine

/// A playbook that cannot be used, the line at fault, and what must be said.
struct BadPlaybook: Sendable, CustomTestStringConvertible {
    var text: String
    var line: Int?
    var says: String

    var testDescription: String { "\(says): \(text.prefix(60))" }

    private static let floor = "floors:\n- id: fire\n  raise_to: Critical\n  any: [on fire]\n"

    static let all: [BadPlaybook] = [
        BadPlaybook(text: "defaults: {A: x}\nb: c: d\n", line: 2, says: "not YAML"),
        BadPlaybook(text: "", line: nil, says: "empty"),
        BadPlaybook(text: "- x", line: 1, says: "must be names with values"),
        BadPlaybook(
            text: "defaults: {A: x}\nflors: []\n", line: 2, says: "no \"flors\"; what there is: next_action"),
        BadPlaybook(text: "defaults: {A: x}\ndefaults: {B: y}\n", line: 1, says: "defaults is there twice"),
        BadPlaybook(text: "defaults:\n  1: x\n  \"1\": y\n", line: 2, says: "the name 1 is there twice"),
        BadPlaybook(text: "defaults: text", line: 1, says: "defaults must be names"),
        BadPlaybook(text: "defaults:\n  A: [x]\n", line: 2, says: "A must be text"),
        BadPlaybook(text: "defaults:\n  A:\n", line: 2, says: "A is empty"),
        BadPlaybook(text: "defaults:\n  ? [a]\n  : x\n", line: 2, says: "a name in defaults must be text"),
        BadPlaybook(text: "next_action:\n  A: x\n", line: 2, says: "next_action of A must be names"),
        BadPlaybook(
            text: "next_action:\n  A: {Urgent: x}\n", line: 2,
            says: "the severity Urgent is not in the order Low"
        ),
        BadPlaybook(text: "next_action:\n  A: {High: x, high: y}\n", line: 2, says: "High is there twice"),
        BadPlaybook(text: "floors: fire", line: 1, says: "floors must be a list"),
        BadPlaybook(text: "floors:\n- fire\n", line: 2, says: "a floor must be names"),
        BadPlaybook(text: "floors:\n- raise_to: High\n  any: [a]\n", line: 2, says: "a floor needs id"),
        BadPlaybook(text: "floors:\n- id: x\n  any: [a]\n", line: 2, says: "a floor needs raise_to"),
        BadPlaybook(text: "floors:\n- id: x\n  raise_to: High\n", line: 2, says: "a floor needs any"),
        BadPlaybook(
            text: "floors:\n- id: x\n  raise_to: High\n  any: []\n", line: 4, says: "holds no phrase"),
        BadPlaybook(
            text: "floors:\n- id: x\n  raise_to: High\n  any: a\n", line: 4, says: "any must be a list"),
        BadPlaybook(
            text: "floors:\n- id: x\n  raise_to: High\n  any: [\"?!\"]\n", line: 4, says: "no word in it"),
        BadPlaybook(
            text: "floors:\n- id: x\n  raise_to: P1\n  any: [a]\n", line: 3,
            says: "the severity P1 is not in the order"),
        BadPlaybook(text: floor + "  unles: [a]\n", line: 5, says: "a floor has no \"unles\""),
        BadPlaybook(text: floor + "  unless: a\n", line: 5, says: "unless must be a list"),
        BadPlaybook(text: floor + "  patterns: [a]\n", line: 5, says: "patterns must be text"),
        BadPlaybook(text: floor + "  patterns: a + (b\n", line: 5, says: "a pattern has a ( without a )"),
        BadPlaybook(
            text: floor + "  patterns: |\n    a + b\n\n    # note\n    a + <x>\n", line: 9,
            says: "a pattern uses <x>, which is not there: define x under words:"),
        BadPlaybook(text: floor + "  patterns: |\n    # note\n", line: 5, says: "patterns holds no pattern"),
        BadPlaybook(text: floor + "  unless_patterns: \"a\\nb\"\n", line: 5, says: "or a block after |"),
        BadPlaybook(
            text: "words: {no: \"a|\"}\n", line: 1, says: "the list no has an alternative with no word"),
        BadPlaybook(
            text: floor + "- id: fire\n  raise_to: Low\n  any: [b]\n", line: 5, says: "fire is there twice"),
        BadPlaybook(text: "severities: [P2, p2]", line: 1, says: "the severity p2 is there twice"),
        BadPlaybook(text: "severities: []", line: 1, says: "severities names none"),
        BadPlaybook(
            text: "severities: [P2, P1]\n" + floor, line: 4,
            says: "the severity Critical is not in the order P2, P1"),
        BadPlaybook(text: "under_triage_weight: 0.5", line: 1, says: "must be a number from 1.0 to 1024.0"),
        BadPlaybook(text: "max_under_triage: some", line: 1, says: "must be a number from 0.001 to 0.5"),
        BadPlaybook(
            text: "under_triage_weight: 2\nmax_under_triage: 0.1", line: 2, says: "not both"),
        BadPlaybook(text: "labels:\n  category: [a]\n", line: 2, says: "category must be names"),
        BadPlaybook(
            text: "translations:\n  german: {}\n", line: 2, says: "names german; give a language by its ISO"),
        BadPlaybook(
            text: "translations:\n  de: {floors: []}\n", line: 2,
            says: "the translation de has no \"floors\"; what there is: next_action, defaults"),
        BadPlaybook(
            text: "translations: {de: {next_action: {A: {Urgent: x}}}}", line: 1,
            says: "the severity Urgent is not in the order"),
        BadPlaybook(text: "a: &x b\nc: *x\n", line: 2, says: "*x refers to another place"),
        BadPlaybook(text: "# " + String(repeating: "x", count: 1 << 20), line: nil, says: "larger than 1 MB"),
    ]
}

struct PlaybookTests {
    @Test(arguments: BadPlaybook.all)
    func `what is wrong with a playbook is said with its line`(_ bad: BadPlaybook) throws {
        let error = try #require(throws: EngineError.self) {
            try Policy(playbook: Array(bad.text.utf8), path: "p.yaml")
        }
        let place = bad.line.map { "p.yaml line \($0): " } ?? "p.yaml: "
        #expect(error.description.hasPrefix(place), "\(error)")
        #expect(error.description.contains(bad.says), "\(error)")
        #expect(error.description.hasSuffix("a knowledge base without a playbook uses the shipped one"))
    }

    /// References to references: unfolded, a billion strings.
    ///
    /// As keys, a parser compares them in full.
    @Test(arguments: ["defaults: *l9", "? *l9\n: x", "{*l9 : x}", "floors: [{? [*l9, *l9] : y}]"])
    func `references to references cost nothing`(last: String) throws {
        let levels = (1...9).map {
            "l\($0): &l\($0) [\([String](repeating: "*l\($0 - 1)", count: 10).joined(separator: ","))]"
        }
        let bomb = "l0: &l0 [a,a,a,a,a,a,a,a,a,a]\n" + levels.joined(separator: "\n") + "\n" + last + "\n"
        let error = try #require(throws: EngineError.self) {
            try Policy(playbook: Array(bomb.utf8), path: "p.yaml")
        }
        #expect(error.description.hasPrefix("p.yaml line 2: *l0 refers"), "\(error)")
    }

    @Test func `stars and ampersands of ordinary text are no references`() throws {
        let text = "defaults: {A: Ask R&D and *all* of Q&A, B: \"read *this &that\"}\n"
        let policy = try Policy(playbook: Array(text.utf8), path: "p.yaml")
        #expect(policy.nextAction(category: "A", severity: "Low") == "Ask R&D and *all* of Q&A")
        #expect(policy.nextAction(category: "B", severity: "Low") == "read *this &that")
    }

    @Test func `patterns take the place of phrases, or stand beside them`() throws {
        let text = """
            words: {no: none|without}
            floors:
              - id: fire
                raise_to: High
                patterns: |
                  # English
                  smoke + hall
                unless_patterns: <no> + smoke
                reason: None.
              - {id: water, raise_to: High, any: [flood], patterns: water + hall}
            """
        let policy = try Policy(playbook: Array(text.utf8), path: "p.yaml")
        #expect(policy.floors[0].any.isEmpty && policy.floors[0].patterns.map(\.text) == ["smoke + hall"])
        #expect(policy.floors[0].unlessPatterns.map(\.text) == ["<no> + smoke"])
        #expect(policy.floors[1].any == ["flood"] && policy.floors[1].patterns.count == 1)
        #expect(policy.wordLists == ["no": "none|without"])
    }

    @Test func `a site names its own severities, and capitals do not matter`() throws {
        let text = """
            severities: [P4, P3, P2, P1]
            next_action:
              Login: {p1: Unlock it now.}
            floors:
              - {id: fire, raise_to: p1, any: [on fire]}
            """
        let policy = try Policy(playbook: Array(text.utf8), path: "p.yaml")
        #expect(policy.severities.names == ["P4", "P3", "P2", "P1"])
        #expect(policy.floors[0].raiseTo == "P1")
        #expect(policy.nextAction(category: "Login", severity: "P1") == "Unlock it now.")
        #expect(policy.nextAction(category: "Login", severity: "p1") == "Unlock it now.")
        #expect(policy.nextAction(category: "Login", severity: "P2").hasPrefix("Have a person read"))
    }
}
