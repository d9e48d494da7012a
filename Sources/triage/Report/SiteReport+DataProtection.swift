#if Service
import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriagePages
import TriageServer
import TriageSettings
import TriageText

extension SiteReport {
    /// The page for the data-protection officer.
    var dataProtection: [HTML] {
        opening(
            "What triage reads, keeps and sends", "the data-protection officer",
            other: ("council", "the works council"))
            + [
                summary, reading, keeping, leaving, masking, erasing, roles, versions,
                SiteReport.section(
                    "How often it is right", measures, SiteReport.paragraph(SiteReport.measured)),
                SiteReport.use("Misuse: free search in tickets for what somebody wrote about a person."),
            ]
    }

    static let measured =
        "Held-out tickets were decided by weights that never saw them. All measures are by field and label. None is by agent or "
        + "requester: a model has no field for them."

    private var summary: HTML {
        let open = openConnections.map { "\($0.purpose), `\($0.destination ?? "")`" }
        let leaves =
            openConnections.isEmpty
            ? "Nothing leaves this machine: no address of another service is set."
            : "Connections are set to: \(open.joined(separator: "; "))."
        let kept =
            settings.store.isStateless
            ? "Nothing is kept: the service has no store."
            : "Masked text is \(keepsText ? "kept \(howLong)" : "not kept"); labels and keyed hashes stay."
        return SiteReport.section(
            "In short",
            SiteReport.list([
                "It reads support tickets on this machine and suggests labels.",
                leaves, kept,
                "Identifiers are masked before anything else reads the text. Names of people, postal addresses and what people "
                    + "write about their health are not masked.",
                "A ticket of a person can be erased by one command.",
            ]))
    }

    private var reading: HTML {
        let input = snapshot.model.manifest.input
        let text = input.map(\.text) ?? []
        let columns = text.isEmpty ? "subject and body" : text.joined(separator: ", ")
        let knowledgeBase = files.kbPath.map { "`\($0)`" } ?? "none"
        let playbook = files.playbookPath.map { "`\($0)`" } ?? "none"
        let keyFile = settings.listening.keys.map { "`\($0)`" } ?? "none needed"
        let rows: [[String]] = [
            [
                "Tickets", "what callers send to `\(address)`, or files given to a command",
                "text of \(columns), and the ticket's id",
            ],
            ["Knowledge base", knowledgeBase, "articles; no tickets"],
            ["Playbook", playbook, "next actions and safety words"],
            [
                "Model", "`\(modelPath)`",
                "weights and keyed hashes; for explanations the strongest words and pairs of words of each label in clear, which "
                    + "came from at least \(TopFeatures.minimumSources) requesters or documents (`words.json`). A name that is in "
                    + "so many training tickets can be among them",
            ],
            [
                "API keys", keyFile, "names of owners, scopes, hashes",
            ],
        ]
        return SiteReport.section(
            "What is read", SiteReport.table(["what", "from", "content"], rows),
            SiteReport.paragraph(
                "Quoted replies, signatures and repeated notices are set aside before a ticket is read. It fetches no "
                    + "attachments, links or pictures."))
    }

    private var address: String { "\(settings.listening.host):\(settings.listening.port)" }

    private var modelPath: String { (try? Installation.model(files.model)) ?? "" }

