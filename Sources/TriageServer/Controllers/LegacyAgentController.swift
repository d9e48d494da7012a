internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageSettings
internal import TriageTickets

/// The contract of the Python agent that this service replaces: paths, fields, and errors as `{"detail"}`.
struct LegacyAgentController {
    let decider: TriageService
    let largestBody: Int
    let legacy: ServiceSettings.Legacy

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/",
                summary: "A message that the service runs, as the original agent gave it.",
                answers: [
                    .init(
                        status: .ok, summary: "The message.",
                        content: .init(schema: LegacyAgentController.message.schema))
                ],
                keepsOriginalErrors: true,
                handler: { _, _ in Response(legacy.status, as: LegacyAgentController.message) }),
            Operation(
                method: .post, path: "/triage",
                summary: "Decide one ticket; the answer has the original agent's fields.",
                scope: .triage, parameters: [LegacyAgentController.names],
                body: .init(
                    schema: "OriginalTicket",
                    example: #"{"description":"I cannot sign in since this morning."}"#),
                answers: [
                    .ok("LegacyAgentAnswer", "The answer."),
                    LegacyAgentController.fault(.badRequest, "The description is blank."),
                    LegacyAgentController.fault(.contentTooLarge, "The body is too large."),
                    LegacyAgentController.fault(
                        .unprocessableContent,
                        "The body is not {\"description\": text}, or names is not a list of such names."),
                ],
                keepsOriginalErrors: true,
                handler: { request, context in try await triage(request, context) }),
        ]
    }

    private static let names = Operation.Parameter(
        name: "names",
        summary:
            "Field names of a sister service instead of the original's, separated by commas: \(LegacyName.all). At most one "
            + "name for a field. Without the parameter the setting `legacy.names` applies; a blank list asks for the "
            + "original's names.",
        schema: namesSchema)

    /// Any names, and no two of one field.
    private static let namesSchema: JSONSchema = {
        let names = LegacyName.allCases
        let conflicts = names.flatMap { first in
            names.filter { $0 != first && $0.replaced == first.replaced }
                .map { #"(^|[ ,+])\#(first.rawValue)[ ,+](.*[ ,+])?\#($0.rawValue)([ ,+]|$)"# }
        }
        let one = names.map(\.rawValue).joined(separator: "|")
        let conflict = JSONSchema().with("pattern", .string(conflicts.joined(separator: "|")))
        return WireType<String>.text(pattern: "^[ ,+]*((\(one))([ ,+]+|$))*$").schema
            .with("not", .schema(conflict))
    }()

    /// The answer of `GET /`: a message with the status that the settings give.
    private static let message = WireType<String?>.object { object in
        object.member("message", .text) { _ in "Triage agent running" }
        object.optional("status", .text, "Only where the setting `legacy.status` gives a value.") { $0 }
    }

    static func fault(_ status: HTTPResponse.Status, _ summary: String) -> Operation.Answer {
        .init(status: status, summary: summary, content: .init(schema: "OriginalError"))
    }

    private func triage(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let names = try self.names(request)
        let bytes = try await request.bytes(upTo: largestBody)
        guard let body = JSONValue(parsing: bytes) else { throw LegacyAgentError.invalidJSON }
        guard case .object(let fields) = body else { throw LegacyAgentError.notAnObject }
        guard let description = fields["description"] else { throw LegacyAgentError.missingDescription }
        guard case .string(let text) = description else { throw LegacyAgentError.descriptionIsNoText }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw LegacyAgentError.blank
        }
        let decision = try await decider.decide(Ticket(body: text), by: context.caller).decision
        return Response(
            decision, as: names == [] ? LegacyAgentAnswer.wire : LegacyAgentAnswer.wire(names))
    }

    /// The names that the request gives, or else the settings.
    private func names(_ request: Request) throws(LegacyAgentError) -> LegacyNames {
        let given = request.uri.queryParameters[values: "names"]
        guard !given.isEmpty else { return legacy.names }
        do throws(LegacyNameError) { return try LegacyNames(parsing: given.joined(separator: ",")) } catch {
            throw .badNames(error)
        }
    }

    /// The body of the original agent; a description that is missing, blank or no text is another error each.
    static let ticket = WireType<String>.object("OriginalTicket") { object in
        object.member("description", .text(pattern: #"\S"#)) { $0 }
    }
}
