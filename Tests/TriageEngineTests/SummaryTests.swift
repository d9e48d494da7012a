import Testing

@testable import TriageEngine

struct SummaryTests {
    private func summary(_ body: String, subject: String = "") -> String {
        Summary.extract(subject: Array(subject.utf8), body: Array(body.utf8))
    }

    @Test(arguments: [
        (
            "Hello Anna,\nMy account is locked since today. Please unlock it now! Thanks a lot.",
            "My account is locked since today. Please unlock it now!"
        ),
        ("Good morning all. It broke. The printer on floor 3 jams.", "The printer on floor 3 jams."),
        ("Version 2.5 does not start? Nor does 2.6.", "Version 2.5 does not start? Nor does 2.6."),
        ("The app\tcrashes   on start", "The app crashes on start"),
        ("one two three\n\n\nfour five six\nseven eight nine", "one two three four five six"),
        ("Hi there, since the update I cannot log in.", "Hi there, since the update I cannot log in."),
    ])
    func `the first two sentences of three words that are not a greeting`(body: String, expected: String) {
        #expect(summary(body, subject: "Subject") == expected)
    }

    @Test func `without such a sentence it is the subject, and without a subject the body`() {
        #expect(summary("Help!", subject: "Locked out") == "Locked out")
        #expect(summary("Help!\nPlease") == "Help! Please")
        #expect(summary("", subject: "") == "")
    }

    @Test func `before a body of a few words there is the subject`() {
        #expect(
            summary("Please see attachment", subject: "Lift is stuck")
                == "Lift is stuck. Please see attachment")
        #expect(summary("Hello,\nplease look above.", subject: "Why?") == "Why? please look above.")
        #expect(summary("please look above") == "please look above")
    }

    @Test(arguments: ["abcd ", "äöü ", "日本語 ", "a\u{1F525}b "])
    func `a long sentence is cut at a space within 240 bytes`(word: String) {
        let cut = summary(String(repeating: word, count: 200))
        let kept = cut.dropLast()
        #expect(cut.hasSuffix("…") && kept.utf8.count <= 240 && kept.utf8.count > 240 - word.utf8.count)
        #expect(kept.split(separator: " ").allSatisfy { $0 == word.dropLast() })
    }

    @Test func `a word without an end is cut between characters`() {
        let cut = summary(String(repeating: "ä", count: 300))
        #expect(cut == String(repeating: "ä", count: 60) + "…")
    }
}
