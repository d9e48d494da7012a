package import TriageTickets

extension ModelManifest {
    /// A tree whose leaves are a head's labels.
    package struct Tree: Codable, Sendable, Equatable {
        /// What joins the parts of a label.
        package var separator: String
        /// The columns of the data that hold the parts, the root's first; nil when one column holds the path.
        package var columns: [String]?
        /// The thresholds of each depth above the deepest, the root's first; those of whole labels are the head's own.
        package var levels: [Level]

        package init(separator: String, columns: [String]?, levels: [Level] = []) {
            (self.separator, self.columns, self.levels) = (separator, columns, levels)
        }

        /// The thresholds of one depth.
        package struct Level: Codable, Sendable, Equatable {
            /// Probability from which an answer of this depth is suggested.
            package var threshold: Float
            /// The rule for level `auto`; nil when no answer of this depth is `auto`.
            package var auto: AutoRule?
            /// The share of held-out rows whose likeliest node is right; nil when none were held out.
            package var accuracy: Double?

            package init(threshold: Float, auto: AutoRule? = nil, accuracy: Double? = nil) {
                (self.threshold, self.auto, self.accuracy) = (threshold, auto, accuracy)
            }
        }
    }
}

/// The labels of one field as leaves of a tree: the probability of a parent is the sum of its labels'.
///
/// Each depth above the deepest parts the labels into nodes; a label that ends above a depth is a node of its own there.
package struct LabelTree: Sendable, Equatable {
    /// The nodes of one depth.
    package struct Depth: Sendable, Equatable {
        /// The path of each node, in the order of its first label.
        package let names: [String]
        /// The node of each label.
        package let nodes: [Int]
        /// Whether a node is one whole label that ends here or above.
        package let isLabel: [Bool]
    }

    /// A node above the labels, by its depth and place.
    package struct Node: Sendable, Equatable {
        package var depth: Int
        package var place: Int

        package init(depth: Int, place: Int) { (self.depth, self.place) = (depth, place) }
    }

    package let paths: LabelPath
    /// The parts of each label.
    package let parts: [[String]]
    /// All depths above the deepest, the root's first.
    package let depths: [Depth]

    /// The tree of some labels.
    package init(_ labels: [String], paths: LabelPath) {
        self.paths = paths
        let parts = labels.map { paths.parts(of: $0) }
        self.parts = parts
        let deepest = parts.reduce(1) { max($0, $1.count) }
        depths = (1..<max(deepest, 1)).map { length in
            var places: [String: Int] = [:]
            var (names, nodes, isLabel): ([String], [Int], [Bool]) = ([], [], [])
            for path in parts {
                // A whole label and the parent of others may have one name: only at the label's own depth they are one.
                let isWhole = path.count < length
                let key = (isWhole ? "= " : "+ ") + paths.joined(path.prefix(length))
                if let place = places[key] {
                    nodes.append(place)
                    continue
                }
                places[key] = names.count
                nodes.append(names.count)
                names.append(paths.joined(path.prefix(length)))
                isLabel.append(isWhole)
            }
            let counts = nodes.reduce(into: [Int](repeating: 0, count: names.count)) { $0[$1] += 1 }
            for (label, path) in parts.enumerated()
            where path.count == length && counts[nodes[label]] == 1 {
                isLabel[nodes[label]] = true
            }
            return Depth(names: names, nodes: nodes, isLabel: isLabel)
        }
    }

    /// The number of parts of the longest label.
    package var depth: Int { depths.count + 1 }

    /// The node that a text names; nil when it is none, or a whole label alone.
    package func node(reading text: String) -> Node? {
        let name = paths.spelling(of: text)
        for (depth, nodes) in depths.enumerated() {
            if let place = nodes.names.indices.first(where: {
                nodes.names[$0] == name && !nodes.isLabel[$0]
            }) {
                return Node(depth: depth, place: place)
            }
        }
        return nil
    }

    /// The labels of a node.
    package func labels(of node: Node) -> [Int] {
        depths[node.depth].nodes.indices.filter { depths[node.depth].nodes[$0] == node.place }
    }

    package func name(of node: Node) -> String { depths[node.depth].names[node.place] }

    /// Σ of the labels' probabilities for each node of a depth, not rounded; a parent's is never below a child's.
    package func sums(_ probabilities: [Float], depth: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: depths[depth].names.count)
        for (label, node) in depths[depth].nodes.enumerated() { sums[node] += Double(probabilities[label]) }
        return sums.map { min(1, Float($0)) }
    }
}

extension ModelManifest.Head {
    /// The tree of the labels; nil for labels without parents.
    package var labelTree: LabelTree? {
        tree.map { LabelTree(labels, paths: LabelPath(separator: $0.separator)) }
    }

    /// Whether the tree has a threshold for each depth above the deepest.
    var hasSoundTree: Bool {
        guard let tree, let labelTree else { return true }
        return !labelTree.depths.isEmpty && tree.levels.count == labelTree.depths.count
            && tree.levels.allSatisfy { (0...1).contains($0.threshold) }
            && tree.columns.map { $0.count >= 2 } ?? true
    }
}
