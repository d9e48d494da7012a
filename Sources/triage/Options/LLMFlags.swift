import ArgumentParser
import Foundation

#if Service
import TriageLLM
#endif

/// The language model, where a site has one; without --llm-url there is none, and nothing is dialled.
struct LLMFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A server that speaks chat completions, such as http://127.0.0.1:8080/v1.", valueName: "address"))
    var llmUrl: String?
    @Option(help: ArgumentHelp("The model, as the server knows it.", valueName: "name"))
    var llmModel: String?
    @Option(
        help: ArgumentHelp(
            "A file with the API key (or the environment's TRIAGE_LLM_KEY).", valueName: "file"))
    var llmKeyFile: String?
    @Option(
        help: ArgumentHelp(
            "A host that masked tickets may go to, besides loopback and private ones; may be given again.",
            valueName: "host"))
    var llmAllowHost: [String] = []
    @Option(help: ArgumentHelp("Authorities to trust instead of the system's, in PEM.", valueName: "file"))
    var llmCa: String?
    @Option(help: ArgumentHelp("Seconds for one call, retries included.", valueName: "seconds"))
    var llmTimeout = 30.0
    @Option(help: ArgumentHelp("Calls at once.", valueName: "number"))
    var llmConcurrency = 4
    @Option(
        help: ArgumentHelp(
            "The prices of a million tokens of prompt and of reply, such as 0.15,0.6.", valueName: "in,out"))
    var llmPrice: String?
    @Option(
        help: ArgumentHelp(
            "Prices by model, as JSON: {\"name\": {\"input\": 0.15, \"output\": 0.6}}.", valueName: "file"))
    var llmPrices: String?
    @Option(help: ArgumentHelp("The most to spend on one day (UTC).", valueName: "amount"))
    var llmBudgetDaily: Double?
    @Option(help: ArgumentHelp("The most to spend in one month (UTC).", valueName: "amount"))
    var llmBudgetMonthly: Double?
    @Option(
        help: ArgumentHelp("Where spending is written down (default: not at all).", valueName: "file"))
    var llmBudgetFile: String?

    func validate() throws {
        guard (llmUrl == nil) == (llmModel == nil) else {
            throw ValidationError("--llm-url and --llm-model go together.")
        }
        guard llmTimeout > 0, llmTimeout <= 3600 else {
            throw ValidationError("--llm-timeout takes seconds, up to 3600.")
        }
        guard (1...256).contains(llmConcurrency) else {
            throw ValidationError("--llm-concurrency takes a number from 1 to 256.")
        }
        guard [llmBudgetDaily, llmBudgetMonthly].allSatisfy({ $0.map { $0 >= 0 } ?? true }) else {
            throw ValidationError("A budget is 0 or more.")
        }
        guard llmPrice == nil || givenPrice != nil else {
            throw ValidationError("--llm-price takes two prices, such as 0.15,0.6.")
        }
    }

    /// The two prices of --llm-price; nil when they are not two numbers from 0.
    private var givenPrice: (input: Double, output: Double)? {
        guard let parts = llmPrice?.split(separator: ",", omittingEmptySubsequences: false), parts.count == 2,
            let input = Double(parts[0]), let output = Double(parts[1]), input >= 0, output >= 0
        else { return nil }
        return (input, output)
    }
}

#if Service
extension LLMFlags {
    /// The client asked for; `.disabled` when none is.
    func client() throws -> LLMClient {
        guard let options = try options() else { return .disabled }
        return try .http(options)
    }

    /// What the flags say; nil when they name no server.
    func options() throws -> LLMOptions? {
        guard let llmUrl, let llmModel else { return nil }
        var options = LLMOptions(url: llmUrl, model: llmModel)
        options.allowedHosts = Set(llmAllowHost.map { $0.lowercased() })
        options.authorities = llmCa
        options.deadline = .milliseconds(Int(llmTimeout * 1000))
        options.gate.concurrency = llmConcurrency
        options.gate.queue = max(16, 4 * llmConcurrency)
        options.prices = try prices(with: llmModel)
        options.budget = BudgetOptions(
            daily: llmBudgetDaily, monthly: llmBudgetMonthly, file: llmBudgetFile)
        if let llmKeyFile {
            options.key = LLMOptions.key(file: llmKeyFile)
        } else {
            options.key = { () throws(LLMError) in ProcessInfo.processInfo.environment["TRIAGE_LLM_KEY"] }
        }
        return options
    }

    /// What a model's tokens cost, as the flags say; nil when they do not.
    func price(of model: String) throws -> PriceTable.Price? { try prices(with: model).price(of: model) }

    private func prices(with model: String) throws -> PriceTable {
        var table =
            try llmPrices.map { (path) throws(LLMError) in try PriceTable(file: path) } ?? PriceTable()
        if let givenPrice {
            table.prices[model] = PriceTable.Price(input: givenPrice.input, output: givenPrice.output)
        }
        return table
    }
}
#endif
