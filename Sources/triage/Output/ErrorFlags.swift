import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageSearch
import TriageTraining

#if Service
import TriageStore
#endif

/// The flags that an error's advice is about: errors come from libraries, which know no command line.
func flags(for error: any Error) -> String? {
    switch error {
    case DataError.noTextColumn, DataError.mostlyWithoutText: "--text"
    case DataError.noColumn(_, _, let isID, _): isID ? "--id-column" : "--text"
    case TrainingError.noLabels: "--label"
    case TrainingError.noCorrections: "--corrections"
    case TrainingError.tooLarge: "--memory"
    case TrainingError.noText: "--text"
    case TrainingError.nothingHeldOut: "without --fixed, or with --calibrate"
    case TrainingError.badTime: "--time"
    case TrainingError.costsNeeded: "--costs, --target"
    case TrainingError.cannotWarmStart: "--characters, --words, --bits, --embedding; --warm-start"
    case EvaluationError.noSource: "--source"
    case EvaluationError.noOutside: "--oos-label"
    case EvaluationError.nothingShared: "--against"
    case EvaluationError.tooFewRows: "--train, --time"
    case EvaluationError.tooShort: "--every, --months"
    case EvaluationError.unclearDates: "--time"
    case EvaluationError.tooFewForFolds: "without --cross-validate"
    case EngineError.model(let error): flags(for: error)
    case EngineError.tooFewHeldOut: "--label-sets; train without --fixed, or with --calibrate"
    case ModelError.noBundle: "--model"
    case SearchError.noKnowledgeBase: "--kb"
    case SignatureError.passwordNeeded: "--password-file"
    case SignatureError.badPassword: "--password-file, --no-password"
    case SearchError.badCalibration: "triage search --fit"
    #if Service
    case StoreError.otherSnapshot: "--model, --kb, --playbook, --language; --state for a fit of the KB"
    #endif
    default: nil
    }
}
