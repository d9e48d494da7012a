internal import RealModule

/// The place in a sequence of yes and no from which yes is more frequent, or rarer, than before.
///
/// Two rates instead of one: the place with the largest likelihood, judged by the logarithm of the ratio of likelihoods.
struct ChangePoint: Equatable {
    /// The first element of the second part.
    var place: Int
    /// Shares of yes before and after.
    var before: Double
    var after: Double
    /// Yes after.
    var events: Int
    /// ln of the ratio of the likelihoods of two rates and of one.
    var evidence: Double

    enum Direction { case up, down }

    /// The likeliest place where the rate of yes goes up or down; nil for a sequence without such a place.
    ///
    /// `yes` has the places of yes in a sequence of `count`, rising; `earlier` is what lies before the sequence, and counts as
    /// before every place.
    init?(
        _ yes: [Int], of count: Int, _ direction: Direction, after earlier: (yes: Int, count: Int) = (0, 0)
    ) {
        let (allYes, all) = (yes.count + earlier.yes, count + earlier.count)
        let flat = ChangePoint.logLikelihood(allYes, all)
        var best: ChangePoint?
        for (number, place) in yes.enumerated() {
            // Upwards it begins at a yes, downwards behind one.
            let split = direction == .up ? place : place + 1
            let yesBefore = earlier.yes + number + (direction == .up ? 0 : 1)
            let countBefore = earlier.count + split
            guard countBefore > 0, countBefore < all else { continue }
            let (yesAfter, countAfter) = (allYes - yesBefore, all - countBefore)
            let (before, after) = (
                Double(yesBefore) / Double(countBefore), Double(yesAfter) / Double(countAfter)
            )
            guard direction == .up ? after > before : after < before else { continue }
            let evidence =
                ChangePoint.logLikelihood(yesBefore, countBefore)
                + ChangePoint.logLikelihood(yesAfter, countAfter)
                - flat
            if evidence > best?.evidence ?? 0 {
                best = ChangePoint(
                    place: split, before: before, after: after, events: yesAfter, evidence: evidence)
            }
        }
        guard let best else { return nil }
        self = best
    }

    private init(place: Int, before: Double, after: Double, events: Int, evidence: Double) {
        (self.place, self.before, self.after) = (place, before, after)
        (self.events, self.evidence) = (events, evidence)
    }

    /// ln of the likelihood of so many yes at their own share.
    private static func logLikelihood(_ yes: Int, _ count: Int) -> Double {
        func term(_ part: Int) -> Double {
            part == 0 ? 0 : Double(part) * .log(Double(part) / Double(count))
        }
        return term(yes) + term(count - yes)
    }
}
