package enum ExpositionFormat: Sendable {
    /// Prometheus's text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0.0.
    case openMetrics

    /// OpenMetrics where the `Accept` header names it, else Prometheus's format.
    package init(accept: String?) {
        self = accept?.contains("application/openmetrics-text") == true ? .openMetrics : .prometheus
    }

    package var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }
}

/// Writes metrics in a text format of Prometheus.
struct Exposition {
    private enum Value {
        case whole(Int)
        case real(Double)
    }

    let format: ExpositionFormat
    private(set) var text = ""

    init(_ format: ExpositionFormat) {
        self.format = format
        text.reserveCapacity(16_384)
    }

    /// Writes a metric with all its series.
    mutating func write(_ metric: MetricSnapshot) {
        begin(metric.name, metric.kind, help: metric.help)
        for point in metric.points {
            switch point.value {
            case .whole(let number): sample(metric.name, point.labels.text, .whole(number))
            case .real(let number): sample(metric.name, point.labels.text, .real(number))
            case .histogram(let histogram): write(histogram, metric.name, point.labels.text)
            }
        }
    }

    /// Writes a histogram's buckets, each with those below it, then sum and count.
    private mutating func write(_ histogram: SeriesValue.Histogram, _ name: String, _ labels: String) {
        let comma = labels.isEmpty ? "" : ","
        var total = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            total += count
            sample("\(name)_bucket", "\(labels)\(comma)le=\"\(bound)\"", .whole(total))
        }
        total += histogram.counts.last ?? 0
        sample("\(name)_bucket", "\(labels)\(comma)le=\"+Inf\"", .whole(total))
        sample("\(name)_sum", labels, .real(histogram.sum))
        sample("\(name)_count", labels, .whole(total))
    }

    /// Writes a metric's HELP and TYPE, in which OpenMetrics names counters without `_total`; its samples follow.
    private mutating func begin(_ name: String, _ kind: MetricDescription.Kind, help: String) {
        let shown = format == .openMetrics && kind == .counter ? String(name.dropLast("_total".count)) : name
        text += "# HELP \(shown) \(Self.escaped(help, quotes: format == .openMetrics))\n"
        text += "# TYPE \(shown) \(kind.rawValue)\n"
    }

    /// Writes one line; `labels` are those of `SeriesLabels`.
    private mutating func sample(_ name: String, _ labels: String, _ value: Value) {
        text += name
        if !labels.isEmpty { text += "{\(labels)}" }
        text += " "
        switch value {
        case .whole(let number): text += String(number)
        case .real(let number) where number.isNaN: text += "NaN"
        case .real(let number) where number.isInfinite: text += number < 0 ? "-Inf" : "+Inf"
        case .real(let number): text += Int(exactly: number).map(String.init) ?? String(number)
        }
        text += "\n"
    }

    mutating func end() {
        if format == .openMetrics { text += "# EOF\n" }
    }

    /// The name with each character that a metric's name may not have replaced.
    static func metricName(_ name: String) -> String { legal(name, colons: true) }

    /// A label's name with each character that it may not have replaced; `le` is reserved for histograms.
    static func labelName(_ name: String) -> String {
        let legal = legal(name, colons: false)
        return legal == "le" || legal.hasPrefix("__") ? "label_\(legal)" : legal
    }

    /// At most 128 bytes of a label's value: 32 scalars of up to four bytes.
    static func limited(_ value: String) -> String {
        value.utf8.count <= 128 ? value : String(String.UnicodeScalarView(value.unicodeScalars.prefix(32)))
    }

    private static func legal(_ name: String, colons: Bool) -> String {
        var legal = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"):
                legal.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if legal.isEmpty { legal = "_" }
                legal.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ":") where colons: legal += ":"
            default: legal += "_"
            }
        }
        return legal.isEmpty ? "_" : legal
    }

    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
