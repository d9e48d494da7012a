internal import ServiceLifecycle

extension Service {
    /// Does `work` after each interval, until the service shuts down.
    func untilShutdown(every interval: Duration, _ work: @escaping @Sendable () async -> Void) async {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: interval)
                await work()
            }
        }
    }
}
