extension String {
    /// Without white space at either end.
    package var trimmed: String { utf8.isTrimmed ? self : self[...].trimmed }
}

extension Substring {
    /// Without white space at either end.
    package var trimmed: String {
        if utf8.isTrimmed { return String(self) }
        var rest = withoutPlainSpace
        while rest.first?.isWhitespace ?? false { rest = rest.dropFirst() }
        while rest.last?.isWhitespace ?? false { rest = rest.dropLast() }
        return String(rest)
    }
}

extension Substring {
    /// Without white space of ASCII at its ends, as far as ASCII stands beside it: a mark may change a space.
    fileprivate var withoutPlainSpace: Substring {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var rest = utf8
        while let first = rest.first, isSpace(first), let next = rest.dropFirst().first, next < 0x80 {
            rest = rest.dropFirst()
        }
        while let last = rest.last, isSpace(last), let next = rest.dropLast().last, next < 0x80 {
            rest = rest.dropLast()
        }
        return Substring(rest)
    }
}

extension BidirectionalCollection<UInt8> {
    /// Whether a text begins and ends with a visible character of ASCII, as most do; other texts may be trimmed too.
    fileprivate var isTrimmed: Bool {
        guard let first, let last else { return true }
        return (0x21...0x7E).contains(first) && (0x21...0x7E).contains(last)
    }
}
