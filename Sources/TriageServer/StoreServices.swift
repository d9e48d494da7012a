internal import TriageEngine
internal import Logging
internal import ServiceLifecycle
internal import TriageData
internal import TriageStore

/// Decides the tickets of the queue.
struct QueueWorker: Service {
    let service: TriageService
    let store: TicketStore
    let logger: Logger

    /// Tickets decided concurrently, each in its own transaction.
    let workers: Int

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let tickets = try await store.lease(workers, patience: 1)
                    await withDiscardingTaskGroup { group in
                        for ticket in tickets { group.addTask { await decide(ticket) } }
                    }
                } catch {
                    logger.error(
                        "the queue could not be read", metadata: ["error": "\(error.safeDescription)"])
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func decide(_ leased: LeasedTicket) async {
        let served = service.snapshots.served
        let (decision, engine) = await service.judge(leased.text, with: served)
        do {
            let receipt = try await store.complete(
                leased, with: NewDecision(decision, of: leased.text, with: served.versions))
            if !decision.isSampledBlind {
                service.shadow.offer(queued: leased.text, engine, id: receipt.id)
            }
        } catch StoreError.leaseLost {
            // Another delivery completed it.
        } catch {
            logger.error(
                "a queued ticket's decision could not be stored",
                metadata: ["ticket": "\(leased.id)", "error": "\(error.safeDescription)"])
            _ = try? await store.fail(leased, code: "store")
        }
    }
}

/// Reads the ledger into the tables of the lists.
///
/// It reads all of it at the start and when a list waits for it, else a little now and then. Between
/// two parts it rests for longer than the part took, so that decisions hardly wait for it.
struct LedgerFollower: Service {
    let store: TicketStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isStarting = true
            while !Task.isCancelled {
                do {
                    let start = ContinuousClock.now
                    let isDone = try store.followLedger()
                    isStarting = isStarting && !isDone
                    let isWaited = store.isListWaiting
                    let rest = (ContinuousClock.now - start) * (isWaited ? 1 : 4)
                    let hurries = !isDone && (isStarting || isWaited)
                    try await Task.sleep(for: hurries ? max(rest, .milliseconds(1)) : .seconds(5))
                } catch is CancellationError {
                    return
                } catch {
                    logger.error(
                        "the ledger could not be read for the lists",
                        metadata: ["error": "\(error.safeDescription)"])
                    try? await Task.sleep(for: .seconds(10))
                }
            }
        }
    }
}

/// Deletes expired data, serves requests of commands, and logs the ledger's signed head.
struct StoreMaintenance: Service {
    let store: TicketStore
    let logger: Logger
    let headInterval: Duration
    let memory: MemoryKeeper
    let precision: PrecisionKeeper

    func run() async throws {
        do { try store.checkSchema() } catch {
            logger.error(
                "the store's tables were changed from outside; run triage ledger verify",
                metadata: ["error": "\(error.safeDescription)"])
        }
        await cancelWhenGracefulShutdown {
            var (nextExpiry, nextHead) = (ContinuousClock.now, ContinuousClock.now)
            var isServing = true
            while !Task.isCancelled {
                if nextExpiry <= .now {
                    await expire()
                    nextExpiry = .now + .seconds(3600)
                }
                if nextHead <= .now {
                    signHead()
                    nextHead = .now + headInterval
                }
                isServing = await serveCommands(wasServing: isServing)
                await memory.refresh()
                await precision.refresh()
                do { try await Task.sleep(for: min(StoreMaintenance.poll, headInterval)) } catch { break }
            }
            signHead()
        }
    }

    private static let poll = Duration.seconds(1)

    /// Returns whether it succeeded; only the first failure in a row is logged.
    private func serveCommands(wasServing: Bool) async -> Bool {
        do {
            try await store.serveRequests()
            try await store.finishCleaning()
            return true
        } catch {
            if wasServing {
                logger.error(
                    "a command's request to the store failed", metadata: ["error": "\(error.safeDescription)"]
                )
            }
            return false
        }
    }

    private func expire() async {
        do {
            let report = try await store.expire()
            guard report.texts + report.tickets > 0 else { return }
            logger.info(
                "expired data deleted",
                metadata: [
                    "texts": .stringConvertible(report.texts), "tickets": .stringConvertible(report.tickets),
                ])
        } catch {
            logger.error("deleting expired data failed", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    private func signHead() {
        do {
            guard let head = try store.head() else { return }
            logger.notice("ledger head", metadata: ["head": "\(head.text)"])
        } catch {
            logger.error(
                "the ledger's head could not be signed", metadata: ["error": "\(error.safeDescription)"])
        }
    }
}
