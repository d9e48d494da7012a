public import TriageModel
/// Temporary until the index lands.
public struct Article: Sendable { public var id = ""; public var title = ""; public var recommendedAction: String? }
public struct SearchHit: Sendable { public var article = 0; public var score: Float = 0 }
public struct SearchResult: Sendable { public var hits: [SearchHit] = []; public var knownProbability: Float = 0; public var isKnown = false }
public struct SearchIndex: Sendable { public init() {}; public var articles: [Article] = []
    public func search(_ text: [UInt8], embedding: [Float]?, count: Int) -> SearchResult { SearchResult() } }
