internal import Glibc
internal import Logging

/// The limit of open files and connections of this process.
enum FileDescriptorLimit {
    /// Open files beside connections: the bundle, the store and its readers, the log, event loops.
    private static let others = 256

    /// Raises the limit for so many connections; logs a warning where the system does not allow it.
    static func raise(connections: Int, logger: Logger) {
        let wanted = rlim_t(connections + others)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        guard setrlimit(resource, &limit) != 0 || limit.rlim_cur < wanted else { return }
        logger.warning(
            "the limit of open files is too low for limits.connections; raise it (ulimit -n, LimitNOFILE)",
            metadata: ["limit": "\(limit.rlim_cur)", "wanted": "\(wanted)"])
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
