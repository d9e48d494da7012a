internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TriageData

extension Response {
    /// What a writer holds, as JSON.
    init(_ json: JSONWriter, status: HTTPResponse.Status = .ok, type: String = "application/json") {
        self.init(bytes: json.bytes, status: status, type: type)
    }

    /// Bytes of a media type.
    init(bytes: some Collection<UInt8>, status: HTTPResponse.Status = .ok, type: String) {
        self.init(
            status: status,
            headers: [.contentType: type, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
}
