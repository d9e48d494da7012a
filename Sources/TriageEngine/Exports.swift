// A user of the library writes `import TriageEngine` and has tickets and bundles too.
@_exported public import TriageData
@_exported public import TriageModel
@_exported public import TriageSearch
@_exported public import TriageText
@_exported public import TriageTickets
