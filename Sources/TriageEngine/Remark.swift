package import TriageData
package import TriageText

/// What a reader should know of a decision besides its labels; `Decision.notes` is rendered from them.
package enum Remark: Sendable, Equatable {
    /// No head of the model has these roles.
    case missingRoles([String], model: String)
    /// The severity is the label of least expected cost, and another one is more probable.
    case expectedCost(label: String, likeliest: String, underTriageWeight: Double)
    /// A safety floor raised the severity.
    case severityRaised(from: String, to: String, floor: String)
    /// A safety floor fired, and the playbook's order does not hold the label to compare with.
    case severityUnranked(label: String, raiseTo: String, floor: String)
    /// A safety floor fired, and the model has no label above its own.
    case severityHighest(label: String, raiseTo: String, floor: String)
    /// A floor fired on a part that is set aside and left the severity to a person.
    case floorSetAside(floor: String, part: SetAsideKind)
    /// The language model chose the engine's label.
    case modelAgreed(field: String)
    /// The language model chose another label than the engine.
    case modelChose(field: String, label: String, engine: String?)
    /// The language model gave no label of the bundle, in two rounds.
    case modelSilent(field: String)
    /// The language model did not answer; with `isPartial` it had chosen labels of some fields before.
    case modelFailed(error: String, isPartial: Bool)
    /// People corrected these tickets, and the field has their label instead of the model's; with `isDuplicate` the first
    /// of them is nearly the same.
    case corrected(field: String, label: String, engine: String, tickets: [String], isDuplicate: Bool)
    /// The vector database did not answer, for this reason: matches come from the knowledge base on this machine, or there are
    /// none.
    case searchUnavailable(error: String, usesLocal: Bool)
    /// The labels of these fields are withheld until a person has given one.
    case blindSample(fields: [String])

    /// The field that has the label of corrected tickets; nil of other remarks.
    var correctedField: String? {
        guard case .corrected(let field, _, _, _, _) = self else { return nil }
        return field
    }

    /// Whether it is about the search for articles.
    var isOfSearch: Bool {
        guard case .searchUnavailable = self else { return false }
        return true
    }

    /// Whether deciding again cannot give it, because a language model, a correction or a server had a part in it.
    package var isOfModel: Bool {
        switch self {
        case .modelAgreed, .modelChose, .modelSilent, .modelFailed, .corrected, .searchUnavailable: true
        case .missingRoles, .expectedCost, .severityRaised, .severityUnranked, .severityHighest,
            .floorSetAside, .blindSample:
            false
        }
    }

    /// What a language model did to a decision.
    ///
    /// - Parameters:
    ///   - labels: The model's labels, by field.
    ///   - unanswered: Fields of its prompt for which it gave no label of the bundle.
    ///   - failure: A short word for why no answer came; nil when one did.
    ///   - engine: What the engine alone decided.
    /// - Returns: Its choices, then what failed.
    package static func ofModel(
        labels: [String: String], unanswered: [String] = [], failure: String? = nil, engine: Decision
    ) -> [Remark] {
        let choices = labels.sorted { $0.key < $1.key }.map { field, label in
            let own = engine.predictions.first { $0.field == field }?.label
            return own == label
                ? Remark.modelAgreed(field: field) : .modelChose(field: field, label: label, engine: own)
        }
        if let failure { return choices + [.modelFailed(error: failure, isPartial: !labels.isEmpty)] }
        return choices + unanswered.sorted().map { .modelSilent(field: $0) }
    }
}

