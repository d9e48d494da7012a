internal import HTTPTypes

/// Which paths there are, for what the router does not tell: the methods of a path, and whose errors it speaks.
struct RouteTable: Sendable {
    private let routes: [(segments: [Substring], method: HTTPRequest.Method, original: Bool)]

    init(_ operations: [Operation]) {
        routes = operations.map { ($0.path.split(separator: "/"), $0.method, $0.keepsOriginalErrors) }
    }

    /// The methods that a path answers to; none when there is no such path.
    func methods(at path: String) -> [HTTPRequest.Method] { matches(path).map(\.method) }

    /// Whether errors at a path have the original's shape.
    func keepsOriginalErrors(at path: String) -> Bool { matches(path).contains { $0.original } }

    private func matches(_ path: String) -> [(
        segments: [Substring], method: HTTPRequest.Method, original: Bool
    )] {
        let segments = path.split(separator: "/")
        return routes.filter { route in
            route.segments.count == segments.count
                && zip(route.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }
}
