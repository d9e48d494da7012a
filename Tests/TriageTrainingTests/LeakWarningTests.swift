import Testing
import TriageTickets

@testable import TriageTraining

struct LeakWarningTests {
    private static let words = [
        "printer", "tunnel", "invoice", "screen", "password", "mouse", "cable", "server", "mail", "phone",
        "badge",
    ]

    /// Sixty different texts a label, the words chosen without regard to it.
    private func tickets(_ text: (Int, String) -> String) -> [LabelledTicket] {
        (0..<180).map { row in
            let label = ["Access", "Billing", "Network"][row % 3]
            let words = (0..<8).map { LeakWarningTests.words[(row * (7 + $0) + $0 * $0 * 5 + row / 9) % 11] }
            return LabelledTicket(
                Ticket(
                    id: "\(row)", subject: "",
                    body: text(row, label) + words.joined(separator: " ") + " \(row * 7919)"),
                labels: ["category": label])
        }
    }

    private func lines(_ tickets: [LabelledTicket]) throws -> [String] {
        LeakWarnings(try TrainingSet(tickets, fields: ["category"])).lines
    }

    @Test func `a form that writes the label into the text is named`() throws {
        let found = try lines(tickets { _, label in label == "Billing" ? "routed to desk nine " : "" })
        #expect(found.contains { $0.contains("alone give the label \"Billing\" in 100.0 %") })
        #expect(found.count { $0.contains("alone give the label") } == 1)
    }

    @Test func `labels beyond the first three are named too`() throws {
        let all = (0..<5).flatMap { label in
            (0..<40).map { row in
                LabelledTicket(
                    Ticket(
                        id: "\(label)-\(row)",
                        body: "mark\(label) \(LeakWarningTests.words[row % 11]) \(row * 7919)"),
                    labels: ["category": "L\(label)"])
            }
        }
        let found = try lines(all).filter { $0.contains("so do words of 2 more: \"L") }
        #expect(found.count == 1)
    }

    @Test func `ordinary words are no leak`() throws {
        #expect(try lines(tickets { _, _ in "" }).allSatisfy { !$0.contains("alone give") })
    }

    @Test func `many copies are named`() throws {
        let copies = tickets { _, _ in
            "the same alert of the same sensor in the same room of the hall again and again "
        }
        .map {
            LabelledTicket(Ticket(body: "disk of host is full and needs care now please"), labels: $0.labels)
        }
        #expect(try lines(copies).contains { $0.contains("have a near-duplicate") })
    }
}
