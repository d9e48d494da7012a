import TriageData
import TriageTickets

/// Rows do not depend on where a pipe cuts the bytes, and their lines only go forward.
enum RowProperties {
    private static let names = ["t.csv", "t.jsonl", "t", "t.tsv"]

    /// The first two bytes choose name, limit and pieces.
    static func check(_ input: [UInt8], _ check: inout Check) {
        guard input.count >= 2 else { return }
        let bytes = Array(input.dropFirst(2))
        let name = names[Int(input[0] & 3)]
        for limit in [RowReader.maximumRecordBytes, 1 + Int(input[0] >> 2)] {
            let whole = read([bytes], name, limit)
            check.that(whole == read(pieces(bytes, seed: input[1]), name, limit), "pieces change the rows")
            check.that(whole == read(bytes.map { [$0] }, name, limit), "single bytes change the rows")
            var last = 0
            let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
            for line in whole.lines {
                check.that(line > last && line <= lines, "line \(line) of \(lines) after \(last)")
                last = line
            }
        }
        checkQuoting(bytes, &check)
    }

    private struct Reading: Equatable {
        var rows: [InputRow] = []
        var faults: [BadRow] = []
        var lines: [Int] = []
        var error: DataError?
    }

    private static func read(_ pieces: [[UInt8]], _ name: String, _ limit: Int) -> Reading {
        var reading = Reading()
        do throws(DataError) {
            let reader = try RowReader(pieces: pieces, name: name, maximumRecordBytes: limit)
            while let record = try reader.next() {
                switch record {
                case .success(let row):
                    reading.rows.append(row)
                    reading.lines.append(row.line)
                    _ = try? TicketColumns().ticket(in: row)
                case .failure(let bad):
                    reading.faults.append(bad)
                    reading.lines.append(bad.line)
                }
            }
        } catch { reading.error = error }
        return reading
    }

    private static func pieces(_ bytes: [UInt8], seed: UInt8) -> [[UInt8]] {
        var state = UInt32(seed) | 1
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            state = state &* 1_664_525 &+ 1_013_904_223
            let count = Int(state >> 24) % 17
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    private static func quote(_ value: String) -> [UInt8] {
        var quoted: [UInt8] = [0x22]
        for byte in value.utf8 {
            if byte == 0x22 { quoted.append(byte) }
            quoted.append(byte)
        }
        return quoted + [0x22]
    }

    /// Values written with every quote doubled come back as they were.
    private static func checkQuoting(_ bytes: [UInt8], _ check: inout Check) {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0x0D) else { return }
        let values = text.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false).map(
            String.init)
        let names = values.indices.map { "c\($0)" }
        // Byte by byte: to Swift a quote and an accent behind it are one character.
        let quoted = values.map(quote)
        let file =
            Array("x,\(names.joined(separator: ","))\n1,".utf8) + quoted.joined(separator: [0x2C]) + [0x0A]
        let reading = read([file], "t.csv", RowReader.maximumRecordBytes)
        guard reading.rows.count == 1, let row = reading.rows.first else {
            return check.that(
                false, "quoted values give \(reading.rows.count) rows, \(reading.faults.count) faults")
        }
        for (name, value) in zip(names, values) {
            check.that(row.text(name) == value, "a quoted value changed")
        }
    }
}
