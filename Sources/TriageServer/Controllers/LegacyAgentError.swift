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
        Response(.sentence(detail), as: Detail.wire, status: status)
    }

    private static func fault(_ type: String, _ place: [String], _ message: String) -> Response {
        Response(
            .faults([.init(type: type, place: place, message: message)]), as: Detail.wire,
            status: .unprocessableContent)
    }

    /// A sentence, or a list of faults.
    enum Detail {
        struct Fault {
            var type: String
            var place: [String]
            var message: String
        }

        case sentence(String)
        case faults([Fault])

        static let wire = WireType<Detail>.object("OriginalError") { object in
            object.member("detail", either, "A sentence, or a list of faults.") { $0 }
        }

        private static let faults = WireType<[Fault]>.list(
            of: .object { object in
                object.member("type", .text) { $0.type }
                object.member("loc", .list(of: .text)) { $0.place }
                object.member("msg", .text) { $0.message }
            })

        private static let either = WireType<Detail>(
            JSONSchema().with("anyOf", .schemas([WireType<String>.text.schema, faults.schema]))
        ) { detail, json in
            switch detail {
            case .sentence(let text): json.string(text)
            case .faults(let list): faults.write(list, &json)
            }
        }
    }
}
