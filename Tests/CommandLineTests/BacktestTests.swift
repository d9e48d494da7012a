import Foundation
import Testing

/// `backtest` as its user runs it.
struct BacktestTests {
    /// Eight months of tickets, by hand or reassigned, whose label Video begins in May.
    private func tickets() -> String {
        let kinds = ["login password", "invoice refund", "crash error"]
        let labels = ["Login", "Billing", "Bug"]
        return (0..<640).map { number in
            let month = number / 80 + 1
            let isVideo = month >= 5 && number % 4 == 3
            let words = isVideo ? "video camera meeting" : kinds[number % 3]
            let day = number % 80 / 3 + 1
            let date = "2025-0\(month)-\(day < 10 ? "0" : "")\(day) 08:30:00"
            return
                #"{"id":"T\#(number)","created_at":"\#(date)","subject":"\#(words) w\#(number * 37 % 101)","#
                + #""body":"please help u\#(number), mail to anna\#(number)@example.org","#
                + #""category":"\#(isVideo ? "Video" : labels[number % 3])","#
                + #""priority":"\#(number % 16 == 0 ? "Critical" : "Low")","reassignment_count":\#(number % 8 == 1 ? 2 : 0)}"#
        }.joined(separator: "\n")
    }

    private let words = [
        "backtest", "t.jsonl", "--embedding", "none", "--language", "none", "--kb", "none", "--state",
        "state",
    ]

    @Test func `one command shows the year, writes the page, and leaves no state behind`() throws {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", tickets())
        let outcome = try workspace.run(words + ["--report", "report", "--target", "90%"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.text.contains("2025-05: category: new label Video"), "\(outcome.text)")
        #expect(outcome.text.contains("each decided by the model of its day: 5 models"), "\(outcome.text)")
        #expect(outcome.text.contains("column reassignment_count"), "\(outcome.text)")
        #expect(!outcome.errors.contains("reassignment_count"), "\(outcome.errors)")
        let page = String(decoding: try workspace.bytes("report/report.html"), as: UTF8.self)
        #expect(page.contains("Missed tickets with Critical") && !page.contains("@example.org"))
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(try workspace.bytes("report/report.json")))
                as? [String: Any])
        let fields = try #require(json["fields"] as? [[String: Any]])
        #expect(
            (fields[0]["months"] as? [Any])?.count == 5 && fields[0]["target"] as? String == "precision=0.9")
        let critical = try #require(json["critical"] as? [String: Any])
        #expect((critical["missed_tickets"] as? [Any])?.count == critical["missed"] as? Int)
        let routing = try #require(json["reassignments"] as? [String: Any])
        #expect(routing["field"] as? String == "category" && routing["reassigned"] as? Int ?? 0 > 20)
        #expect(try workspace.names("state").isEmpty)
    }

    @Test
    func `dates that can be read two ways are an error, and a change before the first month is left out`()
        throws
    {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", tickets())
        let late = try workspace.run(words + ["--months", "2"])
        #expect(late.status == 0 && !late.text.contains("new label Video"), "\(late)")
        let unclear = (0..<640).map { number in
            let (day, month) = (number % 12 + 1, number / 60 + 1)
            return
                #"{"id":"T\#(number)","created_at":"\#(day)/\#(month)/2025","body":"password w\#(number)","#
                + #""category":"\#(number % 2 == 0 ? "Login" : "Bug")","reassigned":"\#(number % 3 == 0 ? "yes" : "no")"}"#
        }
        try workspace.write("t.jsonl", unclear.joined(separator: "\n"))
        let refused = try workspace.run(words)
        #expect(refused.status == 65, "\(refused)")
        #expect(
            refused.errors.contains("of 640 tickets have a date in column \"created_at\" such as 3/4/2026"),
            "\(refused.errors)")
        #expect(!refused.errors.contains("reassigned"), "\(refused.errors)")
        try workspace.write("t.jsonl", "")
        let empty = try workspace.run(words)
        #expect(empty.status != 0 && !empty.errors.contains("known name for the date"), "\(empty)")
    }

    @Test(arguments: [
        (["--review-minutes", "-5"], 64, "--review-minutes and --error-minutes take numbers from 0"),
        (["--every", "sometimes"], 64, "--every takes month, week, or a number of days"),
        (["--time", "closed_at"], 65, "closed_at"),
        (["--critical", "P1"], 64, "No ticket has the severity 'P1'"),
        (["--routing", "team"], 64, "--routing names no label"),
        (["--reassigned", "subject"], 64, "has neither numbers nor yes and no"),
        (["--label", "gone"], 65, "has a value in column \"gone\""),
        (["--every", "300"], 65, "are too few to begin with"),
        (["--months", "0"], 64, "--months takes a number from 1"),
    ])
    func `what cannot be done is refused before any training`(more: [String], status: Int32, says: String)
        throws
    {
        let workspace = try Workspace()
        try workspace.write("t.jsonl", tickets())
        let outcome = try workspace.run(words + more)
        #expect(outcome.status == status && outcome.errors.contains(says), "\(outcome)")
    }
}
