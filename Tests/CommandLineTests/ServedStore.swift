import Dispatch
import TriageStore

/// A store whose process carries out what others ask of it, until it goes away.
///
/// The loop has a thread of its own: the pool that tests share may be waiting for programs for minutes.
final class ServedStore {
    private let loop: Task<Void, any Error>

    init(_ store: TicketStore) {
        loop = Task(executorPreference: OwnThread()) {
            while !Task.isCancelled {
                try await store.serveRequests()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    deinit { loop.cancel() }

    private final class OwnThread: TaskExecutor {
        private let queue = DispatchQueue(label: "store of a test")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }
}
