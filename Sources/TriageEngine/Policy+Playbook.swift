extension Policy {
    /// Reads a playbook.
    ///
    /// - Throws: `EngineError.badPlaybook` with the line that is not YAML, or not known, or not of the expected shape.
    package init(playbook bytes: [UInt8], path: String) throws(EngineError) {
        self.init()
        let reader = PlaybookReader(path: path)
        let root = try reader.members(
            of: reader.tree(bytes), "the playbook",
            known: [
                "next_action", "defaults", "words", "floors", "labels", "severities", "under_triage_weight",
                "max_under_triage", "translations",
            ])
        if let node = root["severities"] { severities = try reader.severities(node) }
        underTriageWeight = try root["under_triage_weight"].map { (node) throws(EngineError) in
            try reader.number(node, "under_triage_weight", in: 1...1024)
        }
        if let node = root["max_under_triage"] {
            maxUnderTriage = try reader.number(node, "max_under_triage", in: 0.001...0.5)
            guard underTriageWeight == nil else {
                throw reader.fail("give under_triage_weight or max_under_triage, not both", at: node)
            }
        }
        if let node = root["next_action"] { nextActions = try reader.nextActions(node, severities) }
        if let node = root["defaults"] { defaults = try reader.texts(node, "defaults") }
        if let node = root["translations"] { translations = try reader.translations(node, severities) }
        var lists = FloorPattern.Lists()
        if let node = root["words"] {
            wordLists = try reader.texts(node, "words")
            lists = try reader.lists(node)
        }
        if let node = root["floors"] { floors = try reader.floors(node, severities, lists) }
        if let node = root["labels"] {
            for field in try reader.pairs(of: node, "labels") {
                labelMeanings[field.name] = try reader.texts(field.value, field.name)
            }
        }
    }
}
