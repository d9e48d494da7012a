import Foundation
import Testing
import TriageSettings

struct PrecedenceTests {
    @Test func `flags come before environment before env file before YAML before defaults`() throws {
        let folder = try Folder()
        try folder.write(
            "t.yaml", "port: 1\nhost: localhost\nqueue:\n  workers: 9\n  attempts: 9\nlog: {level: debug}\n")
        try folder.write(".env", "TRIAGE_PORT=2\nTRIAGE_QUEUE_WORKERS=8\nTRIAGE_QUEUE_ATTEMPTS=8\n")
        let found = folder.settings(
            flags: ["--port", "4"], environment: ["TRIAGE_PORT": "3", "TRIAGE_QUEUE_WORKERS": "7"],
            file: "t.yaml")
        let settings = try found.checked()
        #expect(settings.listening.port == 4)
        #expect(settings.queue.workers == 7)
        #expect(settings.queue.attempts == 8)
        #expect(settings.listening.host == "localhost")
        #expect(settings.queue.capacity == 10_000)
        let places = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.key, "\(found.origin(of: $0))") })
        #expect(places["port"] == "--port")
        #expect(places["queue.workers"] == "environment: TRIAGE_QUEUE_WORKERS")
        #expect(places["queue.attempts"] == "\(folder.path)/.env line 3: TRIAGE_QUEUE_ATTEMPTS")
        #expect(places["host"] == "\(folder.path)/t.yaml line 2: host")
        #expect(places["log.level"] == "\(folder.path)/t.yaml line 6: log.level")
        #expect(places["queue.capacity"] == "default")
    }

    @Test(arguments: ["60%", "0.6", "60 %"])
    func `a share may be written as people do`(text: String) throws {
        let folder = try Folder()
        try folder.write("t.yaml", "match-threshold: \(text)\notlp: {sample-ratio: \"\(text)\"}\n")
        let file = try folder.settings(file: "t.yaml").checked()
        #expect(file.deciding.matchThreshold == 0.6 && file.telemetry.sampleRatio == 0.6)
        let flag = try folder.settings(flags: ["--match-threshold", text]).checked()
        #expect(flag.deciding.matchThreshold == 0.6)
        let rate = folder.settings(environment: ["TRIAGE_LIMITS_RATE_PER_KEY": text])
        #expect(rate.problems.isEmpty == !text.contains("%"), "no share, so no percent: \(rate.wrong)")
    }

    @Test func `the original's and the platforms' names are honoured, and give way to this program's`() throws
    {
        let folder = try Folder()
        let names = [
            "PORT": "9000", "MATCH_THRESHOLD": "0.6", "KB_PATH": "articles", "OPENAI_API_KEY": "k",
            "OPENAI_MODEL": "m", "REDIS_URL": "redis://cache:6379", "OTEL_SERVICE_NAME": "desk",
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_SAMPLER_ARG": "0.25",
            "OTEL_EXPORTER_OTLP_HEADERS": "a=b", "TRIAGE_KB": "mine", "HOME": "/", "OTEL_UNKNOWN": "x",
        ]
        let settings = try folder.settings(environment: names).checked()
        #expect(settings.listening.port == 9000)
        #expect(settings.deciding.matchThreshold == 0.6)
        #expect(settings.deciding.kb == "mine")
        #expect(settings.llm.key?.current == "k")
        #expect(settings.llm.model == "m")
        #expect(settings.llm.url == nil)
        #expect(settings.limits.redis?.current == "redis://cache:6379")
        #expect(settings.telemetry.serviceName == "desk")
        #expect(settings.telemetry.otlpEndpoint == "http://collector:4318")
        #expect(settings.telemetry.sampleRatio == 0.25)
        #expect(settings.telemetry.otlpHeaders?.current == "a=b")
    }

    @Test func `an empty value is none`() throws {
        let folder = try Folder()
        try folder.write(".env", "TRIAGE_LLM_URL=\nOPENAI_API_KEY=\"\"\nTRIAGE_PORT= # later\n")
        try folder.write("t.yaml", "kb:\nmodel: ~\nport: null\n")
        let settings = try folder.settings(environment: ["TRIAGE_HOST": ""], file: "t.yaml").checked()
        #expect(settings.llm.url == nil)
        #expect(settings.llm.key == nil)
        #expect(settings.listening.host == "127.0.0.1")
        #expect(settings.listening.port == 8080)
        #expect(settings.deciding.model == nil)
    }

    @Test func `every setting takes its own default from every source that it has`() throws {
        let folder = try Folder()
        let file = try folder.write("some", "a line")
        for setting in Setting.all {
            let value = setting.defaultValue ?? PrecedenceTests.example(setting, file)
            var sources: [EffectiveSettings] = [
                folder.settings(environment: [setting.variable: value])
            ]
            sources += setting.aliases.map { folder.settings(environment: [$0: value]) }
            if let flag = setting.flag { sources.append(folder.settings(flags: ["\(flag)=\(value)"])) }
            let parts = setting.key.split(separator: ".")
            let yaml = setting.expected.hasPrefix("a list") ? "[\(value)]" : value
            let line =
                parts.count == 2 ? "\(parts[0]):\n  \(parts[1]): \(yaml)\n" : "\(setting.key): \(yaml)\n"
            try folder.write("one.yaml", line)
            sources.append(folder.settings(file: "one.yaml"))
            for found in sources {
                let own = found.problems.filter { $0.origin != nil }
                #expect(own.isEmpty, "\(setting.key): \(found.wrong)")
                let slot = Setting.all.first { $0.key == setting.slot }
                #expect(slot.map { found.origin(of: $0) } != .default, "\(setting.key)")
            }
        }
    }

    /// A value for a setting without default.
    private static func example(_ setting: Setting, _ file: String) -> String {
        switch setting.expected {
        case let words where words.hasPrefix("a list of origins"): "https://a.example,http://b.example:8000"
        case let words where words.hasPrefix("a list of issue_type"): "issue_type,next_step"
        case let words where words.hasPrefix("a list of VALUE=ROLE"): "desk=agent,leads=lead"
        case let words where words.hasPrefix("an origin"): "https://h.example"
        case let words where words.contains("two prices"): "0.15,0.6"
        case let words where words.contains("keys of 56"): "RWQ" + String(repeating: "A", count: 53)
        case let words where words.contains("postgres://"): "postgres://anna@h.example/kb"
        case "verify, off": "verify"
        case let words where words.contains("https://"): "https://h.example/v1"
        case let words where words.contains("redis://"): "redis://h.example"
        case let words where words.hasPrefix("a number"): "0.5"
        case let words where words.hasPrefix("a list"): "10.0.0.1,10.0.0.2"
        case "a command": "printf redis://h.example"
        case "a file": setting.slot == "redis.url" ? address(beside: file) : file
        default: "word"
        }
    }

    private static func address(beside file: String) -> String {
        let path = file + ".address"
        try? Data("redis://h.example\n".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
