#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageSettings

/// The service's settings, from all their sources; each may be a flag.
struct SettingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A YAML file of settings (default: triage.yaml in this folder, if it is there).",
            valueName: "file"))
    var config: String?

    @OptionGroup var described: DescribedSettings

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var flags: [String] = []

    /// All of them, and what is wrong with them.
    func effective() -> EffectiveSettings {
        EffectiveSettings(
            .init(flags: flags, environment: ProcessInfo.processInfo.environment, file: config))
    }
}

/// Each setting as an option, for completion scripts and manual pages alone.
///
/// The parser finds options by reflection. When it reads a command line there are none here, so that the flags of settings
/// go to the settings' own reader with its errors.
struct DescribedSettings: ParsableArguments, CustomReflectable {
    private static let areWanted = ProgramArguments.all.contains {
        $0.hasPrefix("--generate-completion-script") || $0 == "--experimental-dump-help"
    }

    init() {}

    init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: Name.self) }

    var customMirror: Mirror {
        let settings = DescribedSettings.areWanted ? Setting.all.filter { $0.flag != nil } : []
        return Mirror(self, children: settings.map { (label: "_\($0.key)", value: $0.option as Any) })
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

extension Setting {
    fileprivate var option: Any {
        let names = NameSpecification(flags.map { .customLong(String($0.dropFirst(2))) })
        let shown = defaultValue.map { " (default: \($0))" } ?? ""
        let help = ArgumentHelp("\(meaning)\(shown)", valueName: valueName)
        guard isTruth else { return Option<String?>(name: names, help: help) }
        return Flag<Bool>(wrappedValue: false, name: names, inversion: .prefixedNo, help: help)
    }
}
#endif
