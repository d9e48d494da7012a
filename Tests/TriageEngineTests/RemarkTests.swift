import Testing
import TriageData
import TriageEngine

struct RemarkTests {
    private static let all: [Remark] = [
        .missingRoles(["category", "severity"], model: "m"),
        .expectedCost(label: "High", likeliest: "Low", underTriageWeight: 2.5),
        .severityRaised(from: "Low", to: "High", floor: "fire"),
        .severityUnranked(label: "P3", raiseTo: "High", floor: "fire"),
        .severityHighest(label: "High", raiseTo: "Critical", floor: "fire"),
        .floorSetAside(floor: "fire", part: .quoted), .floorSetAside(floor: "fire", part: .signature),
        .modelAgreed(field: "category"),
        .modelChose(field: "category", label: "Bug", engine: "Login"),
        .modelChose(field: "category", label: "Bug", engine: nil),
        .modelSilent(field: "severity"),
        .modelFailed(error: "http_500", isPartial: false), .modelFailed(error: "timeout", isPartial: true),
        .corrected(
            field: "category", label: "Bug", engine: "Login", tickets: ["T-1", "T-2"], isDuplicate: true),
        .searchUnavailable(error: "timeout", usesLocal: true),
        .searchUnavailable(error: "unreachable", usesLocal: false),
        .blindSample(fields: ["category", "team"]),
    ]

    @Test(arguments: all) func `a remark reads back as it was written`(remark: Remark) throws {
        var json = JSONWriter()
        remark.write(to: &json)
        let value = try #require(JSONValue(parsing: json.bytes))
        #expect(Remark(value) == remark)
        // A parameter that is missing is no remark; only the engine's label may be null.
        for name in (value.members ?? []).map(\.name) where name != "engine_label" {
            guard case .object(var members) = value else { return }
            members[name] = nil
            #expect(Remark(.object(members)) == nil, "\(name)")
        }
    }

    @Test func `notes are the remarks' sentences`() {
        let sentences = [
            "The model m predicts no category and no severity.",
            "Severity High rather than Low, which is more probable: at an under-triage weight of 2.5 it costs less in "
                + "expectation.",
            "Severity raised from Low to High by the safety floor fire.",
            "The safety floor fire asks for High, but the label P3 is not in the playbook's order of severities: list the "
                + "model's labels under severities:.",
            "The safety floor fire asks for Critical; the model has no severity above High.",
            "The safety floor fire matches a quoted reply, which was not read for the severity: a person should look at it.",
            "The safety floor fire matches a signature, which was not read for the severity: a person should look at it.",
            "The language model agrees on category.",
            "The language model chose category Bug; the engine had Login.",
            "The language model chose category Bug; the engine had none.",
            "The language model gave no label of the bundle for severity, asked twice; the engine's stands.",
            "The engine's labels stand: no answer of the language model (http_500).",
            "The engine's other labels stand: no answer of the language model (timeout).",
            "category Bug instead of Login, because you corrected tickets T-1, T-2: the first is nearly the same.",
            "The vector database did not answer (timeout): articles come from the knowledge base on this machine.",
            "The vector database did not answer (unreachable): known issues were not looked up.",
            "This ticket is in the blind sample: the model's answer for category, team is withheld until a person has given one.",
        ]
        #expect(Self.all.map(\.sentence) == sentences)
        #expect(Set(Self.all.map(\.isOfModel)) == [false, true])
    }
}
