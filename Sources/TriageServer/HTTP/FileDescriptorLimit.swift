internal import Glibc
internal import Logging

/// How many files and connections this process may have open.
enum FileDescriptorLimit {
    /// Files that are open beside connections: the bundle, the store and its readers, the log, event loops.
    private static let others = 256

    /// Raises the process's limit so that so many connections fit; where the system does not let it, the log says so.
    static func raise(connections: Int, logger: Logger) {
        let wanted = rlim_t(connections + others)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        guard setrlimit(resource, &limit) != 0 || limit.rlim_cur < wanted else { return }
        logger.warning(
            "fewer files may be open than limits.connections asks for; raise the limit (ulimit -n, LimitNOFILE)",
            metadata: ["limit": "\(limit.rlim_cur)", "wanted": "\(wanted)"])
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
