internal import CArguments
internal import Glibc

/// What the program was started with, from its own memory.
///
/// `CommandLine.arguments` reads /proc/self/cmdline, and a chroot or a strict container has no /proc.
package enum ProgramArguments {
    /// All words, the program's name first.
    package static let all: [String] = (0..<triage_argument_count()).compactMap { place in
        triage_argument(place).map { String(cString: $0) }
    }

    /// The file of this program with links resolved; nil when the system does not tell.
    package static let executable: String? =
        resolved("/proc/self/exe") ?? triage_executable().flatMap { resolved(String(cString: $0)) }

    private static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
