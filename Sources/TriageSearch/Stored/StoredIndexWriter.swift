internal import SystemPackage
internal import TriageData
internal import TriageModel
internal import TriageNumerics
internal import TriageText

/// Writes the files of a `StoredIndex` into a folder.
///
/// Records and articles go to the disk as they are made; postings are then read back from the records. So a million articles
/// need the memory of their words and of their groups.
struct StoredIndexWriter {
    private let folder: String
    private let embedding: EmbeddingTable?
    private var records: StoredBytesWriter
    private var articles: StoredBytesWriter
    /// By the number of a term, in the order in which terms first occur.
    private var terms: [ArticleRecord.Term] = []
    private var counts: [Int32] = []
    private var numbers: [UInt64: Int32] = [:]
    private var lengths: [Float] = []
    private var groups = ArticleGroups.Builder()
    private var ids: [String] = []
    private var rows: [Int8] = []
    private var scales: [Float] = []
    private var errors: [Float] = []

    init(folder: String, embedding: EmbeddingTable?) throws(DataError) {
        (self.folder, self.embedding) = (folder, embedding)
        records = try StoredBytesWriter("\(folder)/\(StoredIndex.recordFile)")
        articles = try StoredBytesWriter("\(folder)/\(StoredIndex.articleFile)")
    }

    /// Writes an index of `source`; `progress` is called with the number of articles that are done.
    static func write(
        _ source: [Article], embedding: EmbeddingTable?, folder: String,
        progress: (_ done: Int, _ all: Int) -> Void
    ) throws -> StoredShape {
        var writer = try StoredIndexWriter(folder: folder, embedding: embedding)
        for start in stride(from: 0, to: source.count, by: piece) {
            let range = start..<min(start + piece, source.count)
            try writer.add(Array(source[range]))
            progress(range.upperBound, source.count)
        }
        return try writer.finish()
    }

    private static let piece = 8_192

    private mutating func add(_ source: [Article]) throws {
        for record in ArticleRecord.all(of: source, embedding: embedding) {
            try records.add(record.bytes)
            for term in record.terms {
                if let number = numbers[term.hash] {
                    terms[Int(number)].add(term)
                    counts[Int(number)] += 1
                } else {
                    numbers[term.hash] = Int32(terms.count)
                    terms.append(term)
                    counts.append(1)
                }
            }
            lengths.append(record.length)
            let row = BoundKernels.bytes(of: record.vector)
            rows.append(contentsOf: row.bytes)
            scales.append(row.scale)
            errors.append(row.error)
        }
        groups.add(source)
        for article in source {
            ids.append(article.id)
            var json = JSONWriter()
            article.write(to: &json)
            try articles.add(json.bytes)
        }
    }

    // MARK: - The end

    private mutating func finish() throws -> StoredShape {
        let (recordStarts, articleStarts) = (try records.finish(), try articles.finish())
        let groups = groups.finish()
        let shape = StoredShape(
            articles: ids.count, terms: terms.count, meanLength: BM25.meanLength(lengths),
            largestGroup: groups.largest)
        var file = SafeTensorsWriter()
        file.add("record_starts", recordStarts, shape: [recordStarts.count])
        file.add("article_starts", articleStarts, shape: [articleStarts.count])
        file.add("groups", groups.first.map { Int32($0) }, shape: [ids.count])
        file.add("by_id", idOrder(), shape: [ids.count])
        file.add("rows", rows, shape: [ids.count, embedding?.dimension ?? 0])
        file.add("scales", scales, shape: [ids.count])
        file.add("errors", errors, shape: [ids.count])
        (rows, scales, errors, ids) = ([], [], [], [])
        try addPostings(shape, recordStarts, to: &file)
        var tensors = try StoredBytesWriter("\(folder)/\(StoredIndex.tensorFile)")
        try tensors.add(file.bytes())
        _ = try tensors.finish()
        return shape
    }

    private func idOrder() -> [Int32] {
        ids.indices.sorted { ids[$0] < ids[$1] }.map { Int32($0) }
    }

    /// Reads the records once more and sorts their terms by term.
    private mutating func addPostings(
        _ shape: StoredShape, _ starts: [UInt64], to file: inout SafeTensorsWriter
    ) throws {
        let bytes = try MappedBytes(file: "\(folder)/\(StoredIndex.recordFile)")
        let records = try StoredBytes(
            try ConstantBuffer(in: bytes, offset: 0, count: bytes.count), starts: ConstantBuffer(starts))
        var next = [Int](repeating: 0, count: terms.count)
        var sum = 0
        for (term, count) in counts.enumerated() {
            next[term] = sum
            sum += Int(count)
        }
        var articles = [Int32](repeating: 0, count: sum)
        var halves = [UInt16](repeating: 0, count: sum)
        for article in 0..<shape.articles {
            guard let record = ArticleRecordView(records.bytes(article)) else {
                throw ModelError.damaged(part: "index record \(article)")
            }
            for place in 0..<record.termCount {
                let term = record.term(place)
                guard let number = numbers[term.hash].map({ Int($0) }) else { continue }
                articles[next[number]] = Int32(article)
                halves[next[number]] = term.halves
                next[number] += 1
            }
        }
        numbers = [:]
        let order = terms.indices.sorted { terms[$0].hash < terms[$1].hash }
        var (lists, listStarts, largest): ([UInt8], [UInt64], [Float]) = ([], [0], [])
        for number in order {
            let range = next[number] - Int(counts[number])..<next[number]
            let weights = range.map { place in
                let length = lengths[Int(articles[place])] / shape.meanLength
                return BM25.saturation(Float(halves[place]) / 2, length: length)
            }
            let most = max(weights.max() ?? 0, .leastNormalMagnitude)
            PostingList.append(articles[range], weights, largest: most, to: &lists)
            listStarts.append(UInt64(lists.count))
            largest.append(most)
        }
        file.add("terms", order.map { terms[$0].hash }, shape: [order.count])
        file.add("term_articles", order.map { counts[$0] }, shape: [order.count])
        file.add("term_weights", order.map { terms[$0].weight }, shape: [order.count])
        file.add("largest", largest, shape: [order.count])
        file.add("posting_starts", listStarts, shape: [listStarts.count])
        file.add("postings", lists, shape: [lists.count])
    }
}

/// Appends runs of bytes to a new file.
private struct StoredBytesWriter {
    private let path: String
    private let file: OpenFile
    private var pending: [UInt8] = []
    private var starts: [UInt64] = [0]

    init(_ path: String) throws(DataError) {
        self.path = path
        do {
            file = try OpenFile(
                path, .writeOnly, options: [.create, .truncate],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch { throw .unwritable(path, errno: error) }
    }

    mutating func add(_ bytes: [UInt8]) throws(DataError) {
        pending.append(contentsOf: bytes)
        starts.append((starts.last ?? 0) + UInt64(bytes.count))
        if pending.count > 1 << 20 { try flush() }
    }

    private mutating func flush() throws(DataError) {
        do { try file.write(pending) } catch { throw .unwritable(path, errno: error) }
        pending.removeAll(keepingCapacity: true)
    }

    /// Writes what is left and returns where each run begins, and where the last one ends.
    mutating func finish() throws(DataError) -> [UInt64] {
        try flush()
        do { try file.sync() } catch { throw .unwritable(path, errno: error) }
        file.close()
        return starts
    }
}
