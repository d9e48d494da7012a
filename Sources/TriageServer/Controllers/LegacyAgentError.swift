internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageSettings

/// What the original's endpoint refuses, in the shape of its framework (FastAPI).
///
/// `detail` is a sentence, or a list of faults with their places. The value refused is never repeated.
enum LegacyAgentError: Error {
    case blank
    case invalidJSON
    case notAnObject
    case missingDescription
    case descriptionIsNoText
    case badNames(LegacyNameError)

    /// The answer to it.
    var response: Response {
        switch self {
        case .blank: Self.sentence(.badRequest, "description is required")
        case .invalidJSON: Self.fault("json_invalid", ["body"], "JSON decode error")
        case .notAnObject: Self.fault("model_attributes_type", ["body"], "Input should be a valid dictionary")
        case .missingDescription: Self.fault("missing", ["body", "description"], "Field required")
        case .descriptionIsNoText:
            Self.fault("string_type", ["body", "description"], "Input should be a valid string")
        case .badNames(.unknown):
            Self.fault("enum", ["query", "names"], "Input should be of: \(LegacyName.all)")
        case .badNames(let error):
            Self.fault("value_error", ["query", "names"], "Value error, \(error.description)")
        }
    }

    /// `{"detail": "…"}`.
    static func sentence(_ status: HTTPResponse.Status, _ detail: String) -> Response {
        Response(LegacyAgentController.message("detail", detail), status: status)
    }

    private static func fault(_ type: String, _ place: [String], _ message: String) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.key("detail")
            json.array { json in
                json.object { json in
                    json.key("type")
                    json.string(type)
                    json.key("loc")
                    json.array(place) { $0.string($1) }
                    json.key("msg")
                    json.string(message)
                }
            }
        }
        return Response(json, status: .unprocessableContent)
    }
}
