internal import TriageData
internal import Configuration

/// A type that a setting has: what sources convert it from, and how documents write it.
protocol SettingType: Sendable {
    /// What a value must be, after "must be".
    static var expected: String { get }
    /// One or two words for a value in a command's help.
    static var valueName: String { get }
    /// What a source is asked for.
    static var configType: ConfigType { get }
    /// The value; nil when the content is none of this type.
    init?(content: ConfigContent)
    /// The value as it may be written in every source; nil for one that is not set.
    var written: String? { get }
}

extension SettingType {
    static var valueName: String { "value" }
}

extension String: SettingType {
    static var expected: String { "text" }
    static var configType: ConfigType { .string }
    init?(content: ConfigContent) {
        guard case .string(let text) = content, !text.isEmpty else { return nil }
        self = text
    }
    var written: String? { self }
}

extension Int: SettingType {
    static var expected: String { "a whole number" }
    static var valueName: String { "number" }
    static var configType: ConfigType { .int }
    init?(content: ConfigContent) {
        guard case .int(let number) = content else { return nil }
        self = number
    }
    var written: String? { String(self) }
}

extension Double: SettingType {
    static var expected: String { "a number" }
    static var valueName: String { "number" }
    static var configType: ConfigType { .double }
    init?(content: ConfigContent) {
        guard case .double(let number) = content, number.isFinite else { return nil }
        self = number
    }
    var written: String? { self == rounded() && abs(self) < 1e15 ? String(Int(self)) : String(self) }
}

extension Bool: SettingType {
    static var expected: String { "true or false" }
    static var configType: ConfigType { .bool }
    init?(content: ConfigContent) {
        guard case .bool(let truth) = content else { return nil }
        self = truth
    }
    var written: String? { String(self) }
}

extension [String]: SettingType {
    static var valueName: String { "list" }
    static var expected: String { "a list (with commas between its parts, in YAML as [one, two])" }
    static var configType: ConfigType { .stringArray }
    init?(content: ConfigContent) {
        guard case .stringArray(let parts) = content else { return nil }
        self = parts.map { $0.trimmed }.filter { !$0.isEmpty }
    }
    var written: String? { isEmpty ? nil : joined(separator: ",") }
}

extension Optional: SettingType where Wrapped: SettingType {
    static var expected: String { Wrapped.expected }
    static var valueName: String { Wrapped.valueName }
    static var configType: ConfigType { Wrapped.configType }
    init?(content: ConfigContent) {
        guard let value = Wrapped(content: content) else { return nil }
        self = .some(value)
    }
    var written: String? { flatMap(\.written) }
}

extension SettingType where Self: RawRepresentable<String> & CaseIterable {
    static var expected: String { allCases.map(\.rawValue).joined(separator: ", ") }
    static var configType: ConfigType { .string }
    init?(content: ConfigContent) {
        guard case .string(let text) = content else { return nil }
        self.init(rawValue: text.lowercased())
    }
    var written: String? { rawValue }
}

extension Duration: SettingType {
    static var expected: String { "a time such as 250ms, 30s, 5m, 1h or 7d (a bare number is seconds)" }
    static var valueName: String { "time" }
    static var configType: ConfigType { .string }

    /// The units, largest first, in milliseconds.
    private static let units: [(name: String, size: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    init?(content: ConfigContent) {
        guard case .string(let text) = content else { return nil }
        self.init(written: text)
    }

    /// A time such as 250ms or 5m, as every setting takes it; nil for any other text.
    package init?(written text: String) {
        guard let milliseconds = Quantity.read(text, units: Duration.units, bare: 1000) else { return nil }
        self = .milliseconds(milliseconds)
    }

    var written: String? {
        Quantity.write(Int(self / .milliseconds(1)), units: Duration.units, zero: "0s")
    }
}

/// A number of bytes.
package struct ByteCount: SettingType, Sendable, Equatable, Comparable {
    package var bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }

    package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    static let expected = "a size such as 512, 64KB or 1MB (1 KB is 1024 bytes)"
    static let configType = ConfigType.string
    private static let units: [(name: String, size: Int)] = [
        ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1),
    ]

    init?(content: ConfigContent) {
        guard case .string(let text) = content,
            let bytes = Quantity.read(text, units: ByteCount.units, bare: 1)
        else { return nil }
        self.bytes = bytes
    }

    var written: String? { Quantity.write(bytes, units: ByteCount.units, zero: "0") }
}

/// Whole numbers with a unit behind them.
enum Quantity {
    /// The number in the smallest unit, rounded; nil when the text is none, negative or too large.
    static func read(_ text: String, units: [(name: String, size: Int)], bare: Int) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let name = text.dropFirst(digits.count).trimmed.lowercased()
        guard digits.first != ".", digits.last != ".", let number = Double(digits),
            let size = name.isEmpty ? bare : units.first(where: { $0.name.lowercased() == name })?.size
        else { return nil }
        let product = (number * Double(size)).rounded()
        // A fraction of the smallest unit, as 0.5 bytes, is none.
        guard product <= 0x1p50, product > 0 || number == 0 else { return nil }
        return Int(product)
    }

    /// The same number in the largest unit that divides it.
    static func write(_ number: Int, units: [(name: String, size: Int)], zero: String) -> String {
        guard number > 0, let unit = units.first(where: { number.isMultiple(of: $0.size) }) else {
            return zero
        }
        return "\(number / unit.size)\(unit.name)"
    }
}
