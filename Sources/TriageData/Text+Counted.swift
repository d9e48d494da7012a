extension BinaryInteger {
    /// The number with a thing that has its plural in s, as "1 row" and "2 rows".
    package func counted(_ thing: String) -> String { "\(self) \(thing)\(self == 1 ? "" : "s")" }
}
