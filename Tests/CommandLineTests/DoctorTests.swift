import Foundation
import Testing

struct DoctorTests {
    @Test func `doctor tells the settings in force, where each comes from, and hides secrets`() throws {
        let workspace = try Workspace()
        try workspace.write("triage.yaml", "# the desk\nqueue:\n  workers: 7\n")
        try workspace.write(".env", "OPENAI_API_KEY=hunter2\nTRIAGE_LOG_LEVEL=debug\n")
        let outcome = try workspace.run(["doctor", "--port", "9100", "--kb", "none"])
        #expect(outcome.text.contains("port = 9100  [--port]"))
        #expect(outcome.text.contains("kb = none  [--kb]"))
        #expect(outcome.text.contains("queue.workers = 7  [triage.yaml line 3: queue.workers]"))
        #expect(outcome.text.contains("log.level = debug  [.env line 2: TRIAGE_LOG_LEVEL]"))
        #expect(outcome.text.contains("llm.key = (hidden)  [.env line 1: OPENAI_API_KEY]"))
        #expect(
            outcome.text.contains(
                "warn settings   llm.key is set and llm.url is not: no language model is used"))
        #expect(!outcome.text.contains("hunter2"))
        let all = try workspace.run(["doctor", "--settings"])
        #expect(all.status == 0)
        #expect(all.text.contains("  limits.body = 1MB  [default]"))
        #expect(all.text.contains("--limits-body, TRIAGE_LIMITS_BODY: a size"))
        #expect(!all.text.contains("hunter2"))
    }

    @Test func `a wrong setting is exit code 78, for doctor and for serve`() throws {
        let workspace = try Workspace()
        try workspace.write("mine.yaml", "port: eighty\nhots: localhost\n")
        for command in [["doctor"], ["doctor", "--settings"], ["serve"]] {
            let outcome = try workspace.run(command + ["--config", "mine.yaml"])
            #expect(outcome.status == 78)
            let said = outcome.text + outcome.errors
            #expect(
                said.contains(
                    "mine.yaml line 1: port: must be a whole number, from 0 to 65535, not \"eighty\""))
            #expect(said.contains("mine.yaml line 2: hots: no such setting; did you mean host?"))
        }
        let outcome = try workspace.run(["serve", "--prot", "1", "--host", "0.0.0.0"])
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("--prot: no such setting; did you mean --port?"))
        #expect(outcome.errors.contains("host 0.0.0.0 is not loopback and there are no keys"))
    }

    @Test(
        arguments: [
            (["--llm-url", "http://example.com/v1"], "neither loopback nor private"),
            (["--llm-fields", "colour"], "the bundle has no field colour"),
            (["--llm-ca", "rows"], "not a readable file of certificates"),
            (["--llm-prices", "rows"], "rows: "),
            (["--llm-prices", "missing"], "missing: no such file"),
            (["--llm-daily-budget", "1", "--llm-price", "1,1", "--llm-budget-file", "rows"], "not a record"),
            (
                ["--llm-daily-budget", "1", "--llm-price", "1,1", "--store", "kept"],
                "kept/spending.json: not a"
            ),
        ])
    func `doctor refuses the language model's settings that serve refuses, with its code`(
        words: [String], reason: String
    ) throws {
        let workspace = try Workspace()
        try workspace.write("rows", "text\n")
        try workspace.write("kept/spending.json", "")
        let address = words.contains("--llm-url") ? [] : ["--llm-url", "http://127.0.0.1:9/v1"]
        let places = ["--model", "\(ServeTests.root)/models/starter", "--kb", "none"]
        let settings = places + address + ["--llm-model", "m"] + words
        let stateless = words.contains("--store") ? [] : ["--stateless"]
        let doctor = try workspace.run(["doctor"] + settings + stateless)
        #expect(doctor.status == 78)
        let failures = doctor.text.split(separator: "\n").filter { $0.hasPrefix("FAIL") }
        #expect(failures.count == 1 && failures[0].contains(reason), "\(doctor.text)")
        let serve = try workspace.run(["serve", "--port", "0"] + settings + stateless)
        #expect(serve.status == 78 && serve.errors.contains(reason), "\(serve.errors)")
    }

    @Test func `airgap lists what could dial, and fails when a setting leaves the machine`() throws {
        let workspace = try Workspace()
        try workspace.write(".env", "OPENAI_API_KEY=hunter2\n")
        let tight = try workspace.run(["doctor", "--airgap"])
        #expect(tight.status == 0)
        for key in ["redis.url", "otlp.endpoint", "llm.url", "search.url", "oidc.issuer"] {
            #expect(tight.text.contains("\(key)"))
        }
        #expect(tight.text.components(separatedBy: "off, not set: no connection").count == 6)
        try workspace.write(".env", "REDIS_URL=rediss://user:hunter2@cache.example:6380/0\n")
        let open = try workspace.run(["doctor", "--airgap"])
        #expect(open.status == 1)
        #expect(
            open.text.contains("rediss://cache.example:6380, for")
                && open.text.contains("[.env line 1: REDIS_URL]"))
        #expect(!open.text.contains("hunter2"))
        let near = [
            "--llm-url", "http://127.0.0.1:8000/v1", "--llm-model", "m", "--otlp-endpoint",
            "http://[::1]:4318",
        ]
        try workspace.write(".env", "")
        let local = try workspace.run(["doctor", "--airgap"] + near)
        #expect(local.status == 0)
        #expect(local.text.contains("http://[::1]:4318, for spans  [--otlp-endpoint]"))
        try workspace.write("keys.json", #"{"version":1,"keys":[]}"#)
        let provider = [
            "--oidc-issuer", "https://login.example/desk", "--oidc-client-id", "desk", "--keys", "keys.json",
            "--oidc-hosts", "tokens.example",
        ]
        let away = try workspace.run(["doctor", "--airgap"] + provider)
        #expect(away.status == 1)
        #expect(away.text.contains("ON, LEAVES THIS MACHINE: https://login.example, for signing people in"))
        #expect(away.text.contains("https://tokens.example, for signing people in  [--oidc-hosts]"))
    }

    @Test func `airgap has a line for the listener, each connection, the commands and the result`() throws {
        let workspace = try Workspace()
        let words = ["doctor", "--airgap", "--host", "0.0.0.0", "--insecure-no-keys", "--insecure-no-tls"]
        let open = try workspace.run(words + ["--llm-url", "http://10.0.0.7/v1", "--llm-model", "m"])
        #expect(open.status == 1)
        let lines = open.text.split(separator: "\n")
        #expect(lines[0].hasPrefix("warn listens") && lines[0].contains("which other machines reach"))
        #expect(open.text.contains("FAIL llm.url    ON, LEAVES THIS MACHINE: http://10.0.0.7"))
        #expect(lines.last?.hasPrefix("FAIL result     llm.url would leave this machine") == true)
        let shut = try workspace.run(["doctor", "--airgap"])
        #expect(shut.status == 0)
        #expect(shut.text.hasSuffix("ok   result     no setting lets anything leave this machine\n"))
    }

    @Test func `the report is of the settings in force`() throws {
        let workspace = try Workspace()
        let model = try TrainedBundle.plain()
        let words = [
            "doctor", "--report", "page.html", "--model", model, "--kb", "none", "--language", "none",
        ]
        let outcome = try workspace.run(words + ["--text-days", "11", "--store", "kept/<b>"])
        #expect(outcome.status == 0 && outcome.text == "wrote page.html\n", "\(outcome.errors)")
        let page = try String(decoding: workspace.bytes("page.html"), as: UTF8.self)
        for part in [
            "id=\"dpo\"", "id=\"council\"", "11 days", "kept/&lt;b&gt;", "Nothing leaves this machine",
            "held out",
            "[EMAIL]", "100.0 % (120 of 120)", "triage forget --store kept/&lt;b&gt;", "patient triage",
            "<code>field</code>", "No keys are set here",
        ] { #expect(page.contains(part), "\(part)") }
        #expect(!page.contains("<b>"))
        let stateless = try workspace.run(
            words + ["--stateless", "--llm-url", "http://127.0.0.1:9/v1", "--llm-model", "m"])
        #expect(stateless.status == 0)
        let other = try String(decoding: workspace.bytes("page.html"), as: UTF8.self)
        #expect(other.contains("the service has no store") && !other.contains("triage forget"))
        #expect(other.contains("Connections are set to: a language model, <code>http://127.0.0.1:9</code>"))
        #expect(try workspace.run(words + ["--port", "x"]).status == 78)
    }
}
