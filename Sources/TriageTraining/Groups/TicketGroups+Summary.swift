internal import TriageData

extension TicketGroups {
    /// How many tickets are far from every group.
    package var farCount: Int { isFar.count(where: \.self) }

    /// How many tickets have no known word, and so no group.
    package var emptyCount: Int { places.count { $0 == nil } }

    /// The name of a ticket's group; nil for a ticket far from every group, and for one in a group without a name.
    package func label(of row: Int, _ names: GroupNames) -> String? {
        guard let place = places[row], !isFar[row] else { return nil }
        return names.names[place]
    }

    /// How many tickets have a name.
    package func labelledCount(_ names: GroupNames) -> Int {
        places.indices.count { label(of: $0, names) != nil }
    }

    /// What was found, in a sentence.
    package var sentence: String {
        let far = farCount == 0 ? "" : "; \(farCount) of them far from every group"
        let empty = emptyCount == 0 ? "" : "; \(emptyCount) without a known word, in no group"
        return
            "\((places.count - emptyCount).counted("ticket")) in \(groups.count.counted("group"))\(far)\(empty)"
    }
}

extension GroupCount {
    /// How the number was chosen, in a sentence.
    package var explanation: String {
        guard !candidates.isEmpty else {
            return
                "\(count.counted("group")): the square root of the number of tickets, since these are too few to compare "
                + "two halves"
        }
        let others = candidates.map { "\($0.count): \(GroupCount.shown($0.agreement))" }
        return
            "\(count) groups: the fewest at which two random halves of the tickets give groups as similar as at any number "
            + "(\(others.joined(separator: ", ")); 1 is equal)"
    }

    private static func shown(_ value: Double) -> String {
        let hundredths = Int((100 * value).rounded())
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(abs(hundredths) % 100 < 10 ? "0" : "")"
            + "\(abs(hundredths) % 100)"
    }
}
