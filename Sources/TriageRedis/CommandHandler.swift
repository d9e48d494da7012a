internal import NIOCore

/// One connection's commands under way: written at once, answered in order.
///
/// A late reply ends the connection: it could be taken for the reply to a later command.
final class CommandHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Pending {
        var promise: EventLoopPromise<RedisReply>
        var deadline: NIODeadline
        var time: TimeAmount
    }

    private let pendingLimit: Int
    private let parser = ReplyParser()
    private var pending = CircularBuffer<Pending>()
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var flushIsDue = false
    private var end: RedisError?

    /// Why the connection ended.
    var reason: RedisError { end ?? .disconnected(reason: "it was closed") }

    init(pendingLimit: Int) { self.pendingLimit = pendingLimit }

    /// Sends a command; on the channel's event loop only.
    func send(_ arguments: [[UInt8]], within time: TimeAmount, _ promise: EventLoopPromise<RedisReply>) {
        guard let context, end == nil else {
            return promise.fail(end ?? RedisError.disconnected(reason: "it is not open"))
        }
        guard pending.count < pendingLimit else {
            return promise.fail(RedisError.busy(pending: pending.count))
        }
        pending.append(Pending(promise: promise, deadline: .now() + time, time: time))
        context.write(wrapOutboundOut(Self.frame(arguments, context.channel.allocator)), promise: nil)
        flushSoon(context)
        watch(context)
    }

    /// A command as the protocol wants it: a list of strings that may hold any byte.
    static func frame(_ arguments: [[UInt8]], _ allocator: ByteBufferAllocator) -> ByteBuffer {
        var buffer = allocator.buffer(capacity: arguments.reduce(16) { $0 + $1.count + 16 })
        buffer.writeString("*\(arguments.count)\r\n")
        for argument in arguments {
            buffer.writeString("$\(argument.count)\r\n")
            buffer.writeBytes(argument)
            buffer.writeString("\r\n")
        }
        return buffer
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { finish(.disconnected(reason: "it was closed")) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        do throws(RedisError) {
            var fault: RedisError?
            buffer.withUnsafeReadableBytes { bytes in
                do throws(RedisError) { try parser.feed(bytes) } catch { fault = error }
            }
            if let fault { throw fault }
            while let reply = try parser.next() {
                guard let first = pending.popFirst() else {
                    throw .malformed(reason: "a reply that nothing asked for")
                }
                first.promise.succeed(reply)
            }
        } catch {
            finish(error)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.disconnected(reason: "the server closed it"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.disconnected(reason: RedisError.reason(error)))
        context.close(promise: nil)
    }

    /// Commands of one turn of the event loop leave in one piece.
    private func flushSoon(_ context: ChannelHandlerContext) {
        guard !flushIsDue else { return }
        flushIsDue = true
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.eventLoop.execute {
            bound.value.handler.flushIsDue = false
            bound.value.context.flush()
        }
    }

    /// One timer for all: replies come in order, so the first command's time ends first.
    private func watch(_ context: ChannelHandlerContext) {
        guard timer == nil, let first = pending.first else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: first.deadline) {
            bound.value.handler.timerFired(bound.value.context)
        }
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        guard let first = pending.first else { return }
        guard first.deadline <= .now() else { return watch(context) }
        finish(.timedOut(milliseconds: Int(first.time.nanoseconds / 1_000_000)))
        context.close(promise: nil)
    }

    /// Fails what waits; the first reason stands.
    private func finish(_ reason: RedisError) {
        end = end ?? reason
        timer?.cancel()
        timer = nil
        context = nil
        let waiting = pending
        pending.removeAll()
        for command in waiting { command.promise.fail(end ?? reason) }
    }
}
