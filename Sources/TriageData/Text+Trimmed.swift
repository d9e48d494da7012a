extension String {
    /// Without white space at either end.
    package var trimmed: String { utf8.isTrimmed ? self : self[...].trimmed }
}

extension Substring {
    /// Without white space at either end.
    package var trimmed: String {
        if utf8.isTrimmed { return String(self) }
        var rest = self
        while rest.first?.isWhitespace ?? false { rest = rest.dropFirst() }
        while rest.last?.isWhitespace ?? false { rest = rest.dropLast() }
        return String(rest)
    }
}

extension BidirectionalCollection<UInt8> {
    /// Whether a text begins and ends with a visible character of ASCII, as most do; other texts may be trimmed too.
    fileprivate var isTrimmed: Bool {
        guard let first, let last else { return true }
        return (0x21...0x7E).contains(first) && (0x21...0x7E).contains(last)
    }
}
