import CoreMetrics
import Foundation
import Testing
import TriageTelemetry

struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry()

    private func lines(_ prefix: String, _ registry: PrometheusRegistry? = nil) async -> [String] {
        await (registry ?? self.registry).exposition().split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(prefix) }
    }

    @Test func `counters count whole and broken amounts, and never fall`() async {
        let decided = Counter(
            label: "triage_decisions_total",
            dimensions: [("label", "Login"), ("field", "category"), ("level", "auto")], factory: registry)
        decided.increment()
        decided.increment(by: 41)
        let cost = FloatingPointCounter(
            label: "triage_llm_cost_total", dimensions: [("model", "m")], factory: registry)
        cost.increment(by: 0.25)
        cost.increment(by: 0.5)
        #expect(
            await lines("triage_decisions_total")
                == [#"triage_decisions_total{field="category",label="Login",level="auto"} 42"#])
        #expect(await lines("triage_llm_cost_total") == [#"triage_llm_cost_total{model="m"} 0.75"#])
        let handler = registry.makeCounter(label: "triage_reloads_total", dimensions: [("outcome", "ok")])
        handler.increment(by: 3)
        handler.increment(by: -2)
        #expect(
            await lines(#"triage_reloads_total{outcome="ok"}"#) == [#"triage_reloads_total{outcome="ok"} 3"#])
    }

    @Test func `a histogram is read with all its series, and its quantiles are between the bounds`() throws {
        #expect(registry.histogram("triage_reloads_total") == nil)
        #expect(registry.histogram("triage_none_seconds") == nil)
        let name = "triage_llm_duration_seconds"
        #expect(registry.histogram(name)?.quantile(0.5) == nil)
        for (model, seconds) in [("m", 0.04), ("m", 0.3), ("n", 0.4), ("n", 300)] {
            Timer(label: name, dimensions: [("model", model)], factory: registry).recordSeconds(seconds)
        }
        let reading = try #require(registry.histogram(name))
        #expect(reading.count == 4 && reading.counts.last == 1 && reading.counts[0] == 1)
        // Two of four values are in the bucket from 0.25 to 0.5 seconds.
        #expect(reading.quantile(0.5) == 0.375)
        #expect(reading.quantile(0.75) == 0.5)
        #expect(reading.quantile(1) == 120)
    }

    @Test func `gauges go up and down`() async {
        let inFlight = Meter(label: "triage_http_requests_in_flight", factory: registry)
        inFlight.increment(by: 3.0)
        inFlight.decrement()
        let remaining = Gauge(
            label: "triage_llm_budget_remaining", dimensions: [("window", "day")], factory: registry)
        remaining.record(-1.5)
        #expect(await lines("triage_http_requests_in_flight") == ["triage_http_requests_in_flight 2"])
        #expect(
            await lines("triage_llm_budget_remaining") == [#"triage_llm_budget_remaining{window="day"} -1.5"#]
        )
    }

    @Test func `a timer is a histogram of seconds whose buckets add up`() async {
        let timer = CoreMetrics.Timer(
            label: "triage_http_request_duration_seconds",
            dimensions: [("route", "/v1/triage"), ("method", "POST"), ("status", "200")], factory: registry)
        timer.recordMicroseconds(50)
        timer.recordMicroseconds(51)
        timer.recordMilliseconds(300)
        timer.recordSeconds(60)
        let name = "triage_http_request_duration_seconds"
        let labels = #"method="POST",route="/v1/triage",status="200""#
        let all = await lines(name)
        #expect(all.first == "\(name)_bucket{\(labels),le=\"5e-05\"} 1")
        #expect(all.contains("\(name)_bucket{\(labels),le=\"0.0001\"} 2"))
        #expect(all.contains("\(name)_bucket{\(labels),le=\"0.25\"} 2"))
        #expect(all.contains("\(name)_bucket{\(labels),le=\"0.5\"} 3"))
        #expect(all.contains("\(name)_bucket{\(labels),le=\"10.0\"} 3"))
        #expect(all.contains("\(name)_bucket{\(labels),le=\"+Inf\"} 4"))
        #expect(all.suffix(2).first?.hasPrefix("\(name)_sum{\(labels)} 60.300101") == true)
        #expect(all.last == "\(name)_count{\(labels)} 4")
    }

    @Test func `label values beyond the limit share one series, and a counter says so`() async {
        let registry = PrometheusRegistry(seriesLimit: 3)
        for number in 0..<10 {
            Counter(label: "hits", dimensions: [("who", "\(number)")], factory: registry).increment()
        }
        #expect(
            await lines("hits_total", registry)
                == [#"hits_total{who="0"} 1"#, #"hits_total{who="1"} 1"#, #"hits_total{who="2"} 1"#]
                + [#"hits_total{who="other"} 7"#])
        #expect(
            await lines(#"triage_metrics_refused_total{reason="series"}"#, registry)
                == [#"triage_metrics_refused_total{reason="series"} 7"#])
    }

    @Test func `one name is of one kind`() async {
        Counter(label: "twice_total", factory: registry).increment()
        Meter(label: "twice_total", factory: registry).set(9)
        #expect(await lines("twice_total") == ["twice_total 1"])
        #expect(
            await lines(#"triage_metrics_refused_total{reason="kind"}"#)
                == [#"triage_metrics_refused_total{reason="kind"} 1"#])
    }

    @Test func `a destroyed series is told no more`() async {
        let old = Meter(label: "triage_model_info", dimensions: [("name", "old")], factory: registry)
        old.set(1)
        #expect(await lines("triage_model_info").count == 1)
        old.destroy()
        Meter(label: "triage_model_info", dimensions: [("name", "new")], factory: registry).set(1)
        #expect(await lines("triage_model_info") == [#"triage_model_info{name="new"} 1"#])
    }

    @Test func `names and values become legal, whatever they hold`() async {
        Meter(
            label: "9 bad-name é", dimensions: [("le", "a\"b\\c\nd"), ("__x", "1"), ("a.b", "")],
            factory: registry
        ).set(1)
        Meter(label: "long", dimensions: [("v", String(repeating: "é", count: 500))], factory: registry).set(
            1)
        #expect(
            await lines("_9_bad_name")
                == [#"_9_bad_name___{a_b="",label___x="1",label_le="a\"b\\c\nd"} 1"#])
        #expect(await lines("long") == ["long{v=\"\(String(repeating: "é", count: 32))\"} 1"])
    }

    @Test func `every metric of the catalog is told before anything happens`() async {
        let text = await registry.exposition()
        for metric in MetricCatalog.all {
            #expect(text.contains("# HELP \(metric.name) "))
            #expect(text.contains("# TYPE \(metric.name) \(metric.kind.rawValue)\n"))
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"))
            #expect((metric.kind == .histogram) == !metric.bounds.isEmpty)
            #expect(metric.bounds == metric.bounds.sorted())
            #expect(metric.initial.allSatisfy { $0.count == metric.labels.count })
        }
        #expect(Set(MetricCatalog.all.map(\.name)).count == MetricCatalog.all.count)
        #expect(text.contains(#"triage_reloads_total{outcome="error"} 0"#))
    }

    @Test func `the process is measured`() async throws {
        func value(_ name: String) async throws -> Double {
            let line = try #require(await lines(name + " ").first)
            return try #require(Double(line.dropFirst(name.count + 1)))
        }
        let page = try await value("process_resident_memory_bytes")
        #expect(page > 5e6 && page < 1e11)
        #expect(abs(try await value("process_start_time_seconds") - Date().timeIntervalSince1970) < 3600)
        #expect(try await value("process_cpu_seconds_total") > 0)
        let before = try await value("process_open_fds")
        let pipes = (0..<5).map { _ in Pipe() }
        // Other tests open and close files meanwhile.
        #expect(try await value("process_open_fds") > before)
        #expect(pipes.count == 5)
    }

    @Test func `gauges that are found are set before each reading`() async {
        let depth = Meter(label: "triage_queue_depth", dimensions: [("state", "ready")], factory: registry)
        let readings = Counter(label: "readings", factory: registry)
        registry.beforeReading {
            readings.increment()
            depth.set(17)
        }
        #expect(await lines("triage_queue_depth") == [#"triage_queue_depth{state="ready"} 17"#])
        #expect(await lines("readings") == ["readings_total 2"])
    }

    @Test func `threads lose no count`() async {
        let counter = Counter(label: "many", factory: registry)
        let sum = FloatingPointCounter(label: "parts", factory: registry)
        let timer = CoreMetrics.Timer(label: "waits", factory: registry)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<5000 {
                        counter.increment()
                        sum.increment(by: 0.5)
                        timer.recordSeconds(1)
                    }
                }
            }
        }
        #expect(await lines("many") == ["many_total 20000"])
        #expect(await lines("parts") == ["parts_total 10000"])
        #expect(await lines("waits_seconds_sum") == ["waits_seconds_sum 20000"])
        #expect(await lines("waits_seconds_count") == ["waits_seconds_count 20000"])
    }

    @Test(
        arguments: [
            (nil, ExpositionFormat.prometheus), ("text/plain", .prometheus),
            ("application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5", .openMetrics),
        ] as [(String?, ExpositionFormat)])
    func `the format is the one asked for`(accept: String?, expected: ExpositionFormat) {
        #expect(ExpositionFormat(accept: accept) == expected)
    }

    @Test func `OpenMetrics names counters' families without total, and ends`() async {
        let text = await registry.exposition(.openMetrics)
        #expect(text.hasSuffix("# EOF\n"))
        #expect(text.contains("# TYPE triage_reloads counter\n"))
        #expect(text.contains("triage_reloads_total{outcome=\"ok\"} 0\n"))
    }
}
