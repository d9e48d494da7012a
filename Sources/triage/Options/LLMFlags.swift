import ArgumentParser
import Foundation
import TriageData

#if Service
import TriageLLM
import TriageSettings

extension Option<[String]> {
    /// The flag of a setting, with its earlier names, its meaning and its default; a value becomes `--flag=value`.
    fileprivate init(setting key: String) {
        let setting = Setting.named(key)
        let shown = setting.defaultValue.map { " (default: \($0))" } ?? ""
        self.init(
            wrappedValue: [],
            name: NameSpecification(
                setting.flags.map { NameSpecification.Element.customLong(String($0.dropFirst(2))) }),
            help: ArgumentHelp("\(setting.meaning)\(shown)", valueName: setting.valueName),
            transform: { "\(setting.flags[0])=\($0)" })
    }
}

/// The language model of a command, from the table of settings; without --llm-url no model is used.
struct LLMFlags: ParsableArguments {
    @Option(setting: "llm.url") var url: [String]
    @Option(setting: "llm.model") var model: [String]
    @Option(setting: "llm.key-file") var keyFile: [String]
    @Option(setting: "llm.key-command") var keyCommand: [String]
    @Option(setting: "llm.hosts") var hosts: [String]
    @Option(setting: "llm.ca") var ca: [String]
    @Option(setting: "llm.timeout") var timeout: [String]
    @Option(setting: "llm.retries") var retries: [String]
    @Option(setting: "llm.concurrency") var concurrency: [String]
    @Option(setting: "llm.cache") var cache: [String]
    @Option(setting: "llm.price") var price: [String]
    @Option(setting: "llm.prices") var prices: [String]
    @Option(setting: "llm.daily-budget") var dailyBudget: [String]
    @Option(setting: "llm.monthly-budget") var monthlyBudget: [String]
    @Option(setting: "llm.budget-file") var budgetFile: [String]

    var isGiven: Bool { !url.isEmpty }

    private var flags: [String] {
        [
            url, model, keyFile, keyCommand, hosts, ca, timeout, retries, concurrency, cache, price, prices,
            dailyBudget,
            monthlyBudget, budgetFile,
        ].flatMap(\.self)
    }

    func validate() throws {
        let found = effective()
        try found.validate()
        guard isGiven || model.isEmpty, !isGiven || found.settings.llm.model != nil else {
            throw ValidationError(
                "--llm-url and --llm-model go together." + (unusedAddress.map { " \($0)" } ?? ""))
        }
    }

    /// Why an address in the environment is not called; nil without one, or with the flag.
    private var unusedAddress: String? {
        let name = Setting.named("llm.url").variable
        let isSet = !(ProcessInfo.processInfo.environment[name] ?? "").isEmpty
        return isGiven || !isSet
            ? nil : "\(name) is set and not used: without --llm-url this command opens no connection."
    }

    /// Warns of an address in the environment that is not called.
    func warnUnused() { if let unusedAddress { Terminal.say("triage: warning: \(unusedAddress)") } }

    /// The settings that flags and environment variables name, with the flags of one more group.
    ///
    /// Where answers are counted that a model gave before, `isOffline` reads the prices too.
    func settings(
        _ further: LLMDecisionFlags? = nil, isOffline: Bool = false
    ) throws -> ServiceSettings.LanguageModel {
        // Only a flag lets a command open a connection.
        guard isGiven || isOffline && !(price + prices).isEmpty else { return ServiceSettings().llm }
        var settings = try effective(further).checked().llm
        if !isGiven { settings.url = nil }
        return settings
    }

    private func effective(_ further: LLMDecisionFlags? = nil) -> EffectiveSettings {
        EffectiveSettings(
            languageModel: flags + (further?.flags ?? []), environment: ProcessInfo.processInfo.environment)
    }
}

/// Where a language model chooses labels.
struct LLMDecisionFlags: ParsableArguments {
    @Option(setting: "llm.fields") var fields: [String]
    @Option(setting: "llm.below") var below: [String]
    @Option(setting: "llm.decision-timeout") var decisionTimeout: [String]

    var flags: [String] { fields + below + decisionTimeout }

    func validate() throws { try EffectiveSettings(languageModel: flags, environment: [:]).validate() }
}

extension EffectiveSettings {
    /// Refuses flags whose value cannot be used.
    fileprivate func validate() throws {
        let wrong = problems.filter { if case .flag = $0.origin { true } else { false } }
        guard wrong.isEmpty else {
            throw ValidationError(wrong.map(\.description).joined(separator: "\n").shownKeepingLines)
        }
    }
}
#else
/// Without the service's parts there is no language model: `Triage` refuses its flags.
struct LLMFlags: ParsableArguments {
    var isGiven: Bool { false }
    func warnUnused() {}
}

struct LLMDecisionFlags: ParsableArguments {
    var flags: [String] { [] }
}
#endif
