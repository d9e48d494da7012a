import Foundation
import Testing
import TriageSettings

struct ProblemTests {
    @Test func `unknown names are errors that say where, and what was probably meant`() throws {
        let folder = try Folder()
        try folder.write("t.yaml", "port: 80\n\nlimits:\n  bodi: 1MB\nquue:\n  workers: 1\nxyzxyzxyz: 1\n")
        try folder.write(".env", "# one\nTRIAGE_PORT=1\n\nexport TRIAGE_MODLE=x\nSOMETHING_ELSE=1\n")
        let found = folder.settings(
            flags: ["--prot", "1"], environment: ["TRIAGE_KBB": "x", "TRIAGE_HOME": "/"], file: "t.yaml")
        let wrong = found.problems.map(\.description)
        #expect(wrong.contains("--prot: no such setting; did you mean --port?"))
        #expect(wrong.contains("environment: TRIAGE_KBB: no such setting; did you mean TRIAGE_KB?"))
        #expect(
            wrong.contains(
                "\(folder.path)/.env line 4: TRIAGE_MODLE: no such setting; did you mean TRIAGE_MODEL?"))
        #expect(
            wrong.contains { $0.hasPrefix("\(folder.path)/.env line 5: SOMETHING_ELSE: no such setting") })
        #expect(
            wrong.contains(
                "\(folder.path)/t.yaml line 4: limits.bodi: no such setting; did you mean limits.body?"))
        #expect(wrong.contains { $0.hasPrefix("\(folder.path)/t.yaml line 5: quue: no such setting") })
        #expect(
            wrong.contains(
                "\(folder.path)/t.yaml line 7: xyzxyzxyz: no such setting; `triage doctor --settings` lists them"
            ))
    }

    @Test(arguments: [
        ("TRIAGE_PORT", "80a", "must be a whole number, from 0 to 65535, not \"80a\""),
        ("TRIAGE_PORT", "65536", "must be a whole number, from 0 to 65535"),
        ("TRIAGE_MATCH_THRESHOLD", "1.5", "must be a number, from 0 to 1"),
        ("TRIAGE_MATCH_THRESHOLD", "nan", "must be a number, from 0 to 1"),
        ("TRIAGE_STATELESS", "perhaps", "must be true or false"),
        ("TRIAGE_LIMITS_BODY", "1 MegaByte", "must be a size"),
        ("TRIAGE_LIMITS_BODY", "99999999999999999999", "must be a size"),
        ("TRIAGE_LIMITS_IDLE_TIMEOUT", "-1s", "must be a time"),
        ("TRIAGE_TLS_MINIMUM", "1.1", "must be 1.2, 1.3"),
        ("TRIAGE_TEXT_DAYS", "always", "must be a number of days from 0 to 36500, or forever"),
        ("TRIAGE_LLM_URL", "ftp://host/", "must be an address that begins with http:// or https://"),
        ("TRIAGE_LLM_URL", "http://", "must be an address"),
        ("TRIAGE_NAMES", "http://desk.example", "must be a list of host names as helpdesk.example"),
        ("TRIAGE_NAMES", "desk.example:80", "must be a list of host names"),
        ("TRIAGE_NAMES", "*", "must be a list of host names"),
        ("TRIAGE_NAMES", "-desk", "must be a list of host names"),
        ("TRIAGE_NAMES", "[bad", "must be a list of host names"),
        ("TRIAGE_CORS_ORIGINS", "*", "must be a list of origins as https://desk.example"),
        ("TRIAGE_CORS_ORIGINS", "https://a.example,desk.example", "must be a list of origins"),
        ("TRIAGE_CORS_ORIGINS", "https://desk.example/page", "must be a list of origins"),
        ("TRIAGE_CORS_ORIGINS", "https://me@desk.example", "must be a list of origins"),
        ("TRIAGE_CORS_ORIGINS", "null", "must be a list of origins"),
        ("TRIAGE_LEGACY_NAMES", "issue_type,mood", "must be a list of issue_type, known_issue"),
    ])
    func `a value that cannot be is refused in words`(variable: String, value: String, words: String) throws {
        let found = try Folder().settings(environment: [variable: value])
        #expect(found.wrong.hasPrefix("environment: \(variable): \(words)"), "\(found.wrong)")
        #expect(throws: SettingsError.self) { try found.checked() }
    }

    @Test func `a key that is missing, or is none, is a problem of the setting`() throws {
        let folder = try Folder()
        #expect(
            folder.settings(flags: ["--signed-by", "missing.pub"]).wrong.contains(
                "signed-by: missing.pub: no such file or folder"))
        let path = try folder.write("bad.pub", "untrusted comment: x\nRWQ=\n")
        #expect(
            folder.settings(flags: ["--signed-by", path]).wrong.contains(
                "signed-by: \(path) line 2: expected 42 bytes in Base64"))
    }

    @Test(arguments: ["kb", "state", "model"])
    func `an empty value in YAML is refused, as it is for a flag`(key: String) throws {
        let folder = try Folder()
        try folder.write("t.yaml", "\(key): \"\"\n")
        #expect(folder.settings(file: "t.yaml").wrong.contains("t.yaml line 1: \(key): must be text"))
        #expect(folder.settings(flags: ["--\(key)", ""]).wrong.contains("must be text"))
    }

    @Test(arguments: [
        ("Desk.Example.", "desk.example"), ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("[fe80::1]", "fe80::1"),
        ("10.0.0.7", "10.0.0.7"),
        ("help_desk", "help_desk"), ("desk.example:80", nil), ("http://desk", nil), ("a/b", nil), ("", nil),
        (".", nil), ("-x", nil), ("[bad", nil), ("a b", nil),
    ])
    func `host names are written as browsers send them`(text: String, expected: String?) {
        #expect(ServiceAddress.hostName(text) == expected)
    }

    @Test func `an international origin is taken in both its forms`() {
        for origin in ["https://bücher.example", "https://XN--BCHER-KVA.example:443"] {
            #expect(ServiceAddress.origin(origin) == "https://xn--bcher-kva.example")
        }
    }

    @Test func `values with units`() throws {
        let settings = try Folder().settings(
            flags: [
                "--limits-body=2MB", "--limits-header", "64KB", "--limits-idle-timeout", "5m",
                "--queue-lease=90",
                "--limits-header-timeout=250ms", "--text-days", "forever", "--stateless",
                "--no-metrics",
                "--trusted-proxies", "10.0.0.0/8, ::1",
            ]
        ).checked()
        #expect(settings.limits.body.bytes == 2 << 20)
        #expect(settings.limits.header.bytes == 64 << 10)
        #expect(settings.limits.idleTimeout == .seconds(300))
        #expect(settings.limits.headerTimeout == .milliseconds(250))
        #expect(settings.queue.lease == .seconds(90))
        #expect(settings.store.textRetention == .forever)
        #expect(settings.store.isStateless)
        #expect(!settings.telemetry.servesMetrics)
        #expect(settings.listening.trustedProxies == ["10.0.0.0/8", "::1"])
    }

    @Test func `a name with its words in another order is recognised`() throws {
        let folder = try Folder()
        try folder.write("t.yaml", "llm:\n  budget-daily: 1\n")
        let wrong = folder.settings(
            environment: ["TRIAGE_LLM_BUDGET_DAILY": "1", "TRIAGE_LLM_BUDGET_MONTHLY": "1"], file: "t.yaml"
        ).wrong
        #expect(
            wrong.contains("TRIAGE_LLM_BUDGET_DAILY: no such setting; did you mean TRIAGE_LLM_DAILY_BUDGET?"))
        #expect(wrong.contains("no such setting; did you mean TRIAGE_LLM_MONTHLY_BUDGET?"))
        #expect(wrong.contains("llm.budget-daily: no such setting; did you mean llm.daily-budget?"))
    }

    @Test
    func `a list in the place of a text is shown, and a text in the place of a list is one of one part`()
        throws
    {
        let folder = try Folder()
        try folder.write("t.yaml", "llm:\n  price: [1, 2]\n  fields: category\n")
        let settings = folder.settings(file: "t.yaml")
        #expect(
            settings.wrong.contains(
                "llm.price: must be two prices of 0 or more, such as 0.15,0.6, not \"[1, 2]\""))
        #expect(
            !settings.wrong.contains("llm.fields: must be") && settings.settings.llm.fields == ["category"])
        try folder.write("t.yaml", "llm:\n  fields: category, severity\n")
        #expect(folder.settings(file: "t.yaml").settings.llm.fields == ["category", "severity"])
    }

    @Test func `an empty line does not take a protection away`() throws {
        let folder = try Folder()
        try folder.write("t.yaml", "signed-by:\nkeys: ~\nport:\n")
        let wrong = folder.settings(file: "t.yaml").wrong
        #expect(
            wrong.contains("line 1: signed-by: has no value") && wrong.contains("line 2: keys: has no value"))
        #expect(!wrong.contains("port"))
    }

    @Test func `flags that lack a value, come twice, or are none`() throws {
        let wrong = try Folder().settings(flags: ["serve", "--port", "--host=a", "--host", "b", "--kb"]).wrong
        #expect(wrong.contains("serve: expected a flag"))
        #expect(wrong.contains("--port: needs a value"))
        #expect(wrong.contains("--host: is there twice"))
        #expect(wrong.contains("--kb: needs a value"))
    }

    @Test func `a YAML file that is none says the line`() throws {
        let folder = try Folder()
        try folder.write("a.yaml", "port: 1\nhost: [\n")
        try folder.write("b.yaml", "- port\n")
        try folder.write("c.yaml", "port: 1\nport: 2\n")
        try folder.write("d.yaml", "a: &x [1]\nb: *x\n")
        try folder.write("e.yaml", "port: 1\nhost: {a: 1}\n")
        try folder.write("f.yaml", "# nothing\n")
        try folder.write("g.yaml", "queue.workers: 1\nqueue: {workers: 2}\n")
        #expect(folder.settings(file: "a.yaml").wrong.contains("a.yaml line 3: the file: is not YAML"))
        #expect(
            folder.settings(file: "b.yaml").wrong.contains(
                "b.yaml line 1: the file: must be names with values"))
        #expect(folder.settings(file: "c.yaml").wrong.contains("port: is there twice"))
        #expect(
            folder.settings(file: "d.yaml").wrong.contains(
                "d.yaml line 2: the file: *x refers to another place"))
        #expect(folder.settings(file: "e.yaml").wrong.contains("e.yaml line 2: host"))
        #expect(folder.settings(file: "f.yaml").problems.isEmpty)
        #expect(
            folder.settings(file: "g.yaml").wrong.contains("g.yaml line 2: queue.workers: is there twice"))
        #expect(folder.settings(file: "gone.yaml").wrong.contains("gone.yaml: no such file"))
    }

    @Test func `an env file: quotes, comments, and lines that are neither`() throws {
        let folder = try Folder()
        try folder.write(
            ".env",
            "TRIAGE_KB='a b # c'\nTRIAGE_MODEL=\"x\\\"y\"   # note\nexport TRIAGE_HOST=localhost\nOPENAI_API_KEY=a#b\r\n"
                + "hunter2\nTRIAGE_PORT=\"1\nTRIAGE_HOST=b\n")
        let found = folder.settings()
        #expect(found.settings.deciding.kb == "a b # c")
        #expect(found.settings.deciding.model == "x\"y")
        #expect(found.settings.listening.host == "localhost")
        #expect(found.settings.llm.key?.current == "a#b")
        #expect(found.wrong.contains(".env line 5: this line: expected NAME=value"))
        #expect(found.wrong.contains(".env line 6: TRIAGE_PORT: begins with a quote"))
        #expect(found.wrong.contains(".env line 7: TRIAGE_HOST: is there twice"))
        #expect(!found.wrong.contains("hunter2"))
    }

    @Test func `what Kubernetes says of a Service called triage is told apart`() throws {
        let found = try Folder().settings(environment: [
            "TRIAGE_PORT": "tcp://10.0.0.1:80", "TRIAGE_SERVICE_HOST": "10.0.0.1",
            "TRIAGE_PORT_80_TCP_PROTO": "tcp",
        ])
        #expect(found.problems.count == 3)
        #expect(found.problems.allSatisfy { $0.problem.contains("enableServiceLinks: false") })
    }

    @Test func `settings that do not go together`() throws {
        let folder = try Folder()
        let file = try folder.write("some", "x")
        func wrong(_ flags: [String]) -> String { folder.settings(flags: flags).wrong }
        #expect(wrong(["--tls-certificate", file]).contains("tls.certificate and tls.key go together"))
        #expect(wrong(["--host", "0.0.0.0"]).contains("there are no keys"))
        #expect(wrong(["--host", "0.0.0.0"]).contains("there is no TLS"))
        #expect(wrong(["--host", "0.0.0.0", "--insecure-no-keys", "--insecure-no-tls"]).isEmpty)
        #expect(
            wrong(["--host", "::", "--keys", file, "--tls-certificate", file, "--tls-key", file]).isEmpty)
        #expect(wrong(["--keys", file + ".gone"]).contains("keys: \(file).gone: no such file"))
        #expect(wrong(["--llm-url", "http://a/v1"]).contains("llm.model is not"))
        #expect(wrong(["--llm-below", "0.6"]).contains("llm.below is set and llm.fields is not"))
        #expect(wrong(["--llm-fields", "category"]).contains("llm.fields is set and llm.url is not"))
        let judging = ["--llm-url", "http://a/v1", "--llm-model", "m", "--llm-fields", "category"]
        #expect(wrong(judging + ["--llm-below", "0.6"]).isEmpty)
        #expect(wrong(judging + ["--llm-below", "0"]).contains("must be a number above 0, up to 1"))
        #expect(
            wrong(judging + ["--limits-request-timeout", "10s"]).contains(
                "llm.decision-timeout is not below limits.request-timeout"))
        let model = ["--llm-url", "http://a/v1", "--llm-model", "m"]
        #expect(wrong(model).isEmpty)
        #expect(wrong(model + ["--llm-daily-budget", "1"]).contains("a budget needs prices"))
    }

    @Test func `a provider needs a client, keys and TLS`() throws {
        let folder = try Folder()
        let file = try folder.write("some", "x")
        func wrong(_ flags: [String]) -> String { folder.settings(flags: flags).wrong }
        let issuer = ["--oidc-issuer", "https://login.example/desk"]
        #expect(wrong(issuer).contains("oidc.client-id is not"))
        #expect(wrong(issuer + ["--oidc-client-id", "desk"]).contains("keys is not"))
        let right = ["--oidc-client-id", "desk", "--keys", file]
        #expect(wrong(issuer + right).isEmpty)
        #expect(
            wrong(["--oidc-issuer", "http://login.example"] + right).contains("oidc.issuer is not https"))
        #expect(wrong(["--oidc-issuer", "http://127.0.0.1:9400"] + right).isEmpty)
        #expect(
            wrong(issuer + right + ["--oidc-address", "https://a.example/path"]).contains("an origin as"))
        #expect(wrong(issuer + right + ["--oidc-roles", "helpdesk"]).contains("VALUE=ROLE"))
        let notes = SettingsCheck(folder.settings(flags: ["--oidc-client-id", "desk"]).settings).notes
        #expect(notes.contains { $0.contains("people sign in with keys") })
    }

    @Test func `two names of one field are a problem, and origins and names are read as lists`() throws {
        let wrong = try Folder().settings(environment: ["TRIAGE_LEGACY_NAMES": "issue_type, known_issue"])
            .wrong
        #expect(
            wrong.contains(
                "legacy.names: issue_type and known_issue both replace match_type; give one of them"))
        let good = try Folder().settings(
            environment: [
                "TRIAGE_LEGACY_NAMES": " next_step ,issue_type", "TRIAGE_LEGACY_STATUS": "ok",
                "TRIAGE_CORS_ORIGINS": "https://desk.example, http://[::1]:8000",
            ]
        ).checked()
        #expect(good.legacy.names == [.nextStep, .issueType] && good.legacy.status == "ok")
        #expect(good.listening.corsOrigins == ["https://desk.example", "http://[::1]:8000"])
    }
}
