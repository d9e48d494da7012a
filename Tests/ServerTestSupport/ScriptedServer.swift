internal import Foundation
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A chat-completions server that does what a test tells it, down to the byte, and remembers all it is sent.
package final class ScriptedServer: Sendable {
    /// A request as it came over the wire.
    package struct Captured: Sendable {
        /// Counted from 0 over all connections.
        package var number: Int
        package var head: String
        package var body: [UInt8]

        package var text: String { head + String(decoding: body, as: UTF8.self) }
        package var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
        }

        /// The contents of all messages.
        package var messages: String {
            let messages = object["messages"] as? [[String: Any]] ?? []
            return messages.compactMap { $0["content"] as? String }.joined(separator: "\n")
        }

        package func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name):") }
                .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
        }
    }

    /// One thing that the server does.
    package enum Act: Sendable {
        /// A whole answer.
        case answer(Int, String, [String: String] = [:])
        /// Bytes as they are.
        case bytes(String)
        /// Nothing for so many milliseconds.
        case pause(Int)
        /// The end of the connection.
        case close
        /// Nothing ever again.
        case hang
    }

    package let port: Int
    private let channel: any Channel
    private let requests = Mutex<[Captured]>([])
    private let connections = Mutex(0)

    package var url: String { "http://127.0.0.1:\(port)/v1" }
    package var captured: [Captured] { requests.withLock { $0 } }
    package var connectionCount: Int { connections.withLock { $0 } }

    private init(_ channel: any Channel) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
    }

    /// Runs a server on a free port of loopback, or on the one named, while `body` does.
    package static func run<Value>(
        tls: Certificates? = nil,
        port: Int = 0, _ script: @escaping @Sendable (Captured) -> [Act],
        _ body: (ScriptedServer) async throws -> Value
    ) async throws -> Value {
        let box = Mutex<ScriptedServer?>(nil)
        let context = try tls.map { certificates in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(certificates.chain).map {
                        .certificate($0)
                    },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: certificates.key, format: .pem))))
        }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let server = box.withLock { $0 }
                    server?.connections.withLock { $0 += 1 }
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        RequestHandler { head, body in
                            guard let server = box.withLock({ $0 }) else { return [.close] }
                            let request = server.requests.withLock { requests in
                                requests.append(Captured(number: requests.count, head: head, body: body))
                                return requests[requests.count - 1]
                            }
                            return script(request)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        let server = ScriptedServer(channel)
        box.withLock { $0 = server }
        do {
            let value = try await body(server)
            try await channel.close().get()
            return value
        } catch {
            try? await channel.close().get()
            throw error
        }
    }

    /// A free port on which nothing listens.
    package static func deadPort() async throws -> Int {
        try await run({ _ in [.close] }) { $0.port }
    }
}

extension ScriptedServer.Act {
    /// A chat's answer as the protocol has it.
    package static func chat(
        _ text: String, model: String = "scripted", tokens: (Int, Int)? = (100, 20), finish: String = "stop"
    ) -> Self {
        var object: [String: Any] = [
            "id": "c", "object": "chat.completion", "model": model,
            "choices": [
                ["index": 0, "finish_reason": finish, "message": ["role": "assistant", "content": text]]
            ],
        ]
        if let tokens {
            object["usage"] = [
                "prompt_tokens": tokens.0, "completion_tokens": tokens.1, "total_tokens": tokens.0 + tokens.1,
            ]
        }
        return .answer(200, json(object), ["content-type": "application/json"])
    }

    static func json(_ object: [String: Any]) -> String {
        let data = (try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// The head of a streamed answer.
    package static let streamHead = Self.bytes(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")

    /// One event of a streamed answer.
    package static func event(_ text: String?, finish: String? = nil) -> Self {
        var choice: [String: Any] = ["index": 0, "delta": text.map { ["content": $0] } ?? [:]]
        choice["finish_reason"] = finish ?? NSNull()
        return .bytes("data: \(json(["model": "scripted", "choices": [choice]]))\n\n")
    }

    package static let done = Self.bytes("data: [DONE]\n\n")

    /// A whole streamed answer in pieces.
    package static func stream(_ pieces: [String]) -> [Self] {
        [streamHead] + pieces.map { .event($0) } + [.event(nil, finish: "stop"), done, .close]
    }
}

/// Collects requests with a content length and acts as the script says.
private final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: @Sendable (String, [UInt8]) -> [ScriptedServer.Act]
    private var received: [UInt8] = []

    init(_ script: @escaping @Sendable (String, [UInt8]) -> [ScriptedServer.Act]) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        while let (head, body) = takeRequest() { act(script(head, body)[...], context.channel) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func takeRequest() -> (String, [UInt8])? {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = received.firstRange(of: mark) else { return nil }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let length = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
        let total = end.upperBound + (length ?? 0)
        guard received.count >= total else { return nil }
        let body = Array(received[end.upperBound..<total])
        received.removeFirst(total)
        return (head, body)
    }

    private func act(_ acts: ArraySlice<ScriptedServer.Act>, _ channel: any Channel) {
        guard let first = acts.first else { return }
        let rest = acts.dropFirst()
        switch first {
        case .answer(let status, let body, let headers):
            let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            write(
                "HTTP/1.1 \(status) X\r\ncontent-length: \(body.utf8.count)\r\n\(lines)\r\n\(body)", channel)
            act(rest, channel)
        case .bytes(let text):
            write(text, channel)
            act(rest, channel)
        case .pause(let milliseconds):
            let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
            channel.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                handler.value.act(rest, channel)
            }
        case .close: channel.close(promise: nil)
        case .hang: break
        }
    }

    private func write(_ text: String, _ channel: any Channel) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }
}
