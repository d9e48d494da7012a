import ArgumentParser
import Glibc
import SystemPackage
import TriageData
import TriageModel

/// Where a secret key's password comes from.
struct PasswordOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with the secret key's password on its first line, - for standard input (default: the terminal asks for it).",
            valueName: "file"))
    var passwordFile: String?

    /// The password in the file, or typed on the terminal.
    ///
    /// - Throws: `SignatureError.passwordNeeded` without a file and without a terminal.
    func password(for path: String, isNew: Bool = false) throws -> [UInt8] {
        if let passwordFile { return try PasswordOption.firstLine(of: passwordFile) }
        guard let typed = PasswordOption.typed("Password of \(path.shown): ") else {
            throw SignatureError.passwordNeeded(path: path)
        }
        guard !isNew || PasswordOption.typed("Once more: ") == typed else {
            throw SignatureError.badPassword(problem: "was not the same the second time")
        }
        return typed
    }

    private static func firstLine(of path: String) throws -> [UInt8] {
        let line = try FileInput.bytes(of: path, limit: 4096).prefix { $0 != UInt8(ascii: "\n") }
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    /// A line typed without an echo; nil without a terminal.
    ///
    /// `getpass` of glibc takes Ctrl-C for a character and waits for the end of the line. Here Ctrl-C ends the line, and
    /// then the process, when the terminal has its echo back.
    private static func typed(_ prompt: String) -> [UInt8]? {
        guard
            let terminal = try? FileDescriptor.open("/dev/tty", .readWrite, options: .closeOnExec)
        else { return nil }
        defer { try? terminal.close() }
        var before = termios()
        guard tcgetattr(terminal.rawValue, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        silent.c_cc.11 = controlC  // VEOL, one more character that ends a line
        tcsetattr(terminal.rawValue, TCSAFLUSH, &silent)
        _ = try? terminal.writeAll(prompt.utf8)
        let line = try? [UInt8](unsafeUninitializedCapacity: longestLine) { buffer, count in
            count = try terminal.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        tcsetattr(terminal.rawValue, TCSAFLUSH, &before)
        _ = try? terminal.writeAll("\n".utf8)
        guard let line else { return nil }
        if line.last == controlC {
            // This thread takes no signals. Where the process ignores this one, it ends here.
            kill(getpid(), SIGINT)
            sleep(1)
            Glibc.exit(128 + SIGINT)
        }
        return line.last == UInt8(ascii: "\n") ? line.dropLast() : line
    }

    private static let controlC: UInt8 = 3
    /// A terminal's line has 4,095 bytes at most.
    private static let longestLine = 4096
}

/// The secret key that signs.
struct SigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The secret key that triage sign keygen or minisign made.", valueName: "file"))
    var secretKey: String
    @OptionGroup var password: PasswordOption
    @Option(help: ArgumentHelp("A line that is signed too (default: the file's name).", valueName: "text"))
    var comment: String?

    func load() throws -> SigningKey {
        if let mode = try? Stat(secretKey).permissions,
            !mode.isDisjoint(with: [.groupRead, .otherRead])
        {
            Terminal.say("triage: warning: other users can read \(secretKey); chmod 600 takes that away")
        }
        return try SigningKey(file: secretKey) { try password.password(for: secretKey) }
    }
}

/// The public keys whose signatures are good.
struct KeyOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A publisher's public key: its file, or its 56 characters. May be given several times (default: TRIAGE_SIGNED_BY).",
            valueName: "file|key"))
    var key: [String] = []
}
