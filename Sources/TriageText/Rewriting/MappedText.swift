/// UTF-8 bytes rewritten from an original, with a map of offsets back to it.
///
/// The map is a list of runs that tile both the output and the original: a verbatim run has the same bytes on
/// both sides, a replaced run stands for its whole source, and a dropped run has no output. The list is empty
/// when nothing was changed, so text that needs no rewriting costs nothing.
package struct MappedText: Sendable, Equatable {
    /// One stretch of the map; its output ends where the next run starts.
    struct Run: Sendable, Equatable {
        var outputStart: Int
        var sourceStart: Int
        var sourceEnd: Int
        var isVerbatim: Bool
    }

    /// The rewritten bytes.
    package private(set) var bytes: [UInt8]

    /// The length of the original in bytes.
    package private(set) var sourceCount: Int

    /// The map; empty for the identity.
    private(set) var runs: [Run]

    /// Text that is its own original.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.sourceCount = bytes.count
        self.runs = []
    }

    init(bytes: [UInt8], map: MapBuilder, sourceCount: Int) {
        self.bytes = bytes
        self.sourceCount = sourceCount
        self.runs = map.finished(sourceCount: sourceCount)
    }

    /// Whether the text is its original, unchanged.
    package var isIdentity: Bool { runs.isEmpty }

    /// The text as a string; bytes that are not UTF-8 become U+FFFD.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// The half-open byte range of the original that `range` of the output came from.
    ///
    /// A range that touches a replaced span covers the whole of what was replaced. An empty range gives an
    /// empty range, unless it lies inside a replaced span. Offsets outside the text are moved to its ends.
    /// The cost is logarithmic in the number of edits.
    package func sourceRange(of range: Range<Int>) -> Range<Int> {
        let lower = min(max(range.lowerBound, 0), bytes.count)
        let upper = min(max(range.upperBound, lower), bytes.count)
        guard !runs.isEmpty else { return lower..<upper }
        let first = runs[indexOfRun(at: lower)]
        if lower == upper {
            if first.isVerbatim { return point(first.sourceStart + lower - first.outputStart) }
            return lower == first.outputStart ? point(first.sourceStart) : first.sourceStart..<first.sourceEnd
        }
        let last = runs[indexOfRun(at: upper - 1)]
        let start = first.isVerbatim ? first.sourceStart + lower - first.outputStart : first.sourceStart
        let end = last.isVerbatim ? last.sourceStart + upper - last.outputStart : last.sourceEnd
        return start..<max(start, end)
    }

    /// This text rewritten once more: `later` must have been made from `bytes`.
    ///
    /// The result has the bytes of `later` and a map that leads to the original of this text.
    package func mapped(by later: MappedText) -> MappedText {
        precondition(
            later.sourceCount == bytes.count,
            "later text was made from \(later.sourceCount) bytes, this text has \(bytes.count)"
        )
        if later.isIdentity { return self }
        if isIdentity { return later }
        var map = MapBuilder()
        var cursor = 0
        for (index, run) in later.runs.enumerated() {
            let outputEnd =
                index + 1 < later.runs.count ? later.runs[index + 1].outputStart : later.bytes.count
            let length = outputEnd - run.outputStart
            guard length > 0 else { continue }
            if run.isVerbatim {
                appendPieces(of: run.sourceStart..<run.sourceEnd, from: &cursor, to: &map)
            } else {
                let source = sourceRange(of: run.sourceStart..<run.sourceEnd)
                map.append(length: length, source: source, isVerbatim: false)
            }
        }
        return MappedText(bytes: later.bytes, map: map, sourceCount: sourceCount)
    }

    /// This text rewritten by one more stage, which gets the bytes.
    package func rewritten(by stage: ([UInt8]) -> MappedText) -> MappedText {
        mapped(by: stage(bytes))
    }

    /// Adds the map of the output `range`, run by run; `cursor` only moves forward over the calls.
    private func appendPieces(of range: Range<Int>, from cursor: inout Int, to map: inout MapBuilder) {
        while cursor < runs.count {
            let run = runs[cursor]
            let runEnd = cursor + 1 < runs.count ? runs[cursor + 1].outputStart : bytes.count
            let lower = max(range.lowerBound, run.outputStart)
            let upper = min(range.upperBound, runEnd)
            if lower < upper {
                let offset = run.sourceStart - run.outputStart
                let source =
                    run.isVerbatim ? lower + offset..<upper + offset : run.sourceStart..<run.sourceEnd
                map.append(length: upper - lower, source: source, isVerbatim: run.isVerbatim)
            }
            if runEnd > range.upperBound { break }
            cursor += 1
        }
    }

    /// The index of the last run that starts at or before `offset`.
    private func indexOfRun(at offset: Int) -> Int {
        var low = 0
        var high = runs.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].outputStart <= offset { low = middle } else { high = middle }
        }
        return low
    }

    private func point(_ offset: Int) -> Range<Int> { offset..<offset }
}

/// Collects the runs of a map in order, filling gaps in the source with dropped runs.
struct MapBuilder {
    private var runs: [MappedText.Run] = []
    private var outputCount = 0

    /// Adds output bytes that came from `source`; sources must not go backwards except into a replaced run.
    mutating func append(length: Int, source: Range<Int>, isVerbatim: Bool) {
        let covered = runs.last?.sourceEnd ?? 0
        if source.lowerBound > covered {
            add(length: 0, source: covered..<source.lowerBound, isVerbatim: false)
        }
        guard let last = runs.indices.last else {
            return add(length: length, source: source, isVerbatim: isVerbatim)
        }
        if source.lowerBound < runs[last].sourceEnd {
            runs[last].isVerbatim = false
            runs[last].sourceEnd = max(runs[last].sourceEnd, source.upperBound)
            outputCount += length
        } else if isVerbatim, runs[last].isVerbatim {
            runs[last].sourceEnd = source.upperBound
            outputCount += length
        } else {
            add(length: length, source: source, isVerbatim: isVerbatim)
        }
    }

    /// The runs, closed with a dropped one when the source goes on.
    func finished(sourceCount: Int) -> [MappedText.Run] {
        var closed = self
        let covered = runs.last?.sourceEnd ?? 0
        if covered < sourceCount { closed.add(length: 0, source: covered..<sourceCount, isVerbatim: false) }
        let isIdentity = closed.runs.count == 1 && closed.runs[0].isVerbatim
        return isIdentity ? [] : closed.runs
    }

    private mutating func add(length: Int, source: Range<Int>, isVerbatim: Bool) {
        runs.append(
            MappedText.Run(
                outputStart: outputCount,
                sourceStart: source.lowerBound,
                sourceEnd: source.upperBound,
                isVerbatim: isVerbatim
            )
        )
        outputCount += length
    }
}
