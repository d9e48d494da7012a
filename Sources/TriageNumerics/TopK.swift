/// The best few of many, in a total order: larger score first, then smaller index.
public enum TopK {
    /// The indices of the `count` largest scores, best first; NaN counts as minus infinity.
    ///
    /// - Complexity: O(n · count) at worst, O(n) when few scores displace others.
    public static func indices(of scores: [Float], count: Int) -> [Int] {
        offsets(of: scores[...], count: count)
    }

    /// The same for a slice, counted from its start.
    public static func offsets(of scores: ArraySlice<Float>, count: Int) -> [Int] {
        var best: [Int] = []
        guard count > 0 else { return best }
        best.reserveCapacity(min(count, scores.count))
        scores.withUnsafeBufferPointer { select($0.span, count, &best) }
        return best
    }

    private static func select(_ scores: Span<Float>, _ count: Int, _ best: inout [Int]) {
        func score(_ index: Int) -> Float { scores[index].isNaN ? -.infinity : scores[index] }
        var least = -Float.infinity
        for index in 0..<scores.count {
            if best.count < count { best.append(index) } else if !(scores[index] > least) { continue }
            var place = best.count - 1
            while place > 0, score(index) > score(best[place - 1]) {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = index
            least = score(best[best.count - 1])
        }
    }
}
