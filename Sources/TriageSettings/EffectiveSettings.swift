internal import TriageData

/// Settings put together from all sources, with where each value comes from and what is wrong.
package struct EffectiveSettings: Sendable {
    /// The values; the default stands for each that could not be read.
    package private(set) var settings = ServiceSettings()
    /// All that is wrong; with any of it the service does not start.
    package private(set) var problems: [SettingsProblem] = []
    /// The problems of one source: an unknown name, a bad value, or an unreadable file.
    private var sourceProblems: [SettingsProblem] = []
    /// Where values come from, by the key of their setting; what is not in it is the default.
    private var origins: [String: SettingOrigin] = [:]

    /// Where settings are looked for.
    package struct Sources: Sendable {
        /// The words of the command line, as `--port`, `8080`.
        package var flags: [String]
        package var environment: [String: String]
        /// The file of variables; need not be there.
        package var environmentFile: String
        /// The YAML file that was named; nil for `defaultFile`, if it is there.
        package var file: String?

        /// The YAML file that is read when it is there and no other was asked for.
        package static let defaultFile = "triage.yaml"

        /// `.env` and `triage.yaml` in the working folder, unless others are named.
        package init(
            flags: [String] = [], environment: [String: String], environmentFile: String = ".env",
            file: String? = nil
        ) {
            self.flags = flags
            self.environment = environment
            self.environmentFile = environmentFile
            self.file = file
        }
    }

    /// Flags before environment before `.env` before the YAML file before defaults.
    package init(_ sources: Sources) {
        let flags = FlagReader(sources.flags)
        let process = EnvironmentReader(process: sources.environment)
        problems = flags.problems + process.problems
        var layers = [SettingLayer(texts: flags.entries), SettingLayer(texts: process.entries)]
        if let bytes = bytes(sources.environmentFile, isNeeded: false) {
            let file = EnvironmentReader(
                file: EnvironmentFile(String(decoding: bytes, as: UTF8.self), path: sources.environmentFile))
            problems += file.problems
            layers.append(SettingLayer(texts: file.entries))
        }
        let path = sources.file ?? Sources.defaultFile
        if let bytes = bytes(path, isNeeded: sources.file != nil) {
            let file = SettingsFile(bytes, path: path)
            problems += file.problems
            if !file.bytes.isEmpty {
                do { layers.append(try SettingLayer(yaml: file.bytes, entries: file.entries)) } catch {
                    problems.append(
                        SettingsProblem(
                            origin: nil,
                            problem:
                                "\(path): cannot be read as settings (\(error.safeDescription)); check its YAML"
                        ))
                }
            }
        }
        for slot in Setting.slots { fill(slot, from: layers) }
        settings.keepSecretsFresh()
        sourceProblems = problems
        problems += SettingsCheck(settings).problems
    }

    /// The language model's settings alone, as a command beside the service reads them: flags before environment variables
    /// before defaults.
    ///
    /// The command reads no file, and other variables are not its concern.
    package init(languageModel flags: [String], environment: [String: String]) {
        self.init(of: "llm.", flags: flags, environment: environment)
    }

    /// The vector database's settings alone, likewise.
    package init(search flags: [String], environment: [String: String]) {
        self.init(of: "search.", flags: flags, environment: environment)
    }

    private init(of prefix: String, flags: [String], environment: [String: String]) {
        let reader = FlagReader(flags)
        problems = reader.problems
        let layers = [
            SettingLayer(texts: reader.entries),
            SettingLayer(texts: EnvironmentReader(process: environment).entries),
        ]
        for slot in Setting.slots where slot[0].key.hasPrefix(prefix) { fill(slot, from: layers) }
        settings.keepSecretsFresh()
    }

    /// The settings, after their commands were run.
    ///
    /// - Throws: `SettingsError` with everything that is wrong.
    package func checked() throws(SettingsError) -> ServiceSettings {
        let problems = runningCommands().problems
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
        return settings
    }

    /// The same settings with what is wrong with the secrets that commands print.
    ///
    /// Commands are run here and not while settings are read: a command that calls the service, such as `health`, needs
    /// the address alone.
    package func runningCommands() -> EffectiveSettings {
        var checked = self
        for setting in Setting.all {
            guard let command = setting.secret(settings)?.command else { continue }
            do throws(SecretError) {
                let text = try command.run()
                guard let accepts = setting.accepts, !accepts(text) else { continue }
                checked.complain(setting, "the command \(command.name) must print \(setting.expected)")
            } catch {
                checked.complain(setting, error.safeDescription)
            }
        }
        return checked
    }

    private mutating func complain(_ setting: Setting, _ problem: String) {
        problems.append(SettingsProblem(origin: origin(of: setting), problem: problem))
    }

    /// Where the service listens, for a command that calls it.
    ///
    /// What is wrong with another setting does not change the address, and is the service's concern.
    ///
    /// - Throws: `SettingsError` with all that may lead to another address than the service's.
    package func listening() throws(SettingsError) -> ServiceSettings.Listening {
        let found = sourceProblems.filter { problem in
            problem.origin.flatMap { $0.setting }.map { Setting.address.contains($0.slot) } ?? true
        }
        guard found.isEmpty else { throw SettingsError(problems: found) }
        return settings.listening
    }

    /// Where a setting's value comes from.
    package func origin(of setting: Setting) -> SettingOrigin { origins[setting.key] ?? .default }

    /// A setting's value as it may be shown; nil when it has none.
    package func value(of setting: Setting) -> String? {
        guard setting.key == setting.slot else { return nil }
        return setting.show(settings)
    }

    /// A setting's value as it may be shown, and its source.
    package func shown(_ setting: Setting) -> String {
        "\(value(of: setting) ?? "–")  [\(origin(of: setting))]"
    }

    /// Takes the value of a slot from the first layer that has one.
    private mutating func fill(_ slot: [Setting], from layers: [SettingLayer]) {
        for layer in layers {
            let found = slot.filter { layer.entry($0) != nil }
            guard let setting = found.first, let entry = layer.entry(setting) else { continue }
            if found.count > 1, let other = layer.entry(found[1]) {
                problems.append(
                    SettingsProblem(
                        origin: entry.origin, problem: "is given by \(other.origin) too; keep one of them"))
            }
            if setting.isCommand, let path = entry.origin.path, SettingsFile.isWritableByAll(path) {
                problems.append(
                    SettingsProblem(
                        origin: entry.origin,
                        problem:
                            "names a command, and every user of this machine may write the file: run chmod o-w on it"
                    ))
                return
            }
            do throws(SettingError) {
                try layer.apply(setting, to: &settings)
                origins[setting.slot] = entry.origin
            } catch {
                let isShown = !setting.isSecret && !setting.isCommand && Quoting.isHarmless(entry.value)
                let value = isShown ? ", not \"\(entry.value)\"" : ""
                problems.append(SettingsProblem(origin: entry.origin, problem: error.problem + value))
            }
            return
        }
    }

    private mutating func bytes(_ path: String, isNeeded: Bool) -> [UInt8]? {
        guard isNeeded || FileInput.exists(path) else { return nil }
        do throws(DataError) {
            let bytes = try FileInput.bytes(of: path, limit: SettingsFile.maximumBytes)
            if bytes.count <= SettingsFile.maximumBytes { return bytes }
            problems.append(
                SettingsProblem(origin: nil, problem: "\(path): is over 1 MB; settings are short"))
        } catch {
            problems.append(SettingsProblem(origin: nil, problem: error.description))
        }
        return nil
    }
}
