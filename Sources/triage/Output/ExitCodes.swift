import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageSearch
import TriageTraining

extension ExitCode {
    static let badData = ExitCode(65)
    static let noInput = ExitCode(66)
    static let unavailable = ExitCode(69)
    static let cannotWrite = ExitCode(73)
    static let ioFailed = ExitCode(74)
    static let configuration = ExitCode(78)

    /// The code that belongs to an error.
    init(for error: any Error) {
        switch error {
        case let error as DataError: self = ExitCode(data: error)
        case ModelError.noBundle, ModelError.embeddingNotFound: self = .unavailable
        case ModelError.missingFile: self = .noInput
        case ModelError.data(let error): self = ExitCode(data: error)
        case SearchError.data(let error): self = ExitCode(data: error)
        case is ModelError, is TrainingError, is SearchError: self = .badData
        case is EngineError: self = .configuration
        default: self = .failure
        }
    }

    private init(data error: DataError) {
        switch error {
        case .notFound: self = .noInput
        case .unreadable: self = .ioFailed
        case .unwritable: self = .cannotWrite
        case .empty, .jsonArray, .badHeader, .nothingUsable: self = .badData
        }
    }
}

/// Runs a command's work; an error becomes a sentence on standard error and its exit code.
func reportingErrors(_ work: () throws -> Void) throws {
    do {
        try work()
    } catch let code as ExitCode {
        throw code
    } catch let error as ValidationError {
        throw error
    } catch {
        Terminal.status("")
        Terminal.say("triage: \(error)")
        throw ExitCode(for: error)
    }
}
