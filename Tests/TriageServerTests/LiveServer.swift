import AsyncHTTPClient
import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import ServerTestSupport
import ServiceLifecycle
import Synchronization
import Testing
import TriageData
import TriageEngine

@testable import TriageServer

/// The project's own folder.
let projectRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// The starter bundle with the shipped KB, loaded once.
let starter: Result<Snapshot, any Error> = Result {
    try Snapshot(
        at: Snapshot.Places(
            model: "\(projectRoot)/models/starter", kb: "\(projectRoot)/kb",
            language: "\(projectRoot)/models/language",
            embedding: "\(projectRoot)/models/embeddings/minilm-256", homes: [projectRoot]))
}

/// An answer over the wire.
struct Answer {
    var status: Int
    var headers: [String: String]
    var bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
    }
}

/// A service on a free port of loopback, and a client that compares its answers with the OpenAPI document.
struct LiveServer {
    let port: Int
    var contract: Contract?

    /// Runs the service while `body` does, then stops it as SIGTERM would.
    static func run<Value: Sendable>(
        _ options: ServerOptions = ServerOptions(),
        change: (inout ServerDependencies) -> Void = { _ in },
        _ body: @Sendable @escaping (LiveServer) async throws -> Value
    ) async throws -> Value {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        var dependencies = ServerDependencies(snapshots: SnapshotHolder(try starter.get()), logger: logger)
        change(&dependencies)
        var options = options
        options.port = 0
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let application = try buildApplication(dependencies, options) { bound.yield($0) }
        let contract = contract(dependencies, options)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                for await port in ports { return try await body(LiveServer(port: port, contract: contract)) }
                return nil
            }
            while let value = try await group.next() {
                guard let value else { continue }
                group.cancelAll()
                return value
            }
            throw CancellationError()
        }
    }

    static func contract(_ dependencies: ServerDependencies, _ options: ServerOptions) -> Contract {
        let service = TriageService(dependencies)
        let console = ConsoleServices(dependencies, options, service)
        let operations = operations(dependencies, options, service, console)
        return Contract(JSONValue(parsing: OpenAPI.document(operations, version: "1")) ?? .null)
    }

    /// Redirects are answers like others.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

    /// One request.
    func ask(
        _ method: String, _ path: String, _ body: [UInt8] = [], headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await LiveServer.client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        var fields: [String: String] = [:]
        for (name, value) in response.headers { fields[name.lowercased()] = value }
        let answer = Answer(
            status: Int(response.status.code), headers: fields, bytes: Array(bytes.readableBytesView))
        let faults = contract?.faults(
            method: method, path: path, status: answer.status, type: fields["content-type"],
            bytes: answer.bytes)
        for fault in faults ?? [] { Issue.record("\(fault)", sourceLocation: sourceLocation) }
        return answer
    }

    func ask(
        _ method: String, _ path: String, json: String, headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await ask(
            method, path, Array(json.utf8),
            headers: headers.merging(["Content-Type": "application/json"]) { given, _ in given },
            sourceLocation: sourceLocation)
    }
}
