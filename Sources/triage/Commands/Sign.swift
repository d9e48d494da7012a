import ArgumentParser
import TriageData
import TriageEngine
import TriageModel

/// `triage sign`: keys and detached signatures in minisign's format.
struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make keys, sign files, and check signatures (minisign's format).",
        discussion: """
            Keys and signatures are those of minisign, a small tool that Debian and others have: each checks and reads what \
            the other made. No command of these opens a socket. For a model's folder there is `triage models sign`, for a \
            knowledge base `triage kb sign`.
            """,
        subcommands: [KeyGen.self, Files.self, Verify.self])

    struct KeyGen: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "keygen", abstract: "Make a key pair.",
            discussion: """
                Keep the secret key, and its password, away from the machines that the signatures protect. A password costs \
                1 GB of memory and some seconds at each use, so that guessing it is slow.
                """)
        @Option(help: ArgumentHelp("The secret key to write; only you can read the file.", valueName: "file"))
        var secretKey: String
        @Option(help: ArgumentHelp("The public key to write, for everybody who checks.", valueName: "file"))
        var publicKey: String
        @OptionGroup var password: PasswordOption
        @Flag(help: "Make a key without a password: whoever reads its file can sign.")
        var noPassword = false

        func validate() throws {
            guard !noPassword || password.passwordFile == nil else {
                throw ValidationError("Give --password-file or --no-password, not both.")
            }
            guard secretKey != publicKey else {
                throw ValidationError("--secret-key and --public-key are one file.")
            }
        }

        func run() throws {
            try reportingErrors {
                for path in [secretKey, publicKey] {
                    guard !FileInput.exists(path) else { throw SignatureError.exists(path: path) }
                    try AtomicOutput.checkFolder(of: path)
                }
                let typed = noPassword ? nil : try password.password(for: secretKey, isNew: true)
                let key = try SigningKey()
                let secret = try key.text(password: typed)
                try AtomicOutput.write(Array(secret.utf8), to: secretKey, permissions: 0o600)
                try AtomicOutput.write(Array(key.verificationKey.text.utf8), to: publicKey)
                print("wrote \(secretKey.shown), which signs, and \(publicKey.shown), which checks")
                print("key \(key.verificationKey.name): \(key.verificationKey.base64)")
            }
        }
    }

    struct Files: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "file", abstract: "Sign files: FILE.minisig beside each.",
            discussion: """
                The same file, key and comment give the same bytes: a signature holds no date. A folder gets SHA256SUMS, the hash \
                of each file below it, and SHA256SUMS.minisig.
                """)
        @Argument(help: "The files, or folders.") var files: [String]
        @OptionGroup var signing: SigningOptions
        @Option(
            help: ArgumentHelp("Where the signature of one file goes instead.", valueName: "file"))
        var signature: String?
        @Flag(help: "Sign the whole file instead of its BLAKE2b hash, as minisign before 0.8 did.")
        var legacy = false

        func validate() throws {
            guard signature == nil || files.count == 1 else {
                throw ValidationError("--signature is for one file.")
            }
        }

        func run() throws {
            try reportingErrors {
                let key = try signing.load()
                for file in files {
                    guard !FileInput.isFolder(file) else {
                        try SignedFolder.sign(
                            file, by: key, comment: signing.comment, whole: legacy, signature)
                        continue
                    }
                    let made = try FileSignature(
                        of: file, by: key, form: legacy ? .whole : .hashed, comment: signing.comment)
                    let place = signature ?? file + FileSignature.fileEnding
                    try AtomicOutput.write(Array(made.text.utf8), to: place)
                    print("wrote \(place.shown)")
                }
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check files against FILE.minisig; exit code 65 when one is not what was signed.",
            discussion: "A folder is checked against SHA256SUMS and SHA256SUMS.minisig in it.")
        @Argument(help: "The files, or folders.") var files: [String]
        @OptionGroup var trusted: KeyOption
        @Option(help: ArgumentHelp("The signature of one file, elsewhere.", valueName: "file"))
        var signature: String?

        func validate() throws {
            guard signature == nil || files.count == 1 else {
                throw ValidationError("--signature is for one file.")
            }
        }

        func run() throws {
            try reportingErrors {
                let keys = try trusted.required()
                var isGood = true
                for file in files {
                    do throws(SignatureError) {
                        if FileInput.isFolder(file) {
                            try SignedFolder(file, by: keys).show()
                        } else {
                            try keys.check(file: file, signature: signature).show(file)
                        }
                    } catch {
                        guard files.count > 1 else { throw error }
                        Terminal.say("triage: \(error.description)")
                        isGood = false
                    }
                }
                if !isGood { throw ExitCode.badData }
            }
        }
    }
}

extension KeyOption {
    /// The keys of the option, or of TRIAGE_SIGNED_BY.
    ///
    /// - Throws: `ValidationError` when neither names one.
    func required() throws -> TrustedKeys {
        let keys = try given()
        guard keys.areRequired else {
            throw ValidationError("Name the publisher's public key with --key, or in TRIAGE_SIGNED_BY.")
        }
        return keys
    }

    /// The keys of the option, or of TRIAGE_SIGNED_BY; none when neither names one.
    func given() throws -> TrustedKeys { try TrustedKeys(key.isEmpty ? Installation.signedBy : key) }
}
