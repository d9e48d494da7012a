// A user of the library has tickets with this import too.
@_exported public import TriageTickets