    private var keeping: HTML {
        guard !settings.store.isStateless else {
            return SiteReport.section(
                "What is kept, where, and how long",
                SiteReport.paragraph(
                    "Nothing is kept on disk: the service is stateless. A ticket is in memory while it is decided. Log lines go "
                        + "to standard error and hold no ticket text."))
        }
        let store = "`\(settings.store.folder)`"
        let remembered = settings.store.rememberedCorrections
        let text = keepsText ? retention : "not kept"
        let rows: [[String]] = [
            ["Text of decided tickets, and the answer", store, "masked", text],
            ["Remarks of corrections", store, "masked", text],
            [
                "Waiting tickets", store, "masked",
                "until decided; then \(keepsText ? text : "a day at most")",
            ],
            [
                "The ledger: labels, probabilities, levels, times, the ticket's id as it came, key ids",
                store,
                "keyed hashes (HMAC-SHA256) of the text, no text", "for as long as the store exists",
            ],
            ["Corrections: field, labels, key id", store, "no text", "for as long as the store exists"],
            [
                "Who wrote a ticket, where it was sent with `requester`", store,
                "a keyed hash (HMAC-SHA256), no name", keepsText ? text : "an hour or two",
            ],
            [
                "The memory of corrections: the newest corrected tickets", store,
                "numbers of the masked text, rounded to bytes; hashes of words",
                remembered == 0
                    ? "off (`remember` is 0)"
                    : "at most \(remembered) tickets, until `triage feedback clear` or an erasure",
            ],
            [
                "Backups, and the copies that an upgrade (`before-VERSION`) and a restore (`store.previous`) leave beside the store",
                "where you put them; beside \(store)", "all of the above",
                "until you delete them: `text-days` and an erasure do not reach them",
            ],
            [
                "Log lines", "standard error, which systemd and containers keep in their own logs",
                "route, status, time, key id; no ticket text, no network address", "your log's own rule",
            ],
        ]
        return SiteReport.section(
            "What is kept, where, and how long",
            SiteReport.table(["what", "where", "form", "how long"], rows),
            SiteReport.paragraph(
                "Give no personal data as a ticket's id: the ledger keeps ids as they came. The store is not encrypted; encrypt "
                    + "the disk. The setting `text-days` is \(effective.value(of: Setting.named("text-days")) ?? "")."
            ))
    }

    private var leaving: HTML {
        let contents = [
            "llm.url": "masked tickets and articles; with a placeholder for each identifier",
            "redis.url":
                "for seconds, counts of requests by key id or network address; answers of a language model (masked)",
            "otlp.endpoint":
                "times and routes of requests, and where set counts and log lines; no ticket text",
            "oidc.issuer": "a code for each sign-in, and this service's client id and secret; no ticket text",
            "oidc.hosts": "a code for each sign-in, and this service's client id and secret; no ticket text",
        ]
        let rows = settings.connections.map { connection -> [String] in
            let to = connection.destination.map {
                "`\($0)`" + (connection.isLoopback ? " (this machine)" : "")
            }
            return [
                connection.purpose, "`\(connection.key)`", to ?? "off",
                connection.destination == nil ? "nothing" : contents[connection.key] ?? "",
            ]
        }
        return SiteReport.section(
            "What leaves this machine",
            SiteReport.table(["for", "setting", "to", "what is sent"], rows),
            SiteReport.paragraph(
                "No other part of the program opens a connection: no telemetry, no updates, no download. `triage doctor --airgap` "
                    + "lists this, and `scripts/airgap` proves it with a filter of the system's calls."))
    }

    private var masking: HTML {
        let rows = MaskingRecall.measured().map { measure in
            [
                measure.kind.rawValue, "`\(measure.kind.placeholder)`",
                "\(percent(measure.share)) (\(measure.found) of \(measure.count))",
            ]
        }
        return SiteReport.section(
            "Which identifiers are masked",
            SiteReport.table(["kind", "becomes", "recall, measured as this page was made"], rows),
            SiteReport.paragraph(
                "The measure uses sentences that the program makes itself, with valid check digits and usual spellings: an upper "
                    + "bound for real tickets. The manual's page Results has the figures on a data set of others. Your own words can "
                    + "be masked too (`denied`). Not masked: names of people, postal addresses, national identity numbers (social "
                    + "security, tax, passport), dates of birth, and what people write about themselves."))
    }

