internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageTickets

/// `/ui`: one page to try the service with; a form that is answered by the server, so it works without scripts.
struct PageController {
    let decider: TriageService
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui", summary: "A page to try tickets on.",
                parameters: [
                    .integer(
                        "sample", "The sample ticket that the form begins with.",
                        0...(TryPage.samples.count - 1), default: 0)
                ],
                answers: [PageController.page, .problem(.unprocessableContent, "There is no such sample.")],
                handler: { request, _ in
                    let sample = try request.integer(
                        "sample", in: 0...(TryPage.samples.count - 1), default: -1)
                    let page = TryPage(text: sample < 0 ? "" : TryPage.samples[sample].text)
                    return PageController.response(page)
                }),
            Operation(
                method: .post, path: "/ui", summary: "The page with the decision on the form's ticket.",
                scope: .triage,
                body: .init(
                    type: "application/x-www-form-urlencoded",
                    schema:
                        WireType<String>.object { $0.member("description", .text) { $0 } }.schema
                ),
                answers: [PageController.page] + Operation.Answer.bodyProblems, isPage: true,
                handler: { request, context in
                    let form = FormFields(try await request.bytes(upTo: largestBody))
                    guard let text = form["description"] else {
                        throw Problem.invalid("The form has no description.")
                    }
                    var page = TryPage(text: text)
                    if text.contains(where: { !$0.isWhitespace }) {
                        page.decision = try await decider.decide(
                            Ticket(body: text), by: context.caller, explaining: true
                        ).decision
                    } else {
                        page.isBlank = true
                    }
                    return PageController.response(page)
                }),
        ]
    }

    private static let page = Operation.Answer(
        status: .ok, summary: "The page.",
        content: .init(type: "text/html", schema: JSONSchema(type: "string")))

    private static func response(_ page: TryPage) -> Response {
        var response = Response(bytes: page.html, type: "text/html; charset=utf-8")
        response.headers[.contentSecurityPolicy] = TryPage.policy
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

/// The fields of a form as `application/x-www-form-urlencoded` (WHATWG URL, section 5).
struct FormFields {
    private var values: [String: String] = [:]

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
