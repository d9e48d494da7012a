internal import NIOCore
internal import NIOHTTP1

/// Follows the rules of HTTP/1.0 and 1.1 for a connection; placed before the codec that drops the version.
///
/// A request of HTTP/1.1 without exactly one Host is an error (RFC 9112, 3.2). An answer has its request's
/// version. A connection closes after the answer when the request asks for it, for HTTP/1.0 unless it asks to
/// keep it, and when the service ends; that answer has `Connection: close`.
final class VersionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request without exactly one Host.
    struct HostError: Error {}

    private struct Unanswered {
        var version: HTTPVersion
        var keepsAlive: Bool
    }

    private let isTLS: Bool
    /// How long an idle connection may still send a request once the service ends.
    private let grace: TimeAmount
    private var unanswered = CircularBuffer<Unanswered>()
    private var isBroken = false
    /// The answer has neither length nor chunks: closing the connection ends it.
    private var endsWithBody = false
    /// The service ends; `isPassedOn` once the later handlers have that event.
    private var (isEnding, isPassedOn) = (false, false)

    init(isTLS: Bool, grace: Duration) {
        self.isTLS = isTLS
        self.grace = TimeAmount(grace)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isBroken else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let hosts = head.headers["host"].count
        guard hosts == 1 || hosts == 0 && head.version.isOld else {
            isBroken = true
            return context.fireErrorCaught(HostError())
        }
        if !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        // HTTP/1.0 has no 100 Continue (RFC 9110, 10.1.1).
        if head.version.isOld { head.headers.remove(name: "expect") }
        unanswered.append(Unanswered(version: head.version, keepsAlive: head.isKeepAlive))
        context.fireChannelRead(wrapInboundOut(.head(head)))
        if isEnding { passOn(context) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where !(100..<200).contains(head.status.code):
            complete(&head)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where endsWithBody:
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            let ended = promise ?? context.eventLoop.makePromise()
            ended.futureResult.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
            context.write(data, promise: ended)
        default: context.write(data, promise: promise)
        }
    }

    /// Sets the answer's version and connection fields.
    private func complete(_ head: inout HTTPResponseHead) {
        if isTLS { head.headers.replaceOrAdd(name: "strict-transport-security", value: "max-age=31536000") }
        guard let request = unanswered.popFirst() else { return }
        head.version = request.version
        let isOld = request.version.isOld
        endsWithBody = isOld && request.keepsAlive && !head.headers.contains(name: "content-length")
        if !request.keepsAlive || endsWithBody || isEnding && unanswered.isEmpty {
            head.headers.replaceOrAdd(name: "connection", value: "close")
        } else if isOld, !head.headers.contains(name: "connection") {
            head.headers.add(name: "connection", value: "keep-alive")
        }
    }

    /// When the service ends an idle connection may send one more request, whose answer closes it.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        isEnding = true
        guard unanswered.isEmpty else { return passOn(context) }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: grace) { bound.value.handler.passOn(bound.value.context) }
    }

    private func passOn(_ context: ChannelHandlerContext) {
        guard !isPassedOn, context.channel.isActive else { return }
        isPassedOn = true
        context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
}

extension HTTPVersion {
    /// HTTP/1.0: no Host required, no chunks, and a connection for each request unless it asks to keep it.
    fileprivate var isOld: Bool { (major, minor) < (1, 1) }
}
