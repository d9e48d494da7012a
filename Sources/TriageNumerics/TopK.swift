/// The best few of many, in a total order: larger score first, then smaller index.
package enum TopK {
    /// The indices of the `count` largest scores, best first; NaN counts as minus infinity.
    ///
    /// - Complexity: O(n · count) at worst, O(n) when few scores displace others.
    package static func indices(of scores: [Float], count: Int) -> [Int] {
        offsets(of: scores[...], count: count)
    }

    /// The same for a slice, counted from its start.
    package static func offsets(of scores: ArraySlice<Float>, count: Int) -> [Int] {
        guard count > 0, !scores.isEmpty else { return [] }
        var best = [Int](repeating: 0, count: min(count, scores.count))
        var places = best.mutableSpan
        scores.withUnsafeBufferPointer { select($0.span, &places) }
        return best
    }

    private static func select(_ scores: Span<Float>, _ best: inout MutableSpan<Int>) {
        func score(_ index: Int) -> Float { scores[index].isNaN ? -.infinity : scores[index] }
        var least = -Float.infinity
        var filled = 0
        for index in 0..<scores.count {
            if filled < best.count { filled += 1 } else if !(scores[index] > least) { continue }
            let own = score(index)
            var place = filled - 1
            while place > 0, own > score(best[place - 1]) {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = index
            least = score(best[filled - 1])
        }
    }
}

extension Array where Element: Comparable {
    /// The place of the largest element, of equal ones the first; nil for no elements.
    package var placeOfMaximum: Int? { indices.max { (self[$0], $1) < (self[$1], $0) } }
}
