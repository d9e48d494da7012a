/// The parts that requests of metrics and of logs share.
///
/// Source: `opentelemetry/proto/common/v1` and `resource/v1`, version 1.5.
extension ProtobufWriter {
    /// The name of the program's instrumentation scope.
    static let scope = "ticket-triage"

    /// A `Resource`.
    mutating func resource(_ field: Int, _ pairs: [CollectorOptions.Pair]) {
        message(field) { writer in
            for pair in pairs { writer.attribute(1, pair.name) { $0.string(1, pair.value) } }
        }
    }

    /// An `InstrumentationScope` with a name.
    mutating func scope(_ field: Int, _ name: String = ProtobufWriter.scope) {
        message(field) { $0.string(1, name) }
    }

    /// A `KeyValue`, whose `AnyValue` `body` writes.
    mutating func attribute(_ field: Int, _ name: String, _ body: (inout ProtobufWriter) -> Void) {
        message(field) { writer in
            writer.string(1, name)
            writer.message(2, body)
        }
    }
}
