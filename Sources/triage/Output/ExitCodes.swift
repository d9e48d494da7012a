import ArgumentParser
import Foundation
import SystemPackage
import TriageData
import TriageImport
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageSearch
import TriageTraining

#if Service
import TriageComparison
import TriageLLM
import TriageServer
import TriageSettings
import TriageStore
import TriageTelemetry
import TriageVectors
#endif

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
        case RegistryError.data(let error): self = ExitCode(data: error)
        case RegistryError.notARegistry, RegistryError.noVersion: self = .noInput
        case RegistryError.noChampion, RegistryError.nothingBefore, RegistryError.championChanged,
            RegistryError.sourceChanged:
            self = .unavailable
        case is RegistryError: self = .badData
        case is ImportError: self = .badData
        case ModelError.noBundle, ModelError.embeddingNotFound, SearchError.noKnowledgeBase:
            self = .unavailable
        case ModelError.missingFile: self = .noInput
        case ModelError.data(let error): self = ExitCode(data: error)
        case ModelError.inFile(_, let error): self = ExitCode(for: error)
        case SearchError.data(let error): self = ExitCode(data: error)
        case GroupError.wouldLoseNames: self = .cannotWrite
        case SearchError.signature(let error): self = ExitCode(for: error)
        case SignatureError.data(let error): self = ExitCode(data: error)
        case SignatureError.exists: self = .cannotWrite
        case SignatureError.noMemory, SignatureError.noAlgorithm: self = .unavailable
        case is ModelError, is TrainingError, is GroupError, is SearchError, is SiteTestError,
            is EvaluationError,
            is SignatureError:
            self = .badData
        case is EngineError: self = .configuration
        #if Service
        case is ListenError: self = .unavailable
        case is ComparisonError: self = .badData
        case let error as StoreError: self = ExitCode(store: error)
        case LLMError.data(let error): self = ExitCode(data: error)
        case LLMError.badRecord: self = .badData
        case LLMError.badSetting, LLMError.disabled: self = .configuration
        case is LLMError: self = .unavailable
        case VectorError.badSetting: self = .configuration
        case VectorError.data(let error): self = ExitCode(data: error)
        case is VectorError: self = .unavailable
        case AccessError.keyFile(let error): self = ExitCode(data: error)
        case AccessError.badKeyFile: self = .badData
        case is AccessError, is SettingsError, is TelemetryError: self = .configuration
        #else
        case is MissingPart: self = .unavailable
        #endif
        default: self = .failure
        }
    }

    private init(data error: DataError) {
        switch error {
        case .notFound, .empty, .noMail: self = .noInput
        case .unreadable, .notAFile, .notAFolder, .outputFailed: self = .ioFailed
        case .unwritable: self = .cannotWrite
        case .missingLibrary: self = .unavailable
        case .jsonArray, .jsonDocument, .otherEncoding, .notText, .damaged, .badHeader, .headerAlone,
            .noValues,
            .nothingUsable, .noTextColumn, .messagesAlone, .noColumn, .mostlyWithoutText:
            self = .badData
        }
    }
}

/// Runs a command's work; an error becomes a sentence on standard error and its exit code.
func reportingErrors(_ work: () throws -> Void) throws {
    // A file that reaches the user's size limit is an error like a full disk, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    do {
        do { try work() } catch let code as ExitCode {
            try flushOutput()
            throw code
        }
        try flushOutput()
    } catch {
        throw reported(error)
    }
}

/// Runs a command's asynchronous work, with its errors as above.
func reportingErrors(_ work: () async throws -> Void) async throws {
    signal(SIGXFSZ, SIG_IGN)
    do { try await work() } catch { throw reported(error) }
    try reportingErrors {}
}

/// The error that a command ends with, once its sentence is on standard error.
private func reported(_ error: any Error) -> any Error {
    if error is ExitCode { return error }
    Terminal.status("")
    // The data shows that an option is wrong, not the form of the command line: its usage would not help.
    if let error = error as? ValidationError {
        Terminal.say("Error: \(error.message)")
        return ExitCode.validationFailure
    }
    #if Service
    if let error = error as? SettingsError {
        for problem in error.problems { Terminal.say("triage: \(problem)") }
        return ExitCode(for: error)
    }
    #endif
    let advice = flags(for: error).map { " (\($0))" } ?? ""
    Terminal.say("triage: \(error.safeDescription)\(advice)")
    return ExitCode(for: error)
}

/// What was printed must have arrived: a report that a full disk swallowed is a failure.
private func flushOutput() throws(DataError) {
    guard Terminal.flush() else { throw .outputFailed(reason: Errno.last.description) }
}
