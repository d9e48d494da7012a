import Testing

@testable import TriageEngine

/// A policy's fingerprint covers each of its properties.
struct FingerprintTests {
    /// A change of each property, by its name: reflection shows when one is missing here.
    private static let changes: [String: @Sendable (inout Policy) -> Void] = [
        "nextActions": { $0.nextActions["Bug"] = ["High": "Fix it now."] },
        "defaults": { $0.defaults["Bug"] = "Fix it." },
        "translations": { $0.translations["de"] = .init(defaults: ["Bug": "Beheben."]) },
        "floors": { $0.floors.swapAt(0, 1) },
        "severities": { $0.severities = .init($0.severities.names + ["Worse"]) },
        "underTriageWeight": { $0.underTriageWeight = 64 },
        "maxUnderTriage": { $0.maxUnderTriage = 0.1 },
        "wordLists": { $0.wordLists["no"] = "none" },
        "labelMeanings": { $0.labelMeanings["category"] = ["Bug": "A fault."] },
    ]
    private static let floorChanges: [String: @Sendable (inout Policy.Floor) -> Void] = [
        "id": { $0.id = "smoke" },
        "raiseTo": { $0.raiseTo = "Medium" },
        "any": { $0.any.append("smoke") },
        "unless": { $0.unless.append("fireplace") },
        "patterns": { $0.patterns = patterns },
        "unlessPatterns": { $0.unlessPatterns = patterns },
    ]
    private static let patterns = [try? FloorPattern("smoke + hall", lists: FloorPattern.Lists())].compactMap
    { $0 }
    private static let policy: Policy = {
        var policy = Policy()
        policy.floors = [
            .init(id: "fire", raiseTo: "Critical", any: ["fire"], unless: []),
            .init(id: "water", raiseTo: "High", any: ["water"], unless: []),
        ]
        return policy
    }()

    private func names(_ value: Any) -> Set<String> {
        Set(Mirror(reflecting: value).children.compactMap(\.label))
    }

    @Test func `every property of a policy and of a floor changes its fingerprint`() {
        #expect(Set(Self.changes.keys) == names(Self.policy))
        #expect(Set(Self.floorChanges.keys) == names(Self.policy.floors[0]))
        for (name, change) in Self.changes {
            var changed = Self.policy
            change(&changed)
            #expect(changed.fingerprint() != Self.policy.fingerprint(), "\(name)")
        }
        for (name, change) in Self.floorChanges {
            var changed = Self.policy
            change(&changed.floors[1])
            #expect(changed.fingerprint() != Self.policy.fingerprint(), "floor \(name)")
        }
    }

    @Test func `two weights that decide differently have two fingerprints`() throws {
        let policies = try [1, 64].map { weight in
            try Policy(playbook: Array("under_triage_weight: \(weight)".utf8), path: "p.yaml")
        }
        #expect(Set(policies.map { $0.fingerprint() }).count == 2)
    }

    /// Computed by another program from the form that earlier versions hashed.
    @Test func `the fingerprint of earlier versions is known, for policies that it covers`() {
        var policy = Policy()
        policy.floors = [.init(id: "fire", raiseTo: "Critical", any: ["fire"], unless: ["fireplace"])]
        policy.nextActions = ["Bug": ["Low": "Wait.", "High": "Fix it."]]
        policy.defaults = ["Bug": "Look."]
        #expect(
            policy.formerFingerprint() == "2f54582bd3df2dda1deaa22064186855425a4ca60398dd03a6a41ce53fc07169")
        var newer = policy
        newer.floors[0].patterns = Self.patterns
        #expect(newer.formerFingerprint() == nil)
        policy.underTriageWeight = 2
        #expect(policy.formerFingerprint() == nil)
    }

    @Test func `text that moves from one place to its neighbour changes the fingerprint`() {
        func fingerprint(_ any: [String], _ unless: [String]) -> String {
            var policy = Policy()
            policy.floors = [.init(id: "f", raiseTo: "High", any: any, unless: unless)]
            return policy.fingerprint()
        }
        #expect(fingerprint(["a", "b"], []) != fingerprint(["a"], ["b"]))
        #expect(fingerprint(["a\",\"b"], []) != fingerprint(["a", "b"], []))
    }
}
