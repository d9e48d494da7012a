package import TriageData

/// What a challenger must show before it becomes the champion.
package struct PromotionRules: Sendable, Equatable {
    /// The least share of a label's tickets that must be answered right.
    package struct RecallFloor: Sendable, Equatable {
        /// Nil for any field with the label.
        package var field: String?
        /// Nil for each label with enough rows.
        package var label: String?
        package var share: Double
        /// As it was given.
        package let text: String

        package static let expected =
            "a share for all labels (0.5), LABEL=SHARE or FIELD:LABEL=SHARE, such as severity:Critical=0.9"

        /// Nil when the text is none of the forms.
        package init?(parsing text: String) {
            self.text = text
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard let share = parts.last.flatMap({ Share(parsing: String($0)) }), share.value > 0 else {
                return nil
            }
            self.share = share.value
            guard parts.count > 1 else { return }
            let name = parts.dropLast().joined(separator: "=")
            let colon = name.firstIndex(of: ":")
            // A path such as Network::VPN is one label.
            if let colon, !name[colon...].hasPrefix("::") {
                field = String(name[..<colon])
                label = String(name[name.index(after: colon)...])
            } else {
                label = name
            }
            guard label != "", field != "" else { return nil }
        }
    }

    /// With fewer rows that neither model was trained on, the rows that each training held out are compared beside them.
    package var minimumRows = 50
    package var recalls: [RecallFloor] = []

    package init() {}
}
