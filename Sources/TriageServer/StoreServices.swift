internal import TriageEngine
internal import Logging
internal import ServiceLifecycle
internal import TriageData
internal import TriageStore

/// Decides the tickets of the queue, in turn, for as long as the service runs.
struct QueueWorker: Service {
    let decider: TriageService
    let store: TicketStore
    let logger: Logger

    /// Tickets decided at a time; each is its own transaction with its decision.
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
                    logger.error("the queue cannot be read", metadata: ["error": "\(error.safeDescription)"])
                    try? await Task.sleep(for: .seconds(1))
                }
            }
        }
    }

    private func decide(_ leased: LeasedTicket) async {
        let served = decider.snapshots.served
        let (decision, engine) = await decider.judge(leased.text, with: served)
        do {
            let receipt = try await store.complete(
                leased, with: NewDecision(decision, of: leased.text, with: served.versions))
            decider.shadow.offer(queued: leased.text, engine, id: receipt.id)
        } catch StoreError.leaseLost {
            // Another delivery has it.
        } catch {
            logger.error(
                "a decision could not be kept",
                metadata: ["ticket": "\(leased.id)", "error": "\(error.safeDescription)"])
            _ = try? await store.fail(leased, code: "store")
        }
    }
}

/// Deletes what is older than its time, carries out what commands wait for, and signs the ledger's head into the log.
struct StoreMaintenance: Service {
    let store: TicketStore
    let logger: Logger
    /// Between two signed heads.
    let headInterval: Duration

    func run() async throws {
        do { try store.checkSchema() } catch {
            logger.error(
                "somebody changed the store's tables; run triage ledger verify",
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
                do { try await Task.sleep(for: min(StoreMaintenance.poll, headInterval)) } catch { break }
            }
            signHead()
        }
    }

    /// Between two looks for what commands wait for.
    private static let poll = Duration.seconds(1)

    /// Whether that went well; only the first of several failures is logged.
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
            logger.info("expired", metadata: ["texts": "\(report.texts)", "tickets": "\(report.tickets)"])
        } catch { logger.error("expiry failed", metadata: ["error": "\(error.safeDescription)"]) }
    }

    private func signHead() {
        do {
            guard let head = try store.head() else { return }
            logger.notice("ledger head", metadata: ["head": "\(head.text)"])
        } catch {
            logger.error(
                "the ledger's head cannot be signed", metadata: ["error": "\(error.safeDescription)"])
        }
    }
}
