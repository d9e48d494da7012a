internal import ServiceLifecycle
internal import Synchronization

/// Reloads when a registry's champion, or an alias that is served, points to another version.
///
/// Each pointer is looked at once a second, which takes microseconds. When the new version cannot be used the old one stays
/// in use, as with any reload, until the pointer moves again or a signal reloads.
final class PointerFollower: Service {
    private static let interval = Duration.seconds(1)

    private let reloader: SnapshotReloader
    private let folders: @Sendable () -> [String]
    private let known: Mutex<[String]>

    init(_ pointers: ServerDependencies.Pointers, reloader: SnapshotReloader) {
        self.reloader = reloader
        folders = pointers.folders
        known = Mutex(pointers.loaded)
    }

    func run() async throws {
        await untilShutdown(every: PointerFollower.interval) { [self] in
            let folders = folders()
            let moved = known.withLock { known in
                defer { known = folders }
                return known != folders
            }
            // The reloader logs and counts failures.
            if moved { _ = try? await reloader.reload() }
        }
    }
}

extension ServerDependencies {
    /// The bundles' folders that registries point to.
    package struct Pointers: Sendable {
        /// Those of the moment.
        var folders: @Sendable () -> [String]
        /// Those from which the first snapshots were read.
        var loaded: [String]

        /// Notes where the pointers are; called before the first snapshots are read.
        package init(_ folders: @escaping @Sendable () -> [String]) {
            (self.folders, loaded) = (folders, folders())
        }
    }
}
