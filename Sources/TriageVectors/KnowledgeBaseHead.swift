#if Service
internal import Foundation
internal import TriageData
package import TriageSearch

/// What a version of a knowledge base on a server says of itself, as one JSON object under the key `head`.
package struct KnowledgeBaseHead: Codable, Sendable, Equatable {
    /// The form of the rest.
    package var format: String
    package var articles: Int
    package var terms: Int
    package var postingBytes: Int
    package var meanLength: Float
    package var largestGroup: Int
    /// The length of vectors; 0 without a matrix.
    package var dimension: Int
    /// The SHA-256 of the matrix.
    package var matrix: String?
    package var calibration: SearchCalibration

    static let key = "head"

    init(_ upload: CorpusUpload) {
        format = RemoteCorpus.format
        (articles, terms, postingBytes) = (upload.count, upload.termCount, upload.postingCount)
        (meanLength, largestGroup) = (upload.meanLength, upload.largestGroup)
        (dimension, matrix, calibration) = (upload.dimension, upload.matrix, upload.calibration)
    }

    init?(bytes: [UInt8]) {
        guard let head = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = head
    }

    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { [UInt8]($0) } ?? []
    }
}

/// Files of a version in pages of equal size, each an entry: `terms/12`.
struct PagedFile: Sendable {
    let name: String
    /// With the row's other parts, a page fills one page of PostgreSQL's.
    static let pageSize = 7_680

    static let terms = PagedFile(name: "terms")
    static let postings = PagedFile(name: "postings")

    func key(_ page: Int) -> String { "\(name)/\(page)" }

    /// The pages that hold a range.
    static func pages(_ range: Range<Int>) -> Range<Int> {
        range.isEmpty ? 0..<0 : range.lowerBound / pageSize..<(range.upperBound - 1) / pageSize + 1
    }

    static func pageCount(_ bytes: Int) -> Int { (bytes + pageSize - 1) / pageSize }

    /// The bytes of a range from its pages; nil when one is missing.
    func bytes(_ range: Range<Int>, in entries: [String: [UInt8]]) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for page in Self.pages(range) {
            guard let found = entries[key(page)] else { return nil }
            let start = page * Self.pageSize
            let (first, end) = (max(range.lowerBound - start, 0), min(range.upperBound - start, found.count))
            guard first <= end else { return nil }
            bytes += found[first..<end]
        }
        return bytes.count == range.count ? bytes : nil
    }
}
#endif
