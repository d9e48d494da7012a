extension Decision.Reason {
    /// The reason as a sentence for people.
    package var sentence: String {
        switch self {
        case .lowConfidence: "The model is not sure enough of this label."
        case .ambiguous: "The two most likely labels are close."
        case .empty: "The ticket has no text."
        case .outOfScope: "The ticket is unlike the tickets that the model learned from."
        case .unfamiliar:
            "The ticket is less like the tickets that the model learned from than an automatic answer allows."
        case .language: "The model learned from hardly any tickets in this language."
        case .truncated: "The ticket is too long; only its beginning was read."
        case .uncalibrated:
            "The model has not been checked against your own labelled tickets, so it only suggests."
        case .expectedCost: "Another label is more likely, but mistakes with this one cost less."
        case .floor: "A safety floor of the playbook applies, so a person decides."
        case .languageModel: "A language model chose this label."
        case .corrected: "People corrected tickets like this one to this label."
        case .blindSample: "The ticket is in the blind sample: a person gives the label without a prediction."
        case .demoted:
            "Too many answers of this kind were wrong in the blind sample, so a person checks them."
        }
    }
}
