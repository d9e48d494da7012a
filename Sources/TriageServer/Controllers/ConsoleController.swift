internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageTickets

/// `/ui`: a page to try tickets on; the server answers its form, so it works without scripts.
struct ConsoleController {
    let service: TriageService
    let maximumBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui", summary: "A page to try tickets on.",
                parameters: [
                    .integer(
                        "sample", "The sample ticket in the form.",
                        0...(ConsolePage.samples.count - 1), default: 0)
                ],
                answers: [
                    ConsoleController.page, .problem(.unprocessableContent, "The page has no such sample."),
                ],
                isPage: true,
                handler: { request, _ in
                    let sample = try request.integer(
                        "sample", in: 0...(ConsolePage.samples.count - 1), default: -1)
                    let page = ConsolePage(text: sample < 0 ? "" : ConsolePage.samples[sample].text)
                    return Response(page)
                }),
            Operation(
                method: .post, path: "/ui", summary: "The page with the decision for the form's ticket.",
                scope: .triage,
                body: .init(
                    type: "application/x-www-form-urlencoded",
                    schema:
                        WireType<String>.object { $0.member("description", .text) { $0 } }.schema
                ),
                answers: [ConsoleController.page] + Operation.Answer.bodyProblems, isPage: true,
                handler: { request, context in
                    let form = FormFields(try await request.bytes(upTo: maximumBody))
                    guard let text = form[FormFields.ticket] else {
                        throw Problem.invalid("The form has no description.")
                    }
                    var page = ConsolePage(text: text)
                    if text.contains(where: { !$0.isWhitespace }) {
                        do {
                            page.decision = try await service.decide(
                                Ticket(body: text), by: context.caller, explaining: true
                            ).decision
                        } catch { throw FormError(cause: error, text: text) }
                    } else {
                        page.message = "The ticket has no text. Write or paste one, then press Triage."
                    }
                    return Response(page)
                }),
        ]
    }

    private static let page = Operation.Answer(
        status: .ok, summary: "The page.",
        content: .init(type: "text/html", schema: JSONSchema(type: "string")))
}

extension Response {
    fileprivate init(_ page: ConsolePage) {
        self.init(page: page.page)
        headers[.cacheControl] = "no-store"
    }

    /// The page with a problem's title, detail and remedy, and the ticket that the form had.
    init(_ problem: Problem, text: String, requestID: String) {
        let title = "\(problem.status.reasonPhrase) (\(problem.status.code))"
        self.init(
            ConsolePage(text: text, message: "\(title). \(problem.detail) Request id: \(requestID)."))
        status = problem.status
        headers.append(contentsOf: problem.headers)
    }
}

/// An error after the form was read, with the ticket that the page shows again.
struct FormError: Error {
    let cause: any Error
    let text: String
}

/// The fields of an `application/x-www-form-urlencoded` form (WHATWG URL, section 5).
struct FormFields {
    private var values: [String: String] = [:]

    /// The field of the ticket's text.
    static let ticket = "description"

    init(_ bytes: [UInt8]) {
        for pair in bytes.split(separator: 0x26) {
            let parts = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            values[FormFields.decode(parts[0])] = parts.count > 1 ? FormFields.decode(parts[1]) : ""
        }
    }

    subscript(name: String) -> String? { values[name] }

    private static func decode(_ bytes: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
