internal import HTTPTypes
internal import Logging
internal import Metrics
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import Synchronization
internal import TriageData
internal import TriageTickets

/// Enforces the limits of one connection.
///
/// It closes connections of senders and readers that are too slow, answers requests that cannot be parsed, and
/// stops reading a body whose request is answered. Only time in which the service was ready to read counts
/// against a sender, so a batch that waits for its own answers is not slow.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private let maximumBody: Int
    private let open: OpenConnections
    private let isTLS: Bool
    /// Whether the request is a stream, which has no time limit as long as data flows.
    private let isStream: @Sendable (HTTPRequest) -> Bool
    private var state: ConnectionState
    private var timer: RepeatedTask?
    private var isCounted = false
    /// The last answer is written and the connection closes: nothing passes any more.
    private var isOver = false
    /// An error was answered before the body ended: the connection closes when the body ends.
    private var endsWithAnswer = false

    init(
        _ limits: ConnectionLimits, maximumBody: Int, open: OpenConnections, isTLS: Bool,
        isStream: @escaping @Sendable (HTTPRequest) -> Bool
    ) {
        self.limits = limits
        self.maximumBody = maximumBody
        self.open = open
        self.isTLS = isTLS
        self.isStream = isStream
        state = ConnectionState(limits, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(
                VersionHandler(isTLS: isTLS, grace: limits.endingGrace), position: .before(codec))
        } catch {
            preconditionFailure("a connection of HTTP/1 has a codec")
        }
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        state = ConnectionState(limits, now: .now())
        isCounted = open.acquire(limit: limits.connections)
        guard isCounted else {
            return reject(context, .serviceUnavailable, "Too many connections are open; try again.")
        }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let tick = min(limits.headerTime, limits.idleTime, limits.requestTime, limits.patience) / 4
        let delay = TimeAmount(max(min(tick, .seconds(1)), .milliseconds(10)))
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { _ in
            bound.value.handler.checkTime(bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { release() }

    func channelInactive(context: ChannelHandlerContext) {
        release()
        context.fireChannelInactive()
    }

    func read(context: ChannelHandlerContext) {
        state.isReading(true, .now())
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        state.isReading(false, .now())
        context.fireChannelReadComplete()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let request): begin(request, context)
        case .body(let bytes): state.received(bytes.readableBytes)
        case .end: state.bodyEnded()
        }
        // The body of an answered request goes no further.
        if endsWithAnswer, !state.isBusy, !state.isReceiving { return finish(context) }
        if case .body = part, state.isAnswered { return }
        context.fireChannelRead(data)
    }

    /// Notes that a request begins, and sends 100 Continue if the client waits for it (RFC 9110, 10.1.1) and the body
    /// is not too large.
    private func begin(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
        let (isStream, isFirst) = (isStream(request), !state.isBusy)
        state.head(isStream: isStream, .now())
        guard isFirst, request.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        let length = request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard isStream || length <= maximumBody else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isOver else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let response):
            state.answerBegan()
            let isError = response.status.kind == .clientError || response.status.kind == .serverError
            guard endsWithAnswer || state.isReceiving && isError else { break }
            // An error before the body ended: the connection closes after the answer, so the rest need not be read.
            var response = response
            response.headerFields[.connection] = "close"
            endsWithAnswer = true
            return context.write(wrapOutboundOut(.head(response)), promise: promise)
        case .body: break
        case .end: state.answerEnded(.now())
        }
        context.write(data, promise: promise)
        if endsWithAnswer, !state.isBusy, !state.isReceiving { finishAfterFlush(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        state.isWritable(context.channel.isWritable, .now())
        context.fireChannelWritabilityChanged()
    }

    /// Answers a request that cannot be parsed, unless an earlier answer is still being written.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return }
        guard !state.isBusy else {
            // The reader of the body answers; nothing after it can be parsed.
            endsWithAnswer = true
            state.bodyEnded()
            return context.fireErrorCaught(error)
        }
        if case HTTPParserError.headerOverflow = error {
            reject(
                context, .requestHeaderFieldsTooLarge,
                "The request's head is over \(limits.headerBytes) bytes; send fewer or shorter header fields."
            )
        } else if error is HTTPParserError || error is HTTP1TypeConversionError {
            reject(context, .badRequest, "The request is not valid HTTP.")
        } else if error is VersionHandler.HostError {
            reject(context, .badRequest, "Send exactly one Host field.")
        } else {
            context.fireErrorCaught(error)
        }
    }

    private func checkTime(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        switch state.verdict(at: .now()) {
        case .fine: break
        case .tooSlow: reject(context, .requestTimeout, "The request arrived too slowly.")
        case .over: finish(context)
        }
    }

    private func reject(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status, _ detail: String) {
        isOver = true
        let requestID = RequestID.generate()
        open.logRejected(status, requestID: requestID)
        let problem = Problem(status, "connection", detail)
        let bytes = problem.document(requestID: requestID).bytes
        var fields: HTTPFields = [
            .contentType: "application/problem+json", .contentLength: String(bytes.count),
            .connection: "close", .requestID: requestID,
        ]
        fields.append(contentsOf: problem.headers)
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: status, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            bound.value.handler.finish(bound.value.context)
        }
        // A peer that reads nothing must not keep the connection open.
        context.eventLoop.scheduleTask(in: .seconds(1)) { bound.value.handler.finish(bound.value.context) }
    }

    /// Closes once the written bytes are sent.
    private func finishAfterFlush(_ context: ChannelHandlerContext) {
        isOver = true
        context.flush()
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(50)) {
            bound.value.handler.finish(bound.value.context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        isOver = true
        release()
        context.close(promise: nil)
    }

    private func release() {
        timer?.cancel()
        timer = nil
        if isCounted { open.release() }
        isCounted = false
    }
}

/// Counts open connections and logs rejected ones.
final class OpenConnections: Sendable {
    private let count = Atomic(0)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    func logRejected(_ status: HTTPResponse.Status, requestID: String) {
        Counter(
            label: "triage_connections_refused_total", dimensions: [("status", String(status.code))]
        ).increment()
        logger.info(
            "connection rejected",
            metadata: ["status": .stringConvertible(status.code), "request_id": .string(requestID)])
    }

    /// Counts a connection; false at the limit.
    func acquire(limit: Int) -> Bool {
        guard count.add(1, ordering: .relaxed).newValue > limit else { return true }
        release()
        return false
    }

    func release() { count.subtract(1, ordering: .relaxed) }
}
