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

/// Keeps one connection within its limits.
///
/// It closes on senders and readers that are too slow, answers what cannot be parsed, and lets nobody send a body for
/// longer than somebody reads it. Only time in which this side was ready to read counts against a sender, so a batch that waits for its own answers is
/// not called slow.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private let largestBody: Int
    private let open: OpenConnections
    private let isTLS: Bool
    /// Whether a request's time is unlimited: a stream, in which only standing still is too slow.
    private let isStream: @Sendable (HTTPRequest) -> Bool
    private var state: ConnectionState
    private var timer: RepeatedTask?
    private var isCounted = false
    /// Nothing passes any more: the last answer is written, and the connection ends.
    private var isOver = false
    /// An error was answered before the body was in: the connection ends once the body does.
    private var endsWithAnswer = false

    init(
        _ limits: ConnectionLimits, largestBody: Int, open: OpenConnections, isTLS: Bool,
        isStream: @escaping @Sendable (HTTPRequest) -> Bool
    ) {
        self.limits = limits
        self.largestBody = largestBody
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
        isCounted = open.enter(limit: limits.connections)
        guard isCounted else {
            return refuse(context, .serviceUnavailable, "Too many connections; try again.")
        }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let tick = min(limits.headerTime, limits.idleTime, limits.requestTime, limits.patience) / 4
        let delay = TimeAmount(max(min(tick, .seconds(1)), .milliseconds(10)))
        timer = context.eventLoop.scheduleRepeatedTask(initialDelay: delay, delay: delay) { _ in
            bound.value.handler.look(bound.value.context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
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
        // What nobody reads any more, because its answer is out, goes no further than this.
        if endsWithAnswer, !state.isBusy, !state.isReceiving { return finish(context) }
        if case .body = part, state.isAnswered { return }
        context.fireChannelRead(data)
    }

    /// Notes that a request begins; one that asks first whether to send its body (RFC 9110, 10.1.1) is told to, unless
    /// it announces more than is taken.
    private func begin(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
        let (isStream, isFirst) = (isStream(request), !state.isBusy)
        state.head(isStream: isStream, .now())
        guard isFirst, request.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        let length = request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard isStream || length <= largestBody else { return }
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
            // An error before the body is in: the rest of it is of no use, so this connection ends with the answer.
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

    /// What could not be parsed is answered here, unless an answer before it is still under way.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return }
        guard !state.isBusy else {
            // Whoever reads the body answers; nothing after it can be understood.
            endsWithAnswer = true
            state.bodyEnded()
            return context.fireErrorCaught(error)
        }
        if case HTTPParserError.headerOverflow = error {
            refuse(
                context, .requestHeaderFieldsTooLarge,
                "The head is over \(limits.headerBytes) bytes; send less of it.")
        } else if error is HTTPParserError || error is HTTP1TypeConversionError {
            refuse(context, .badRequest, "This is no HTTP request.")
        } else if error is VersionHandler.HostError {
            refuse(context, .badRequest, "A request names its host in one Host field; send exactly one.")
        } else {
            context.fireErrorCaught(error)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard !isOver else { return }
        switch state.verdict(at: .now()) {
        case .fine: break
        case .tooSlow: refuse(context, .requestTimeout, "The request came in too slowly.")
        case .over: finish(context)
        }
    }

    /// Answers and closes.
    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status, _ detail: String) {
        isOver = true
        let requestID = RequestID.generate()
        open.refused(status, requestID: requestID)
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
        // A peer that takes nothing must not hold the connection by that.
        context.eventLoop.scheduleTask(in: .seconds(1)) { bound.value.handler.finish(bound.value.context) }
    }

    /// Closes when what was written is out.
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
        leave()
        context.close(promise: nil)
    }

    private func leave() {
        timer?.cancel()
        timer = nil
        if isCounted { open.leave() }
        isCounted = false
    }
}

/// How many connections are open, and what is told of those that were refused.
final class OpenConnections: Sendable {
    private let count = Atomic(0)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Counts and logs one that was told a status instead of an answer to a request.
    func refused(_ status: HTTPResponse.Status, requestID: String) {
        Counter(
            label: "triage_connections_refused_total", dimensions: [("status", String(status.code))]
        ).increment()
        logger.info(
            "connection refused",
            metadata: ["status": .stringConvertible(status.code), "request_id": .string(requestID)])
    }

    /// Counts one more, unless there are as many as there may be.
    func enter(limit: Int) -> Bool {
        guard count.add(1, ordering: .relaxed).newValue > limit else { return true }
        leave()
        return false
    }

    func leave() { count.subtract(1, ordering: .relaxed) }
}
