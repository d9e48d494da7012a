package import TriageDrafts
internal import TriageData

/// What tokens cost, by model, in one currency of the site's choice.
package struct PriceTable: Sendable, Equatable {
    /// The price of a million tokens.
    package struct Price: Sendable, Equatable {
        package var input: Double
        package var output: Double

        package init(input: Double, output: Double) {
            self.input = input
            self.output = output
        }

        package func cost(_ usage: TokenUsage) -> Double {
            (Double(usage.input) * input + Double(usage.output) * output) / 1_000_000
        }
    }

    /// The name that stands for every model without a price of its own.
    package static let others = "*"

    package var prices: [String: Price]

    /// A table; empty when calls cost nothing.
    package init(_ prices: [String: Price] = [:]) { self.prices = prices }

    /// The price of a model; nil when the table does not know it.
    package func price(of model: String) -> Price? { prices[model] ?? prices[PriceTable.others] }

    /// Reads `{"model": {"input": 0.15, "output": 0.6}, "*": …}`, prices per million tokens.
    ///
    /// - Throws: `LLMError.data` when the file cannot be read, `.badSetting` when it is not such a table.
    package init(file path: String) throws(LLMError) {
        let bytes = try contents(of: path, limit: 1 << 20)
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(reading: bytes) } catch {
            throw .badSetting(name: path, problem: "line \(error.line(in: bytes)): \(error.problem)")
        }
        guard let members = value.members else {
            throw .badSetting(
                name: path,
                problem: "not a table of prices; give {\"model\": {\"input\": 0.15, \"output\": 0.6}}")
        }
        prices = [:]
        for (name, value) in members {
            guard let input = value["input"]?.double, let output = value["output"]?.double, input >= 0,
                output >= 0
            else {
                throw .badSetting(
                    name: path,
                    problem:
                        "the model \(name) needs \"input\" and \"output\", prices of a million tokens, 0 or more"
                )
            }
            prices[name] = Price(input: input, output: output)
        }
    }
}
