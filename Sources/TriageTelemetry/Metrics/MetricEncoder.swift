/// Metrics as OTLP has them in Protocol Buffers: cumulative sums, gauges and histograms with explicit bounds.
///
/// Names are those of `/metrics`, so that queries fit both ways. Source: `opentelemetry/proto/metrics/v1`, version 1.5.
struct MetricEncoder {
    let resource: [CollectorOptions.Pair]
    /// When counting began, in nanoseconds since 1970.
    let start: UInt64
    /// When the metrics were read.
    let time: UInt64

    /// Series of one request; a metric is never split.
    private static let maximumPoints = 2000
    /// `AGGREGATION_TEMPORALITY_CUMULATIVE`.
    private static let cumulative: UInt64 = 2

    /// `ExportMetricsServiceRequest`s with all of the metrics that have a series.
    func requests(_ metrics: [MetricSnapshot]) -> [[UInt8]] {
        var batches: [[MetricSnapshot]] = []
        var count = 0
        for metric in metrics where !metric.points.isEmpty {
            if batches.isEmpty || count + metric.points.count > Self.maximumPoints {
                batches.append([])
                count = 0
            }
            batches[batches.count - 1].append(metric)
            count += metric.points.count
        }
        return batches.map(request)
    }

    private func request(_ metrics: [MetricSnapshot]) -> [UInt8] {
        ProtobufWriter.message { writer in
            writer.message(1) { writer in
                writer.resource(1, resource)
                writer.message(2) { writer in
                    writer.scope(1)
                    for metric in metrics { writer.message(2) { write(metric, to: &$0) } }
                }
            }
        }
    }

    private func write(_ metric: MetricSnapshot, to writer: inout ProtobufWriter) {
        writer.string(1, metric.name)
        writer.string(2, metric.help)
        writer.string(3, Self.unit(of: metric.name))
        switch metric.kind {
        case .gauge:
            writer.message(5) { writer in
                for point in metric.points { writer.message(1) { writeNumber(point, to: &$0) } }
            }
        case .counter:
            writer.message(7) { writer in
                for point in metric.points {
                    writer.message(1) { writer in
                        writer.fixed64(2, start)
                        writeNumber(point, to: &writer)
                    }
                }
                writer.varint(2, Self.cumulative)
                writer.varint(3, 1)
            }
        case .histogram:
            writer.message(9) { writer in
                for point in metric.points {
                    guard case .histogram(let histogram) = point.value else { continue }
                    writer.message(1) { writer in
                        writer.fixed64(2, start)
                        write(histogram, to: &writer)
                        writeLabels(point, 9, to: &writer)
                    }
                }
                writer.varint(2, Self.cumulative)
            }
        }
    }

    /// A `NumberDataPoint` without its start.
    private func writeNumber(_ point: MetricSnapshot.Point, to writer: inout ProtobufWriter) {
        writer.fixed64(3, time)
        switch point.value {
        case .whole(let number): writer.fixed64(6, UInt64(bitPattern: Int64(number)))
        case .real(let number): writer.double(4, number)
        case .histogram: break
        }
        writeLabels(point, 7, to: &writer)
    }

    private func write(_ histogram: SeriesValue.Histogram, to writer: inout ProtobufWriter) {
        writer.fixed64(3, time)
        writer.fixed64(4, UInt64(histogram.counts.reduce(0, +)))
        writer.double(5, histogram.sum)
        writer.packed(6, histogram.counts.map { UInt64($0) })
        writer.packed(7, histogram.bounds.map(\.bitPattern))
    }

    private func writeLabels(
        _ point: MetricSnapshot.Point, _ field: Int, to writer: inout ProtobufWriter
    ) {
        for (name, value) in point.labels.pairs { writer.attribute(field, name) { $0.string(1, value) } }
    }

    /// The unit in UCUM's notation, by the end of the name; empty for a plain number.
    private static func unit(of name: String) -> String {
        let base = name.hasSuffix("_total") ? name.dropLast("_total".count) : name[...]
        return base.hasSuffix("_seconds") ? "s" : base.hasSuffix("_bytes") ? "By" : ""
    }
}