extension Remark {
    /// The remark as a sentence for people.
    package var sentence: String {
        switch self {
        case .missingRoles(let roles, let model):
            "The model \(model) predicts no \(roles.joined(separator: " and no "))."
        case .expectedCost(let label, let likeliest, let weight):
            "Severity \(label) rather than \(likeliest), which is more probable: at an under-triage weight of "
                + "\(Snapshot.shown(weight)) it costs less in expectation."
        case .severityRaised(let old, let new, let floor):
            "Severity raised from \(old) to \(new) by the safety floor \(floor)."
        case .severityUnranked(let label, let raiseTo, let floor):
            "The safety floor \(floor) asks for \(raiseTo), but the label \(label) is not in the playbook's order of "
                + "severities: list the model's labels under severities:."
        case .severityHighest(let label, let raiseTo, let floor):
            "The safety floor \(floor) asks for \(raiseTo); the model has no severity above \(label)."
        case .floorSetAside(let floor, let part):
            "The safety floor \(floor) matches a \(part.name), which was not read for the severity: a person should look at it."
        case .modelAgreed(let field): "The language model agrees on \(field)."
        case .modelChose(let field, let label, let engine):
            "The language model chose \(field) \(label); the engine had \(engine ?? "none")."
        case .modelSilent(let field):
            "The language model gave no label of the bundle for \(field), asked twice; the engine's stands."
        case .modelFailed(let code, let isPartial):
            "The engine's \(isPartial ? "other labels" : "labels") stand: no answer of the language model (\(code))."
        case .corrected(let field, let label, let engine, let tickets, let isDuplicate):
            "\(field) \(label) instead of \(engine), because you corrected "
                + "\(tickets.count == 1 ? "ticket" : "tickets") \(tickets.joined(separator: ", "))"
                + (isDuplicate ? ": \(tickets.count == 1 ? "it is" : "the first is") nearly the same." : ".")
        case .searchUnavailable(let code, let usesLocal):
            usesLocal
                ? "The vector database did not answer (\(code)): articles come from the knowledge base on this machine."
                : "The vector database did not answer (\(code)): known issues were not looked up."
        case .blindSample(let fields):
            "This ticket is in the blind sample: the model's answer for \(fields.joined(separator: ", ")) is withheld "
                + "until a person has given one."
        }
    }
}

// MARK: - JSON

