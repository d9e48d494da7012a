internal import TriageData

/// One part of a workbook: its bytes, and the error of what is wrong in them.
struct WorkbookPart {
    let source: ByteSource
    /// Makes the error of a problem, which ends a sentence that names the part.
    let damaged: (String) -> DataError
}
