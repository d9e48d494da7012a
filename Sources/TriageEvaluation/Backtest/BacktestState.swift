package import TriageData
package import TriageEngine
package import TriageModel
package import TriageNumerics
internal import TriageTraining

/// The periods of a backtest that are done, in a folder, so that it can go on after an interruption.
///
/// It holds labels, probabilities and the last period's model, as private as the models of the site; it holds no text. The
/// folder is named for the data and the options, so that others never go on with it.
package struct BacktestState: Sendable {
    package let folder: String

    private static let modelName = "model"

    /// The state of a backtest of these rows with these options, below a state folder.
    package init(below state: String, of contents: [String]) {
        let name = Checksum.sha256(Array(contents.joined(separator: "\u{1F}").utf8)).prefix(16)
        folder = "\(state)/backtest-\(name)"
    }

    /// The periods that are done.
    package var done: Int {
        var number = 0
        while FileInput.exists(path(number)) { number += 1 }
        return number
    }

    private func path(_ number: Int) -> String { "\(folder)/period-\(number + 1).jsonl" }

    /// Keeps a period and its model; the period counts once its own file is there.
    func write(_ step: Backtest.Step, number: Int, _ model: [(name: String, bytes: [UInt8])]) throws {
        try OutputFolder("\(folder)/\(BacktestState.modelName)", names: ModelBundle.fileNames).write(model)
        var json = JSONWriter()
        json.object { step.writeHead(to: &$0) }
        json.newline()
        for answers in step.answers {
            json.array(answers) { json, answer in
                guard let answer else { return json.string(nil) }
                json.array { answer.write(to: &$0) }
            }
            json.newline()
        }
        try AtomicOutput.write(json.bytes, to: path(number))
    }

    /// The periods that are done and the last one's model; none of them when the model is not the last one's, as after an
    /// interruption between the two, or when a file is damaged.
    func read(fields: Int, embedding: EmbeddingTable?) throws -> ([Backtest.Step], ModelBundle?) {
        var steps: [Backtest.Step] = []
        for number in 0..<done {
            guard let step = try read(number, fields: fields) else { break }
            steps.append(step)
        }
        guard let last = steps.last else { return ([], nil) }
        // The model is written first: an interruption leaves it one period ahead, and the right one beside it.
        let models = ["", ".previous"].lazy.compactMap { load(BacktestState.modelName + $0, embedding) }
        guard let model = models.first(where: { $0.sha256 == last.sha256 }) else { return ([], nil) }
        return (steps, model)
    }

    private func load(_ name: String, _ embedding: EmbeddingTable?) -> ModelBundle? {
        let files = ModelBundle.fileNames.compactMap { file in
            (try? FileInput.bytes(of: "\(folder)/\(name)/\(file)")).map { (file, MappedBytes(copying: $0)) }
        }
        return try? ModelBundle(files: Dictionary(uniqueKeysWithValues: files), directory: folder) {
            (reference) throws(ModelError) in
            guard let embedding else {
                throw .embeddingNotFound(name: reference.name, sha256: reference.sha256, searched: [])
            }
            return embedding
        }
    }

    private func read(_ number: Int, fields: Int) throws -> Backtest.Step? {
        let lines = try FileInput.bytes(of: path(number)).split(separator: 0x0A)
        guard let first = lines.first, let head = JSONValue(parsing: first),
            var step = Backtest.Step(head: head)
        else { return nil }
        for line in lines.dropFirst() {
            guard let list = JSONValue(parsing: line)?.elements, list.count == fields else { return nil }
            step.answers.append(list.map(Backtest.Answer.init(json:)))
        }
        return step
    }

    /// Removes the folder's files, once the report is written; also periods that another run of the same backtest wrote after one
    /// before them was removed.
    package func remove() {
        for name in (try? FileInput.names(inFolder: folder)) ?? [] where name.hasPrefix("period-") {
            AtomicOutput.remove("\(folder)/\(name)")
        }
        for name in ["\(BacktestState.modelName)", "\(BacktestState.modelName).previous"] {
            for file in ModelBundle.fileNames { AtomicOutput.remove("\(folder)/\(name)/\(file)") }
            AtomicOutput.remove("\(folder)/\(name)")
        }
        AtomicOutput.remove(folder)
    }
}

extension Backtest.Step {
    fileprivate func writeHead(to json: inout JSONWriter) {
        json.string("day", day)
        json.integer("training_rows", trainingRows)
        json.string("sha256", sha256)
        json.array("held_out", heldOut) { json, accuracy in
            if let accuracy { json.number(accuracy) } else { json.string(nil) }
        }
        json.array("confusions", confusions) { json, field in
            json.array(field) { json, one in
                json.array {
                    $0.string(one.given)
                    $0.string(one.right)
                    $0.integer(one.rows)
                }
            }
        }
    }

    fileprivate init?(head: JSONValue) {
        guard let day = head["day"]?.text, let rows = head["training_rows"]?.double,
            let sha256 = head["sha256"]?.text, let heldOut = head["held_out"]?.elements,
            let confusions = head["confusions"]?.elements
        else { return nil }
        self.init(
            day: day, trainingRows: Int(rows), sha256: sha256, heldOut: heldOut.map(\.double), answers: [],
            confusions: confusions.map { field in
                (field.elements ?? []).compactMap { one in
                    guard let parts = one.elements, parts.count == 3, let given = parts[0].text,
                        let right = parts[1].text, let rows = parts[2].double
                    else { return nil }
                    return Backtest.Confusion(given: given, right: right, rows: Int(rows))
                }
            })
    }
}

extension Backtest.Answer {
    fileprivate func write(to json: inout JSONWriter) {
        json.string(label)
        json.string(decided)
        json.sixDecimals(probability)
        json.string(level.rawValue)
    }

    fileprivate init?(json: JSONValue) {
        guard let parts = json.elements, parts.count == 4, let label = parts[0].text,
            let decided = parts[1].text, let probability = parts[2].double,
            let level = parts[3].text.flatMap(Decision.Level.init(rawValue:))
        else { return nil }
        self.init(label: label, decided: decided, probability: Float(probability), level: level)
    }
}
