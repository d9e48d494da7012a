// A user of the library has snapshots and tickets with this import too.
@_exported public import TriageEngine
