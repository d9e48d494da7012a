internal import TriageData
package import TriageModel
package import TriageNumerics

/// A label that a person gave a ticket which would have been answered without one.
package struct AnswerJudgement: Sendable, Equatable {
    package var field: String
    /// The label of the model.
    package var label: String
    package var isRight: Bool
    /// Whether the person did not see the model's label: an unbiased judgement.
    package var isBlind: Bool
    /// When the person gave it, in milliseconds since 1970.
    package var time: Int64

    package init(field: String, label: String, isRight: Bool, isBlind: Bool, time: Int64) {
        (self.field, self.label, self.isRight) = (field, label, isRight)
        (self.isBlind, self.time) = (isBlind, time)
    }
}

/// How often automatic answers are right in production, by field and by label.
///
/// The interval comes from the blind sample alone. What people corrected of the other automatic answers is counted apart: a
/// person who sees a label tends to agree with it, and looks only at some answers.
package struct LivePrecision: Sendable {
    /// A field, or one of its labels.
    package struct Place: Hashable, Sendable {
        package var field: String
        /// Nil for the whole field.
        package var label: String?

        package init(field: String, label: String? = nil) { (self.field, self.label) = (field, label) }

        /// As people name it: `category`, or `category=Billing`.
        package var text: String { label.map { "\(field)=\($0)" } ?? field }

        package init(text: String) {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            self.init(field: parts.first ?? "", label: parts.count > 1 ? parts[1] : nil)
        }
    }

    /// What is known of one place.
    package struct Count: Sendable {
        package var place: Place
        /// Judgements of the blind sample.
        package var judged = 0
        package var right = 0
        /// Judgements of people who saw the label.
        package var seen = 0
        package var confirmed = 0
        /// The precision that training promised; nil where the thresholds have another aim.
        package var target: Double?
        /// Since when answers here are surely worse than the target, in milliseconds since 1970; nil while they are not.
        package var brokenSince: Int64?
        /// When a person restored the place, in milliseconds since 1970, since when judgements count; nil where nobody did.
        package var restored: Int64?
        fileprivate var detector: RateDetector?

        /// The share that is right; nil without a judgement.
        package var precision: Double? { judged > 0 ? Double(right) / Double(judged) : nil }

        /// The exact 95 % interval of Clopper and Pearson (1934).
        package var interval: ClosedRange<Double> {
            let low = Binomial.lowerBound(right, of: judged, error: 0.025)
            return low...max(low, Binomial.upperBound(right, of: judged, error: 0.025))
        }

        fileprivate init(_ place: Place, target: Double?, restored: Int64?) {
            (self.place, self.target, self.restored) = (place, target, restored)
            detector = target.map { RateDetector(limit: 1 - $0, multiples: [1.5, 2, 4]) }
        }

        fileprivate mutating func add(_ judgement: AnswerJudgement, bound: Double) {
            guard judgement.isBlind else {
                seen += 1
                confirmed += judgement.isRight ? 1 : 0
                return
            }
            judged += 1
            right += judgement.isRight ? 1 : 0
            detector?.observe(!judgement.isRight)
            if brokenSince == nil, detector?.evidence ?? 0 >= bound { brokenSince = judgement.time }
        }
    }

    /// Fields first, each followed by its labels.
    package private(set) var counts: [Count] = []

    /// Judgements for which a place must be as good as its target, on average, before noise demotes it.
    package static let falseAlarmRate = 20_000.0

    /// Counts judgements in the order in which people gave them.
    ///
    /// `targets` is the promised precision by field, and `restored` from which moment on the evidence against a place counts, where a
    /// person restored it; a restored field restores its labels.
    package init(
        _ judgements: [AnswerJudgement], targets: [String: Double], restored: [Place: Int64] = [:]
    ) {
        var table: [Place: Count] = [:]
        let labels = Dictionary(
            Set(judgements.map { Place(field: $0.field, label: $0.label) }).map { ($0.field, 1) },
            uniquingKeysWith: +)
        for judgement in judgements {
            for place in [
                Place(field: judgement.field), Place(field: judgement.field, label: judgement.label),
            ] {
                let start = [restored[place], restored[Place(field: place.field)]].compactMap(\.self).max()
                // The labels of a field share its rate of false alarms.
                let share = place.label == nil ? 1 : labels[place.field] ?? 1
                var count = table[place] ?? Count(place, target: targets[place.field], restored: start)
                if judgement.time >= start ?? .min {
                    count.add(judgement, bound: LivePrecision.falseAlarmRate * Double(share))
                }
                table[place] = count
            }
        }
        counts = table.values.sorted {
            ($0.place.field, $0.place.label ?? "") < ($1.place.field, $1.place.label ?? "")
        }
    }

    /// Places whose answers are surely worse than promised.
    package var broken: [Count] { counts.filter { $0.brokenSince != nil } }
}

extension ModelBundle {
    /// The precision that the thresholds of each field promise; fields whose thresholds have another aim are left out.
    package var promisedPrecision: [String: Double] {
        let targets = heads.compactMap { head -> (String, Double)? in
            guard let target = head.manifest.auto?.target, target.hasPrefix("precision=") else { return nil }
            return Double(target.dropFirst("precision=".count)).map { (head.manifest.field, $0) }
        }
        return Dictionary(targets) { first, _ in first }
    }
}