    private var erasing: HTML {
        guard !settings.store.isStateless else {
            return SiteReport.section(
                "How to erase a person",
                SiteReport.paragraph(
                    "There is nothing to erase here: nothing is kept. Erase in the help desk's own system."))
        }
        let folder = settings.store.folder
        return SiteReport.section(
            "How to erase a person",
            SiteReport.list([
                "Tickets that were sent with `requester`: `triage forget --store \(folder) --requester NAME --by \"request 17\"` "
                    + "erases all of them. Add `--backup DIR` for each backup, and `--data FILE --model DIR` for training files and "
                    + "the model that is trained again from them.",
                "Other tickets: find their ids in the help desk. For each: "
                    + "`triage forget --store \(folder) --ticket ID --by \"request 17\"`, or `DELETE /v1/tickets/ID`.",
                "This deletes text, answer and remarks, and overwrites the bytes. What stays: labels, keyed hashes, the ticket's id.",
                "Keep the signed receipt that the command writes: it lists each place with its hash before and after.",
                "Delete backups that were not named, and the folders `before-VERSION` and `store.previous` beside the store.",
                "Run these commands as the user that the service runs as (`sudo -u triage …` where the package installed it).",
                "`triage ledger verify --store \(folder)` shows that the record is whole after an erasure.",
            ]))
    }

    private var roles: HTML {
        let meaning: [Scope: String] = [
            .triage: "decide, explain, search, draft, read decisions", .feedback: "correct decisions",
            .audit: "read decisions, corrections and statistics",
            .models: "change thresholds and the model that decides, reload",
            .admin: "reload models, requeue, erase", .metrics: "read statistics without text",
        ]
        let rows = Scope.allCases.map { scope -> [String] in
            let owners = keys.map { keys in keys.filter { $0.scopes.contains(scope) }.map(\.name) }
            let named = owners.map { $0.isEmpty ? "nobody" : Set($0).sorted().joined(separator: ", ") }
            return ["`\(scope.rawValue)`", meaning[scope] ?? "", named ?? everybody]
        }
        return SiteReport.section(
            "Who may do what", SiteReport.table(["scope", "allows", "owners of valid keys"], rows),
            SiteReport.paragraph(
                "Whoever may read the store's folder on this machine can read the masked text; whoever administers the machine can "
                    + "do everything."))
    }

    private var everybody: String {
        ServiceAddress.isLoopback(settings.listening.host)
            ? "everybody on this machine: no keys are set"
            : "everybody who reaches \(address): no keys are set"
    }

    private var versions: HTML {
        let prints = SnapshotFingerprint(snapshot)
        let matrix = snapshot.model.manifest.embedding
        let rows: [[String]] = [
            ["Program", "triage \(Triage.configuration.version)", ""],
            [
                "Model", "\(prints.modelName), trained on \(snapshot.model.manifest.training.rows) tickets",
                prints.model,
            ],
            ["Embedding matrix", matrix?.name ?? "none", matrix?.sha256 ?? ""],
            [
                "Knowledge base", (snapshot.index?.count).map { $0.counted("article") } ?? "none",
                prints.kb ?? "",
            ],
            ["Playbook", snapshot.policy.floors.count.counted("safety floor"), prints.policy],
            ["Language identifier", prints.language == nil ? "none" : "on", prints.language ?? ""],
        ]
        let signed = (try? TrustedKeys(files.signedBy).keys.map(\.name)) ?? []
        let rule =
            signed.isEmpty
            ? "Unsigned models and knowledge bases are accepted (`signed-by` is not set): hashes find damage, not an attacker."
            : "Only what key \(signed.joined(separator: ", ")) signed is read, at the start and at each reload."
        return SiteReport.section(
            "What decides: versions and hashes",
            SiteReport.table(
                ["part", "version", "SHA-256"],
                rows.map { [$0[0], $0[1], $0[2].isEmpty ? "–" : "`\($0[2])`"] }),
            SiteReport.paragraph(rule))
    }
}
#endif
