internal import CoreMetrics
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Sends items to an OpenTelemetry collector in batches, by OTLP over HTTP.
///
/// Items wait in a bounded queue. Those that cannot be sent are dropped, counted and logged. Requests of the service never
/// wait for the exporter.
package final class BatchExporter<Item: Sendable>: Service {
    /// Queue, batches and retries; the defaults are OpenTelemetry's.
    package struct Pace: Sendable {
        /// Items that may wait.
        package var queue = 2048
        /// Items of one request.
        package var batch = 512
        /// The longest wait for a batch to fill.
        package var delay: Duration = .seconds(5)
        /// The pause before the first retry; it doubles with each further one.
        package var firstPause: Duration = .seconds(1)
        /// Tries of one request.
        package var attempts = 5
        /// The time to send the queue when the service ends.
        package var shutdownTimeout: Duration = .seconds(5)

        package init() {}
    }

    /// What is sent and how it is called.
    struct Kind: Sendable {
        let signal: CollectorSignal
        /// The counter of items, by outcome.
        let counter: String
        /// The items in a log line and as its member.
        let noun: String
        let member: String
        let encode: @Sendable ([Item]) -> [UInt8]
    }

    private let kind: Kind
    private let pace: Pace
    private let logger: Logger
    private let queue: BoundedQueue<Item>
    private let client: CollectorClient
    private let wake: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    private let exported: Counter
    private let dropped: Counter
    private let failed: Counter

    /// An exporter that sends while `run()` runs; run it once.
    ///
    /// - Throws: `TelemetryError` when the file of certificates cannot be read.
    init(
        _ kind: Kind, _ options: CollectorOptions, pace: Pace, logger: Logger,
        metrics: (any MetricsFactory)?
    ) throws(TelemetryError) {
        self.kind = kind
        self.pace = pace
        self.logger = logger
        queue = BoundedQueue(limit: pace.queue)
        (wake, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let factory = metrics ?? MetricsSystem.factory
        func counter(_ outcome: String) -> Counter {
            Counter(label: kind.counter, dimensions: [("outcome", outcome)], factory: factory)
        }
        exported = counter("exported")
        dropped = counter("dropped")
        failed = counter("failed")
        client = try CollectorClient(
            options, kind.signal, firstPause: pace.firstPause, attempts: pace.attempts)
    }

    /// Queues an item for export, or drops it; never waits.
    func export(_ item: Item) {
        guard let count = queue.append(item) else { return dropped.increment() }
        if count >= pace.batch { waker.yield() }
    }

    /// Sends until the service shuts down, and then what is left in the queue.
    ///
    /// From the shutdown on it takes `shutdownTimeout` at most, the request under way included.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [waker, pace] in
                while (try? await Task.sleep(for: pace.delay)) != nil { waker.yield() }
            }
            group.addTask {
                for await _ in self.wake { await self.sendBatches() }
                await self.sendBatches()
            }
            group.addTask { [waker, pace] in
                try? await gracefulShutdown()
                waker.finish()
                try? await Task.sleep(for: pace.shutdownTimeout)
            }
            await group.next()
            group.cancelAll()
        }
        let left = queue.take(.max).count
        if left > 0 { dropped.increment(by: left) }
        await client.shutdown()
    }

    private func sendBatches() async {
        while case let batch = queue.take(pace.batch), !batch.isEmpty { await send(batch) }
    }

    private func send(_ batch: [Item]) async {
        switch await client.send(kind.encode(batch)) {
        case .sent(let rejected):
            exported.increment(by: max(0, batch.count - rejected))
            if rejected > 0 { failed.increment(by: rejected) }
            if client.isChange(to: nil) { logger.info("\(kind.noun) reach the collector again") }
        case .failed(let reason):
            failed.increment(by: batch.count)
            guard client.isChange(to: reason) else { return }
            logger.warning(
                "\(kind.noun) could not be sent to the collector",
                metadata: [kind.member: .stringConvertible(batch.count), "reason": .string(reason)])
        }
    }
}

/// Runs a body and cancels it after a time.
func withinTime(_ time: Duration, _ body: @escaping @Sendable () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
        group.addTask { await body() }
        group.addTask { try? await Task.sleep(for: time) }
        await group.next()
        group.cancelAll()
    }
}

/// A bounded queue of items waiting for export; a full queue rejects further items.
final class BoundedQueue<Item: Sendable>: Sendable {
    private let limit: Int
    private let waiting = Mutex<[Item]>([])

    init(limit: Int) { self.limit = limit }

    /// Appends an item and returns how many wait; nil when the queue is full.
    func append(_ item: Item) -> Int? {
        waiting.withLock { waiting in
            guard waiting.count < limit else { return nil }
            waiting.append(item)
            return waiting.count
        }
    }

    /// Removes the oldest items, at most `count`.
    func take(_ count: Int) -> [Item] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(count))
            waiting.removeFirst(taken.count)
            return taken
        }
    }
}
