internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine

/// The contract of the Python agent that this service replaces: paths, fields, and errors as `{"detail"}`.
struct OriginalController {
    let decider: Decider
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/", summary: "A sign of life, as the original gave it.",
                answers: [
                    .init(
                        status: .ok, summary: "The sign.",
                        content: .init(
                            schema:
                                #"{"type":"object","required":["message"],"properties":{"message":{"type":"string"}}}"#
                        ))
                ],
                keepsOriginalErrors: true
            ) { _, _ in Response(OriginalController.message("message", "Triage agent running")) },
            Operation(
                method: .post, path: "/triage", summary: "Decide one ticket, in the original agent's words.",
                scope: .triage, parameters: [OriginalController.names],
                body: .init(
                    schema: "OriginalTicket",
                    example: #"{"description":"I cannot sign in since this morning."}"#),
                answers: [
                    .ok("OriginalAnswer", "The answer."),
                    OriginalController.fault(.badRequest, "The description is blank."),
                    OriginalController.fault(.contentTooLarge, "The body is too large."),
                    OriginalController.fault(
                        .unprocessableContent, "The body is not {\"description\": text}."),
                ],
                keepsOriginalErrors: true,
                handler: { request, context in try await triage(request, context) }),
        ]
    }

    private static let names = Operation.Parameter(
        name: "names",
        summary:
            "Names of sister services, in place of the original's: \(OriginalAnswer.Name.all), separated by commas.",
        schema: OriginalAnswer.Name.schema)

    static func fault(_ status: HTTPResponse.Status, _ summary: String) -> Operation.Answer {
        .init(status: status, summary: summary, content: .init(schema: "OriginalError"))
    }

    private func triage(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let names = try OriginalAnswer.Name.parse(request.query("names"))
        let bytes = try await request.bytes(upTo: largestBody)
        guard let body = JSONValue(parsing: bytes) else { throw OriginalFault.invalidJSON }
        guard case .object(let fields) = body else { throw OriginalFault.notAnObject }
        guard let description = fields["description"] else { throw OriginalFault.missingDescription }
        guard case .string(let text) = description else { throw OriginalFault.descriptionIsNoText }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw OriginalFault.blank
        }
        let decision = try await decider.decide(Ticket(body: text), by: context.caller).decision
        var json = JSONWriter()
        OriginalAnswer(decision, names).write(to: &json)
        return Response(json)
    }

    static func message(_ key: String, _ text: String) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.key(named: key)
            json.string(text)
        }
        return json
    }
}
