import Testing
@testable import TriageData

struct AnswerNameTests {
    @Test(arguments: [
        "Solution - Solution", "Followups - Description", "Lösung - Lösung", "u_agent_notes", "u_root_cause",
        "resolution_code", "Custom field (Root cause)", "DynamicField_Solution",
        "ticket_latest_private_comment",
        "last_agent_message", "Artikelbaum", "article.internal_note", "Closing comment", "Interne Notiz",
        "closeNotes",
        "Ticket.Resolution Notes", "agentReply", "Resolved comment", "work_notes_list",
    ])
    func `columns of agents are known`(name: String) { #expect(KnownColumns.isAnswer(name)) }

    @Test(arguments: [
        "category", "Solution area", "Screen resolution", "Customer comment", "Support group", "message",
        "Description",
        "Private", "Agent", "Note type", "latest status", "Closed", "u_category", "Custom field (Product)",
        "last_name",
        "Internal", "response_time_goal", "First message", "Problem description", "Follower",
        "Support message",
    ])
    func `other columns are not`(name: String) { #expect(!KnownColumns.isAnswer(name)) }
}
