import Foundation
import Glibc
import Testing

/// Signatures as their user makes and checks them.
struct SignatureTests {
    private static let minisign = "/usr/bin/minisign"
    private static let hasMinisign = FileManager.default.isExecutableFile(atPath: minisign)
    private static let open = ["--secret-key", "site.key", "--public-key", "site.pub", "--no-password"]
    private static let secret = ["--secret-key", "site.key"]

    /// A workspace with a key pair, and a model and a KB that it signed.
    private func desk() throws -> Workspace {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("kb/playbook.yaml", "next_action: {Login: {High: Call back.}}\n")
        #expect(try workspace.run(["sign", "keygen"] + Self.open).status == 0)
        for words in [["models", "sign", "plain"], ["models", "sign", "embedded"], ["kb", "sign", "kb"]] {
            let outcome = try workspace.run(words + Self.secret)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        return workspace
    }

    private static let deciding = [
        "classify", "--model", "plain", "--kb", "kb", "--language", "none", "--signed-by", "site.pub",
        "password login locked",
    ]

    @Test func `a key signs a file, and a changed file is refused`() throws {
        let workspace = try Workspace()
        let made = try workspace.run(["sign", "keygen"] + Self.open)
        #expect(made.status == 0 && made.text.contains("wrote site.key, which signs"))
        #expect(try workspace.shell("stat -c %a site.key site.pub").text == "600\n644\n")
        try workspace.write("f.txt", "hello\n")
        #expect(try workspace.run(["sign", "file", "f.txt"] + Self.secret).text == "wrote f.txt.minisig\n")
        let good = try workspace.run(["sign", "verify", "f.txt", "--key", "site.pub"])
        #expect(good.status == 0 && good.text.hasPrefix("f.txt: good, signed with "))
        try workspace.write("f.txt", "hellO\n")
        let bad = try workspace.run(["sign", "verify", "f.txt", "--key", "site.pub"])
        #expect(bad.status == 65)
        #expect(bad.errors.contains("f.txt: not the content that was signed (f.txt.minisig)"))
        let again = try workspace.run(["sign", "keygen"] + Self.open)
        #expect(again.status == 73 && again.errors.contains("site.key: there is a file already"))
    }

    @Test func `without a terminal a password comes from a file, or not at all by its own word`() throws {
        let workspace = try Workspace()
        let pair = ["--secret-key", "site.key", "--public-key", "site.pub"]
        let outcome = try workspace.shell("setsid $TRIAGE sign keygen \(pair.joined(separator: " "))")
        #expect(outcome.status == 65 && outcome.errors.contains("(--password-file"), "\(outcome.errors)")
        #expect(try workspace.names() == [])
        try workspace.write("empty", "\n")
        let empty = try workspace.run(["sign", "keygen", "--password-file", "empty"] + pair)
        #expect(empty.status == 65 && empty.errors.contains("the password is empty"))
        #expect(try workspace.run(["sign", "keygen", "--password-file", "empty"] + Self.open).status == 64)
    }

    @Test(.enabled(if: hasMinisign), arguments: ["", " --legacy"])
    func `minisign checks ours, and ours checks minisign's`(form: String) throws {
        let workspace = try Workspace()
        try workspace.write("f.txt", "hello\n")
        let outcome = try workspace.shell(
            """
            set -e
            $TRIAGE sign keygen --secret-key a.key --public-key a.pub --no-password
            $TRIAGE sign file f.txt --secret-key a.key\(form)
            minisign -Vm f.txt -p a.pub
            minisign -S\(form.isEmpty ? "" : "l") -s a.key -m f.txt -x theirs
            $TRIAGE sign verify f.txt --key a.pub --signature theirs
            minisign -G -W -s b.key -p b.pub </dev/null
            $TRIAGE sign file f.txt --secret-key b.key\(form)
            minisign -Vm f.txt -p b.pub
            """)
        #expect(outcome.status == 0, "\(outcome.text) \(outcome.errors)")
        #expect(outcome.text.components(separatedBy: "Signature and comment signature verified").count == 3)
        let changed = try workspace.shell("echo x >>f.txt; minisign -Vm f.txt -p b.pub")
        #expect(changed.status == 1)
    }

    @Test func `any folder is signed whole, and checked among files`() throws {
        let workspace = try desk()
        try workspace.write("share/bin/tool", "x")
        try workspace.write("note", "y")
        #expect(
            try workspace.run(["sign", "file", "share", "note"] + Self.secret).text
                == "wrote share/SHA256SUMS and SHA256SUMS.minisig: 1 file\nwrote note.minisig\n")
        let verify = ["sign", "verify", "share", "note", "--key", "site.pub"]
        #expect(try workspace.run(verify).status == 0)
        try workspace.write("share/bin/tool", "z")
        let outcome = try workspace.run(verify)
        #expect(
            outcome.status == 65 && outcome.errors.contains("share/bin/tool: changed since share was signed"))
        #expect(outcome.text.contains("note: good"))
        #expect(try workspace.run(["sign", "file", "share", "--legacy"] + Self.secret).status == 64)
    }

    @Test func `signed files decide, and nothing is written beside them`() throws {
        let workspace = try desk()
        let before = try workspace.shell("find plain kb -type f | sort | xargs sha256sum").text
        #expect(try workspace.run(Self.deciding).status == 0)
        let tight = try workspace.shell(
            "chmod -R a-w plain kb; $TRIAGE \(Self.deciding.dropLast().joined(separator: " ")) x; chmod -R u+w plain kb"
        )
        #expect(tight.status == 0, "\(tight.errors)")
        #expect(try workspace.shell("find plain kb -type f | sort | xargs sha256sum").text == before)
        let verified = try workspace.run(["models", "verify", "plain", "--key", "site.pub"])
        #expect(verified.status == 0 && verified.text.contains("plain: 4 files, signed with "))
        #expect(try workspace.run(["kb", "verify", "kb", "--key", "site.pub"]).status == 0)
    }

    @Test(arguments: [
        ("plain", "plain/MODEL_CARD.md"), ("plain", "plain/manifest.json"),
        ("plain", "plain/model.safetensors"),
        ("plain", "plain/words.json"), ("kb", "kb/a.md"), ("kb", "kb/playbook.yaml"),
    ])
    func `a changed byte, a missing and an added file are refused by every reader`(
        folder: String, file: String
    )
        throws
    {
        let workspace = try desk()
        let verify = [folder == "kb" ? "kb" : "models", "verify", folder, "--key", "site.pub"]
        let whole = try workspace.bytes(file)
        var changed = whole
        changed[changed.count / 2] ^= 1
        for content in [changed, whole + [10], nil] {
            try FileManager.default.removeItem(atPath: workspace.file(file))
            if let content { try workspace.write(file, content) }
            for words in [verify, Self.deciding] {
                let outcome = try workspace.run(words)
                #expect(outcome.status == 65, "\(words) \(outcome.errors)")
                #expect(outcome.errors.contains(file) || outcome.errors.contains(folder), "\(outcome.errors)")
            }
            if content == nil { try workspace.write(file, whole) }
        }
        try workspace.write("\(folder)/new.md", BadKnowledgeBase.article("K2"))
        for words in [verify, Self.deciding] {
            let outcome = try workspace.run(words)
            #expect(outcome.status == 65 && outcome.errors.contains("\(folder)/new.md: not there when"))
        }
    }

    /// Each command that reads a model or a knowledge base.
    private static let readers: [[String]] = [
        ["classify", "--model", "plain", "--kb", "none", "login"],
        ["classify", "--model", "signed", "--kb", "kb", "login"],
        ["explain", "--model", "plain", "--kb", "none", "login"], ["search", "--kb", "kb", "password"],
        ["search", "--model", "plain", "--kb", "kb", "password"],
        ["draft", "--model", "plain", "--kb", "kb", "login"], ["models", "show", "plain"],
        ["models", "verify", "plain"], ["models", "diff", "plain", "embedded"], ["kb", "verify", "kb"],
        ["models", "tune", "plain", "--suggest", "60%"],
        ["evaluate", "--model", "plain", "--data", "rows.jsonl", "--language", "none"],
        ["audit", "--data", "rows.jsonl", "--label", "category", "--model", "plain"],
        ["bench", "--model", "plain", "--kb", "none", "--data", "rows.jsonl"],
        [
            "train", "--data", "rows.jsonl", "--label", "category", "--fixed", "--warm-start", "plain",
            "--output", "new",
        ],
        ["doctor", "--model", "plain", "--kb", "none"],
        ["serve", "--stateless", "--port", "0", "--model", "plain", "--kb", "none"],
        ["serve", "--stateless", "--port", "0", "--model", "signed", "--shadow", "plain", "--kb", "none"],
    ]

    @Test(arguments: readers)
    func `no command reads what is not signed while a key is required`(words: [String]) throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        try workspace.write("rows.jsonl", TrainedBundle.tickets)
        try workspace.write("kb/a.md", BadKnowledgeBase.article("K1"))
        let outcome = try workspace.shell(
            """
            $TRIAGE sign keygen --secret-key site.key --public-key site.pub --no-password >/dev/null
            cp -r plain signed; $TRIAGE models sign signed --secret-key site.key >/dev/null
            export TRIAGE_SIGNED_BY=site.pub
            timeout 60 $TRIAGE \(words.joined(separator: " "))
            """)
        #expect(
            outcome.status == 65 || outcome.status == 69,
            "\(outcome.status) \(outcome.text) \(outcome.errors)")
        #expect((outcome.errors + outcome.text).contains("not signed"), "\(outcome.errors)")
    }

    @Test func `a single file is signed beside it: a KB of one file with its playbook, and a playbook alone`()
        throws
    {
        let workspace = try desk()
        try workspace.write("one/kb.json", #"[{"id":"a","title":"Toner"}]"#)
        try workspace.write("one/playbook.yaml", "next_action: {Login: {High: Other.}}\n")
        let words = [
            "classify", "--model", "plain", "--kb", "one/kb.json", "--language", "none", "--signed-by",
            "site.pub", "login",
        ]
        #expect(try workspace.run(words).errors.contains("one/kb.json: not signed"))
        #expect(try workspace.run(["kb", "sign", "one/kb.json"] + Self.secret).status == 0)
        #expect(try workspace.run(["kb", "verify", "one/kb.json", "--key", "site.pub"]).status == 0)
        #expect(try workspace.run(words).status == 0)
        try workspace.write("mine.yaml", "next_action: {Login: {High: Mine.}}\n")
        let own = Self.deciding + ["--playbook", "mine.yaml"]
        #expect(try workspace.run(own).errors.contains("mine.yaml: not signed (no mine.yaml.minisig)"))
        #expect(try workspace.run(["sign", "file", "mine.yaml"] + Self.secret).status == 0)
        #expect(try workspace.run(own).status == 0)
    }

    @Test func `a signature covers the matrix that the model names, wherever it lies`() throws {
        let workspace = try desk()
        let words = [
            "classify", "--model", "embedded", "--kb", "none", "--language", "none", "--signed-by",
            "site.pub",
            "login",
        ]
        #expect(try workspace.run(words).status == 0)
        try workspace.write("away/note", "")
        try FileManager.default.copyItem(
            atPath: workspace.file("embedded"), toPath: workspace.file("away/alone"))
        let alone = try workspace.run(["models", "sign", "away/alone"] + Self.secret)
        #expect(alone.status == 0)
        for name in ["vocab.txt", "table.safetensors"] {
            let whole = try workspace.bytes("embeddings/tiny/\(name)")
            var changed = whole
            changed[changed.count - 2] ^= 1
            try workspace.write("embeddings/tiny/\(name)", changed)
            #expect(try workspace.run(words).status == 65)
            try workspace.write("embeddings/tiny/\(name)", whole)
        }
    }

    @Test func `a fit in the state folder decides only when it is signed too`() throws {
        let workspace = try desk()
        try workspace.write("kb2/a.md", BadKnowledgeBase.article("K1"))
        try workspace.write("kb2/b.md", "---\nid: K2\ntitle: Invoice refund\n---\nPay it.\n")
        let pairs = (0..<12).map { #"{"text":"password reset \#($0)","relevant":["K1"]}"# }
        let others = (0..<12).map { #"{"text":"weather tomorrow \#($0)","relevant":[]}"# }
        try workspace.write("q.jsonl", (pairs + others).joined(separator: "\n") + "\n")
        let search = ["search", "--kb", "kb2", "--state", "state"]
        #expect(try workspace.run(search + ["--fit", "q.jsonl"]).status == 0)
        #expect(try workspace.run(["kb", "sign", "kb2"] + Self.secret).status == 0)
        let asked = search + ["--signed-by", "site.pub", "password"]
        let refused = try workspace.run(asked)
        #expect(
            refused.status == 65 && refused.errors.contains("calibration.json: not signed"),
            "\(refused.errors)")
        let fit = try #require(try workspace.names("state").first { $0.hasSuffix("calibration.json") })
        #expect(try workspace.run(["sign", "file", "state/\(fit)"] + Self.secret).status == 0)
        #expect(try workspace.run(asked).status == 0)
    }

    @Test func `a signed model is replaced by a new one, and kept with its signature`() throws {
        let workspace = try desk()
        try workspace.write("rows.jsonl", TrainedBundle.tickets)
        let train = [
            "train", "--data", "rows.jsonl", "--label", "category", "--fixed", "--bits", "8", "--embedding",
            "none",
            "--output", "plain",
        ]
        for _ in 0..<2 {
            #expect(try workspace.run(["models", "sign", "plain"] + Self.secret).status == 0)
            let outcome = try workspace.run(train)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(
                try workspace.run(["models", "verify", "plain.previous", "--key", "site.pub"]).status == 0)
            #expect(
                try workspace.run(["models", "verify", "plain", "--key", "site.pub"]).errors.contains(
                    "not signed"))
        }
    }

    @Test func `a service refuses a reload of what is not signed, and goes on with what it has`() throws {
        let workspace = try desk()
        let service = try Service(
            workspace,
            ["--model", "plain", "--kb", "kb", "--language", "none", "--signed-by", "site.pub"])
        try workspace.write("kb/b.md", BadKnowledgeBase.article("K2"))
        service.signal(SIGHUP)
        #expect(eventually { service.said.contains("reload failed") })
        #expect(service.said.contains("kb/b.md: not there when kb was signed"))
        #expect(try service.ask("POST", "/v1/triage", #"{"body":"password login locked"}"#).status == 200)
        #expect(try workspace.run(["kb", "sign", "kb"] + Self.secret).status == 0)
        service.signal(SIGHUP)
        #expect(eventually { service.said.contains(#""articles":2"#) })
        service.signal(SIGTERM)
        #expect(service.end() == 0)
    }
}
