/// The best few of many, in a total order: larger score first, then smaller index.
public enum TopK {
    /// The indices of the `count` largest scores, best first; NaN counts as minus infinity.
    ///
    /// - Complexity: O(n · count) at worst, O(n) when few scores displace others.
    public static func indices(of scores: [Float], count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var best: [(score: Float, index: Int)] = []
        best.reserveCapacity(min(count, scores.count) + 1)
        for index in scores.indices {
            let raw = scores[index]
            let score = raw.isNaN ? -Float.infinity : raw
            if best.count == count, let last = best.last, score <= last.score { continue }
            var place = best.count
            while place > 0, score > best[place - 1].score { place -= 1 }
            best.insert((score, index), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map(\.index)
    }
}
