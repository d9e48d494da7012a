/// What changed from one text to another, word by word.
package struct TextDifference: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case kept(String)
        case removed(String)
        case added(String)
    }

    package private(set) var pieces: [Piece] = []

    /// Words beyond which a text is compared as a whole: the comparison takes time with words × changes.
    private static let maximumWords = 4_000

    package init(from old: String, to new: String) {
        let (before, after) = (Self.words(old), Self.words(new))
        guard max(before.count, after.count) <= Self.maximumWords else {
            pieces = old == new ? [.kept(new)] : [.removed(old), .added(new)]
            return
        }
        let difference = after.difference(from: before)
        let removed = Set(
            difference.removals.compactMap { change -> Int? in
                if case .remove(let place, _, _) = change { place } else { nil }
            })
        let added = Set(
            difference.insertions.compactMap { change -> Int? in
                if case .insert(let place, _, _) = change { place } else { nil }
            })
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if old < before.count, removed.contains(old) {
                append(.removed(before[old]))
                old += 1
            } else if new < after.count, added.contains(new) {
                append(.added(after[new]))
                new += 1
            } else {
                append(.kept(after[new]))
                (old, new) = (old + 1, new + 1)
            }
        }
    }

    /// Joins it with the last piece where both are of one kind.
    private mutating func append(_ piece: Piece) {
        switch (pieces.last, piece) {
        case (.kept(let before), .kept(let text)): pieces[pieces.count - 1] = .kept(before + text)
        case (.removed(let before), .removed(let text)): pieces[pieces.count - 1] = .removed(before + text)
        case (.added(let before), .added(let text)): pieces[pieces.count - 1] = .added(before + text)
        default: pieces.append(piece)
        }
    }

    /// Words with the white space behind them.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            let word = rest.prefix { !$0.isWhitespace }
            let space = rest.dropFirst(word.count).prefix { $0.isWhitespace }
            words.append(String(word + space))
            rest = rest[space.endIndex...]
        }
        return words
    }

    /// The new text with what is gone and what is new marked.
    package var html: HTML {
        HTML(
            pieces.map { piece in
                switch piece {
                case .kept(let text): HTML(text)
                case .removed(let text): .tag("del", [:], HTML(text))
                case .added(let text): .tag("ins", [:], HTML(text))
                }
            })
    }
}
