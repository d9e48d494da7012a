internal import TriageModel
internal import TriageText
internal import Yams

// MARK: - Safety floors and their patterns

extension PlaybookReader {
    /// The lists of words that patterns use by name.
    func lists(_ node: Node) throws(EngineError) -> FloorPattern.Lists {
        var lists = FloorPattern.Lists()
        for pair in try pairs(of: node, "words") {
            let list = try text(pair.value, pair.name)
            do throws(FloorPattern.Problem) {
                lists.add(FloorPattern.List(name: pair.name, phrases: try FloorPattern.phrases(list)))
            } catch {
                throw fail("the list \(pair.name) \(error.text)", at: pair.value)
            }
        }
        return lists
    }

    /// The safety floors, each with an id of its own.
    func floors(
        _ node: Node, _ order: SeverityOrder, _ lists: FloorPattern.Lists
    ) throws(EngineError) -> [Policy.Floor] {
        var floors: [Policy.Floor] = []
        for entry in try list(node, "floors") {
            let floor = try floor(entry, order, lists)
            guard !floors.contains(where: { $0.id == floor.id }) else {
                throw fail("the floor \(floor.id) is there twice", at: entry)
            }
            floors.append(floor)
        }
        return floors
    }

    private func floor(
        _ entry: Node, _ order: SeverityOrder, _ lists: FloorPattern.Lists
    ) throws(EngineError) -> Policy.Floor {
        let members = try members(
            of: entry, "a floor",
            known: ["id", "raise_to", "any", "unless", "patterns", "unless_patterns", "reason"])
        func needed(_ name: String) throws(EngineError) -> Node {
            guard let node = members[name] else { throw fail("a floor needs \(name)", at: entry) }
            return node
        }
        if let reason = members["reason"] { _ = try text(reason, "reason") }
        var floor = Policy.Floor(
            id: try text(needed("id"), "id"), raiseTo: try severity(needed("raise_to"), order), any: [],
            unless: [])
        if let node = members["patterns"] { floor.patterns = try patterns(node, "patterns", lists) }
        if let node = members["unless_patterns"] {
            floor.unlessPatterns = try patterns(node, "unless_patterns", lists)
        }
        if let node = members["unless"] { floor.unless = try phrases(node, "unless") }
        if floor.patterns.isEmpty || members["any"] != nil {
            let any = try needed("any")
            floor.any = try phrases(any, "any")
            guard !floor.any.isEmpty else {
                throw fail("any of the floor \(floor.id) holds no phrase", at: any)
            }
        }
        return floor
    }

    private func phrases(_ node: Node, _ what: String) throws(EngineError) -> [String] {
        var phrases: [String] = []
        for entry in try list(node, what) {
            let phrase = try text(entry, "a phrase of \(what)")
            guard !Words(of: phrase).phrase.isEmpty else {
                throw fail("a phrase of \(what) has no word in it", at: entry)
            }
            phrases.append(phrase)
        }
        return phrases
    }

    /// One pattern a line; empty lines, and those that begin with #, are left out.
    private func patterns(
        _ node: Node, _ what: String, _ lists: FloorPattern.Lists
    ) throws(EngineError) -> [FloorPattern] {
        let block = try text(node, what)
        let style = node.scalar?.style
        guard style == .literal || !block.contains("\n") else {
            throw fail("\(what) must be one line, or a block after |", at: node)
        }
        let line = (node.mark?.line ?? 1) + (style == .literal ? 1 : 0)
        var reader = FloorPatternReader(block, lists)
        let patterns: [FloorPattern]
        do throws(FloorPattern.Problem) {
            patterns = try reader.patternPerLine()
        } catch {
            throw fail("a pattern \(error.text)", line + reader.line)
        }
        guard !patterns.isEmpty else { throw fail("\(what) holds no pattern", at: node) }
        return patterns
    }
}
