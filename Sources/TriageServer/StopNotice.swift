internal import Glibc
internal import Logging
internal import ServiceLifecycle

/// Notes at once that the service stops, and from then on lets a second interrupt (Ctrl-C) end the process.
///
/// It must be the last of the services, since they are told to stop in reverse order.
struct StopNotice: Service {
    let drain: Duration
    let logger: Logger

    func run() async throws {
        try await gracefulShutdown()
        logger.notice(
            "stopping after the requests under way, in \(Int(drain / .seconds(1))) s at most; a second interrupt ends at once"
        )
        signal(SIGINT, SIG_DFL)
    }
}
