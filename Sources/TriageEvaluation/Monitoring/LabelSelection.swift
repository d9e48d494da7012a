/// Chooses the tickets whose labels would help training most.
///
/// A ticket is worth more the less sure the model is of it and the more other tickets are like it (information density,
/// Settles and Craven, 2008); what is like a ticket that was chosen already is worth less, so that twenty tickets are not twenty
/// copies. The same tickets give the same choice.
package struct LabelSelection: Sendable {
    /// A ticket that may be labelled.
    package struct Candidate: Sendable {
        /// 0 where the model is sure, 1 where its two best labels are equal.
        package var doubt: Float
        /// The direction of the ticket's content; of any length.
        package var vector: [Float]

        package init(doubt: Float, vector: [Float]) { (self.doubt, self.vector) = (doubt, vector) }
    }

    private let vectors: [[Float]]
    private let worth: [Float]

    /// - Complexity: O(candidates · dimension).
    package init(_ candidates: [Candidate]) {
        let vectors = candidates.map { LabelSelection.unit($0.vector) }
        var sum = [Float](repeating: 0, count: vectors.first?.count ?? 0)
        for vector in vectors { for place in vector.indices { sum[place] += vector[place] } }
        // The mean likeness to all tickets, by one product with their sum.
        let scale = Float(max(1, vectors.count))
        worth = zip(candidates, vectors).map { candidate, vector in
            max(0, candidate.doubt) * max(0, LabelSelection.likeness(vector, sum) / scale)
        }
        self.vectors = vectors
    }

    /// The places of the best `count` candidates, the most useful first.
    ///
    /// - Complexity: O(count · candidates · dimension).
    package func next(_ count: Int) -> [Int] {
        var nearest = [Float](repeating: 0, count: vectors.count)
        var (chosen, taken) = ([Int](), Set<Int>())
        while chosen.count < min(count, vectors.count) {
            let best = vectors.indices.filter { !taken.contains($0) }.max { one, other in
                let (left, right) = (worth[one] * (1 - nearest[one]), worth[other] * (1 - nearest[other]))
                return left == right ? one > other : left < right
            }
            guard let best else { break }
            chosen.append(best)
            taken.insert(best)
            for place in vectors.indices {
                nearest[place] = max(
                    nearest[place], min(1, LabelSelection.likeness(vectors[place], vectors[best])))
            }
        }
        return chosen
    }

    private static func unit(_ vector: [Float]) -> [Float] {
        let length = likeness(vector, vector).squareRoot()
        return length > 0 ? vector.map { $0 / length } : vector
    }

    private static func likeness(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
