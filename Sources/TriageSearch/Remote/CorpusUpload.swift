internal import Foundation
internal import TriageData
internal import TriageModel
internal import TriageNumerics

/// A knowledge base as a server is given it: articles with their records and vectors, and the columns of `RemoteCorpus`.
package struct CorpusUpload: Sendable {
    /// One article.
    package struct Row: Sendable {
        package let number: Int
        package let id: String
        /// The article as JSON.
        package let json: [UInt8]
        package let record: RemoteCorpus.StoredRecord
        /// Its unit embedding; empty without a matrix.
        package let vector: [Float]
    }

    package let calibration: SearchCalibration
    /// The SHA-256 of the matrix; nil when words alone decide.
    package let matrix: String?
    /// A hash of articles, matrix, calibration and the form in which all of it is written.
    package let version: String
    private let index: StoredIndex
    /// A folder that is removed with the last copy of this value.
    private let scratch: ScratchFolder?

    /// - Parameter scratch: A folder of its own for an index of a small knowledge base; removed in the end.
    /// - Throws: `DataError` when the folder cannot be written to.
    package init(_ source: SearchIndex, scratch: String) throws {
        calibration = source.calibration
        matrix = source.ranking.embedding?.sha256
        if let stored = source.ranking as? StoredIndex {
            (index, self.scratch) = (stored, nil)
        } else {
            try AtomicOutput.makeFolders(scratch)
            self.scratch = ScratchFolder(path: scratch)
            let shape = try StoredIndexWriter.write(
                source.articles, embedding: source.ranking.embedding, folder: scratch, progress: { _, _ in })
            index = try StoredIndex(folder: scratch, shape, embedding: source.ranking.embedding)
        }
        var hash = Fingerprint()
        for text in ["kb upload", RemoteCorpus.format, source.fingerprint()] { hash.add(text) }
        // A change of a reply changes no decision, but the articles.
        for number in 0..<index.count { hash.add(index.articles.bytes(number)) }
        version = String(hash.hexadecimal().prefix(16))
    }

    package var count: Int { index.count }
    package var dimension: Int { index.embedding?.dimension ?? 0 }
    package var meanLength: Float { index.statistics.meanLength }
    package var largestGroup: Int { index.largestGroup }
    package var termCount: Int { index.statistics.terms.count }

    /// The articles of a range of numbers.
    package func rows(_ range: Range<Int>) -> [Row] {
        range.map { number in
            let record = index.records.bytes(number)
            return Row(
                number: number, id: index.article(number).id, json: index.articles.bytes(number),
                record: RemoteCorpus.StoredRecord(group: Int(index.groups[number]), record: record),
                vector: record.withUnsafeBytes { ArticleRecordView($0)?.vector ?? [] })
        }
    }

    /// The columns of terms, as `RemoteCorpus` reads them.
    package func terms() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(termCount * RemoteCorpus.bytesPerTerm)
        func add(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        let (statistics, starts) = (index.statistics, index.postings.starts)
        for term in 0..<termCount {
            add(statistics.terms[term])
            add(statistics.articles[term])
            add(statistics.weights[term].bitPattern)
            add(index.largest[term].bitPattern)
            add(UInt32(truncatingIfNeeded: starts[term + 1] - starts[term]))
        }
        return bytes
    }

    /// How many bytes the postings of all terms have.
    package var postingCount: Int { index.postings.buffer.count }

    package func postings(_ range: Range<Int>) -> [UInt8] { Array(index.postings.buffer.bytes(range)) }
}

extension RemoteCorpus {
    /// The form in which corpora are written: of records, postings, and how articles are turned into terms.
    package static let format = "1.\(ArticleRanking.version)"
}

private final class ScratchFolder: Sendable {
    let path: String
    init(path: String) { self.path = path }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
