import Foundation
import Testing
import TriageText

@testable import TriageEngine

/// The floors of the playbook in `kb/`, held against tickets in ordinary words.
struct ShippedFloorTests {
    private static let policy: Result<Policy, any Error> = Result {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = try Data(contentsOf: root.appendingPathComponent("kb/playbook.yaml"))
        return try Policy(playbook: Array(bytes), path: "kb/playbook.yaml")
    }

    /// The floors that a text fires.
    private func fired(by text: String) throws -> [Policy.Floor] {
        let floors = try ShippedFloorTests.policy.get().floors
        return FloorMatcher(floors).fired(by: Words(Array(text.utf8))).map { floors[$0] }
    }

    @Test(
        arguments: [
            ("The VPN is down for everyone since nine", "everybody-affected", "High"),
            ("is it down for everyone or just me", "everybody-affected", "High"),
            ("Email not working for anyone in accounting", "everybody-affected", "High"),
            ("internet is out for the entire office", "everybody-affected", "High"),
            ("Phones are down for the whole building", "everybody-affected", "High"),
            ("Nobody can open the customer database", "everybody-affected", "High"),
            ("No one can sign in to the portal", "everybody-affected", "High"),
            ("No one in the office can connect", "everybody-affected", "High"),
            ("None of us can access the shared drive", "everybody-affected", "High"),
            ("Everyone is unable to print or send mail", "everybody-affected", "High"),
            ("The whole office cannot reach the server", "everybody-affected", "High"),
            ("no one can log in", "all-users", "Critical"),
            ("the whole company can't send mail", "all-users", "Critical"),
            ("Production database down!", "production-system-down", "Critical"),
            ("Our prod DB is down", "production-system-down", "Critical"),
            ("The production server is not responding", "production-system-down", "Critical"),
            ("A caller is threatening to hurt our receptionist", "threat", "Critical"),
            ("I am worried that my colleague wants to hurt himself", "threat", "Critical"),
            ("He threatened to kill her", "threat", "Critical"),
            ("she says she wants to die", "threat", "Critical"),
            ("someone with a gun is in the lobby", "threat", "Critical"),
        ] as [(String, String, String)])
    func `an outage or a danger in ordinary words raises the severity`(
        text: String, floor: String, severity: String
    ) throws {
        let found = try #require(try fired(by: text).first { $0.id == floor })
        #expect(found.raiseTo == severity)
    }

    @Test(
        arguments: [
            "It is not down for everyone, only for me",
            "the site will be down for everyone on Sunday for maintenance",
            "Please slow down for everyone's sake, and write it down: not down for everyone else's tickets",
            "It works for me but was down for everyone yesterday",
            "How do I lock a folder so that nobody can open it?",
            "Please make sure no one can access my files",
            "We would like to order chairs for the entire office",
            "I am out for the whole week",
            "Not everyone is affected by the price change",
            "Everyone is unable to attend on Friday, please move the meeting",
            "Our non-production database is down for a refresh",
            "We will take the production database down on Sunday",
            "What do I do if the production server is down?",
            "The vendor is threatening to kill the contract",
            "bad reviews are threatening to hurt our sales",
            "please send the suicide attempt form",
            "the job hangs and I have to kill the process",
        ])
    func `an ordinary use of the same words raises nothing`(text: String) throws {
        #expect(try fired(by: text).map(\.id) == [])
    }
}
