internal import Glibc
internal import Synchronization
internal import TriageData

/// Metrics of this process from the kernel, under the names that every Prometheus client uses.
///
/// Where /proc cannot be read a metric is left out.
enum ProcessMetrics {
    static var snapshot: [MetricSnapshot] {
        guard let status = Status.current else { return [] }
        func metric(
            _ name: String, _ kind: MetricDescription.Kind, _ help: String, _ value: Double
        ) -> MetricSnapshot {
            MetricSnapshot(
                name: name, kind: kind, help: help,
                points: [.init(labels: SeriesLabels([]), value: .real(value))])
        }
        var all = [
            metric(
                "process_cpu_seconds_total", .counter, "Processor time, user and system.", status.cpuSeconds),
            metric("process_resident_memory_bytes", .gauge, "Memory in RAM.", status.residentBytes),
            metric("process_virtual_memory_bytes", .gauge, "Address space in use.", status.virtualBytes),
            metric("process_threads", .gauge, "Threads.", status.threads),
        ]
        if let started = status.startedAt {
            all.append(
                metric(
                    "process_start_time_seconds", .gauge, "Start, in seconds since 1970 UTC.", started))
        }
        if let open = openDescriptors() {
            all.append(metric("process_open_fds", .gauge, "Open file descriptors.", Double(open)))
        }
        var limit = rlimit()
        if getrlimit(fileLimit, &limit) == 0 {
            all.append(
                metric("process_max_fds", .gauge, "Limit of open file descriptors.", Double(limit.rlim_cur)))
        }
        return all
    }

    private static let fileLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// Without the descriptor that reads the folder.
    private static func openDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != 0x2E { count += 1 }
        }
        return count - 1
    }

    /// A line of /proc/self/stat; proc(5) numbers its fields from 1.
    private struct Status {
        let cpuSeconds: Double
        let threads: Double
        let virtualBytes: Double
        let residentBytes: Double
        let startedAt: Double?

        static var current: Status? {
            guard let text = read("/proc/self/stat"), let name = text.lastIndex(of: ")") else { return nil }
            // The command's name may hold spaces; field 3 is the first behind it.
            let fields = text[name...].split(separator: " ").dropFirst().map { Double($0) ?? 0 }
            guard fields.count > 21 else { return nil }
            func field(_ number: Int) -> Double { fields[number - 3] }
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            return Status(
                cpuSeconds: (field(14) + field(15)) / ticks, threads: field(20), virtualBytes: field(23),
                residentBytes: field(24) * Double(sysconf(Int32(_SC_PAGESIZE))),
                startedAt: bootTime.map { $0 + field(22) / ticks })
        }

        private static let bootTime: Double? = read("/proc/stat")?.split(separator: "\n")
            .first { $0.hasPrefix("btime ") }?.split(separator: " ").last.flatMap { Double($0) }
    }

    private static func read(_ path: String) -> String? {
        guard let bytes = try? FileInput.bytes(of: path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
