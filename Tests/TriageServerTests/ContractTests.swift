import ServerTestSupport
import Testing
import TriageData
import TriageEngine
import TriageStore
import TriageTickets

@testable import TriageServer

/// What the OpenAPI document promises; `LiveServer` compares each answer of all other tests with it.
struct ContractTests {
    private static func contract(_ body: (Contract) throws -> Void) throws {
        let scratch = try Scratch()
        var dependencies = ServerDependencies(
            snapshots: SnapshotHolder(try starter.get()), logger: RecordedLog().logger)
        dependencies.store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        var options = ServerOptions()
        options.hasEcho = true
        try body(LiveServer.contract(dependencies, options))
    }

    @Test func `every example keeps its schema`() throws {
        try Self.contract { contract in
            #expect(contract.examples.count >= 5)
            for example in contract.examples {
                #expect(contract.faults(of: example.value, example.schema) == [], "\(example.place)")
            }
        }
    }

    @Test func `every schema has keywords that the check knows, and names components that exist`() throws {
        try Self.contract { contract in
            #expect(contract.schemas.count > 100)
            let unknown = contract.schemas.flatMap { place, schema in
                // The type is written out: the compiler finds a flatMap that keeps the faults of each part in a list.
                let faults: [String] = Self.parts(of: schema).flatMap { contract.faults(of: .null, $0) }
                return faults.filter { $0.contains("not known") || $0.contains("no schema") }
                    .map { "\(place): \($0)" }
            }
            #expect(unknown == [])
        }
    }

    /// The schema and all inside it.
    private static func parts(of schema: JSONValue) -> [JSONValue] {
        let named = (schema["properties"]?.members ?? []).map(\.value)
        let listed = schema["anyOf"]?.elements ?? []
        let single = ["items", "additionalProperties", "not", "if", "then", "else"].compactMap { schema[$0] }
        return [schema] + (named + listed + single).flatMap { parts(of: $0) }
    }

    /// A check that finds nothing would prove nothing.
    @Test(arguments: [
        (#"{"label":"Bug"}"#, "no probability"),
        (#"{"label":1}"#, "$.label: fails type"),
        (#"{"probability":1.5}"#, "$.probability: fails maximum"),
        (#"{"level":"maybe"}"#, "$.level: fails enum"),
        (#"{"reasons":["WHY"]}"#, "$.reasons[0]: fails enum"),
        (#"{"alternatives":[{"label":"Bug"}]}"#, "$.alternatives[0]: no probability"),
    ])
    func `an answer that is not as the schema has it is found`(json: String, fault: String) throws {
        try Self.contract { contract in
            let value = try #require(JSONValue(parsing: json.utf8))
            let schema = JSONSchema.reference("Prediction").value
            #expect(contract.faults(of: value, schema).contains { $0.hasSuffix(fault) })
        }
    }

    @Test(arguments: [
        ("Ticket", #"{"subject":"s"}"#, true), ("Ticket", #"{"id":1}"#, false),
        ("NewFeedback", #"{"ticket_id":"t","field":"f","label":"l"}"#, true),
        ("NewFeedback", #"{"ticket_id":"t","decision_id":"d","field":"f","label":"l"}"#, false),
        ("NewFeedback", #"{"field":"f","label":"l"}"#, false),
        ("NewFeedback", #"{"ticket_id":"","field":"f","label":"l"}"#, false),
        ("NewFeedback", #"{"ticket_id":"t","field":"f","label":"l","versoin":1}"#, false),
        ("Requeue", #"{"all":true}"#, true), ("Requeue", #"{"all":false}"#, false),
        ("Requeue", #"{"ids":["a"]}"#, true), ("Requeue", #"{"ids":[]}"#, false),
        ("Requeue", #"{"all":true,"ids":["a"]}"#, false), ("Requeue", #"{"all":true,"more":1}"#, false),
    ])
    func `conditions between members are in the schema`(name: String, json: String, isKept: Bool) throws {
        try Self.contract { contract in
            let value = try #require(JSONValue(parsing: json.utf8))
            #expect(contract.faults(of: value, JSONSchema.reference(name).value).isEmpty == isKept)
        }
    }

    @Test func `a stored decision, explained and with label sets, keeps the schema`() throws {
        try Self.contract { contract in
            let ticket = Ticket(id: "T", subject: "Locked out", body: "My account is locked, <b>help</b>.")
            var scratch = DecisionScratch(Explanation.Request(counterfactual: true))
            let decision = try starter.get().decide(ticket, &scratch)
            let value = try #require(JSONValue(parsing: decision.json.utf8))
            #expect(contract.faults(of: value, JSONSchema.reference("Decision").value) == [])
            #expect(value["explanation"]?["category"]?["counterfactual"]?["words"] != nil)
        }
    }
}