extension Remark {
    /// Writes the remark as `{"code", …parameters}`.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            let (code, parameters) = parts
            json.string("code", code)
            for (name, value) in parameters {
                json.key(named: name)
                json.value(value)
            }
        }
    }

    private var parts: (code: String, parameters: [(name: String, value: JSONValue)]) {
        func named(_ names: (String, String)...) -> [(name: String, value: JSONValue)] {
            names.map { ($0.0, .string($0.1)) }
        }
        switch self {
        case .missingRoles(let roles, let model):
            return (
                "missing_roles",
                [("roles", .array(roles.map { .string($0) }))] + named(("model", model))
            )
        case .expectedCost(let label, let likeliest, let weight):
            return (
                "expected_cost",
                named(("label", label), ("likeliest", likeliest)) + [
                    ("under_triage_weight", .number(String(weight)))
                ]
            )
        case .severityRaised(let old, let new, let floor):
            return ("severity_raised", named(("from", old), ("to", new), ("floor", floor)))
        case .severityUnranked(let label, let raiseTo, let floor):
            return ("severity_unranked", named(("label", label), ("raise_to", raiseTo), ("floor", floor)))
        case .severityHighest(let label, let raiseTo, let floor):
            return ("severity_highest", named(("label", label), ("raise_to", raiseTo), ("floor", floor)))
        case .floorSetAside(let floor, let part):
            return ("floor_set_aside", named(("floor", floor), ("part", part.rawValue)))
        case .modelAgreed(let field): return ("model_agreed", named(("field", field)))
        case .modelChose(let field, let label, let engine):
            let own = ("engine_label", engine.map { JSONValue.string($0) } ?? .null)
            return ("model_chose", named(("field", field), ("label", label)) + [own])
        case .modelSilent(let field): return ("model_silent", named(("field", field)))
        case .modelFailed(let error, let isPartial):
            return ("model_failed", named(("error", error)) + [("partial", .bool(isPartial))])
        case .corrected(let field, let label, let engine, let tickets, let isDuplicate):
            return (
                "corrected",
                named(("field", field), ("label", label), ("engine_label", engine)) + [
                    ("tickets", .array(tickets.map { .string($0) })), ("duplicate", .bool(isDuplicate)),
                ]
            )
        case .searchUnavailable(let error, let usesLocal):
            return ("search_unavailable", named(("error", error)) + [("local", .bool(usesLocal))])
        case .blindSample(let fields):
            return ("blind_sample", [("fields", .array(fields.map { .string($0) }))])
        }
    }

    /// A remark that was written; nil for a code or parameters that this version does not know.
    package init?(_ json: JSONValue) {
        func text(_ name: String) -> String? {
            guard case .string(let text)? = json[name] else { return nil }
            return text
        }
        let floor = (text("label"), text("raise_to"), text("floor"))
        switch (text("code"), text("field"), text("label")) {
        case ("missing_roles", nil, nil):
            guard let roles = json["roles"]?.elements, let model = text("model") else { return nil }
            self = .missingRoles(roles.compactMap(\.text), model: model)
        case ("expected_cost", nil, let label?):
            guard let likeliest = text("likeliest"), let weight = json["under_triage_weight"]?.double else {
                return nil
            }
            self = .expectedCost(label: label, likeliest: likeliest, underTriageWeight: weight)
        case ("severity_raised", nil, nil):
            guard let old = text("from"), let new = text("to"), let floor = text("floor") else { return nil }
            self = .severityRaised(from: old, to: new, floor: floor)
        case ("severity_unranked", nil, _):
            guard case (let label?, let raiseTo?, let floor?) = floor else { return nil }
            self = .severityUnranked(label: label, raiseTo: raiseTo, floor: floor)
        case ("severity_highest", nil, _):
            guard case (let label?, let raiseTo?, let floor?) = floor else { return nil }
            self = .severityHighest(label: label, raiseTo: raiseTo, floor: floor)
        case ("floor_set_aside", nil, nil):
            guard let floor = text("floor"), let part = text("part").flatMap(SetAsideKind.init) else {
                return nil
            }
            self = .floorSetAside(floor: floor, part: part)
        case ("model_agreed", let field?, nil): self = .modelAgreed(field: field)
        case ("model_chose", let field?, let label?):
            self = .modelChose(field: field, label: label, engine: text("engine_label"))
        case ("model_silent", let field?, nil): self = .modelSilent(field: field)
        case ("corrected", let field?, let label?):
            guard let engine = text("engine_label"), let tickets = json["tickets"]?.elements,
                case .bool(let isDuplicate)? = json["duplicate"]
            else { return nil }
            self = .corrected(
                field: field, label: label, engine: engine, tickets: tickets.compactMap(\.text),
                isDuplicate: isDuplicate)
        case ("search_unavailable", nil, nil):
            guard let error = text("error"), case .bool(let usesLocal)? = json["local"] else { return nil }
            self = .searchUnavailable(error: error, usesLocal: usesLocal)
        case ("blind_sample", nil, nil):
            guard let fields = json["fields"]?.elements else { return nil }
            self = .blindSample(fields: fields.compactMap(\.text))
        case ("model_failed", nil, nil):
            guard let error = text("error"), case .bool(let isPartial)? = json["partial"] else { return nil }
            self = .modelFailed(error: error, isPartial: isPartial)
        default: return nil
        }
    }

    /// Reading leaves out remarks that this version does not know.
    package static let list = WireType<[Remark]>(
        JSONSchema(listOf: JSONSchema(type: "object").with("required", .array([.string("code")]))),
        read: { json throws(WireError) in
            guard let elements = json.elements else { throw WireError(expected: "a list") }
            return elements.compactMap { Remark($0) }
        }, write: { $1.array($0) { $1.write(to: &$0) } })
}
