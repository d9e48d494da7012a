internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageModel

/// What changes the service while it runs, and what the shadow saw.
struct AdminController {
    let reloader: SnapshotReloader?
    let shadow: Shadow

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/admin/reload",
                summary: "Read bundle, knowledge base and policy from disk again, and decide with them.",
                scope: .admin,
                answers: [
                    .ok("Reloaded", "What decides now."),
                    .problem(.conflict, "What is on disk cannot be used; the old snapshot stays."),
                ],
                handler: { _, context in try await reload(by: context.caller) }),
            Operation(
                method: .get, path: "/v1/admin/shadow",
                summary: "Where the shadow bundle would have decided otherwise.", scope: .admin,
                parameters: [
                    .integer("count", "How many disagreements at most.", 0...Shadow.listed, default: 100)
                ],
                answers: [
                    .ok("ShadowReport", "Counts, and the last disagreements, newest last."),
                    .problem(.unprocessableContent, "A parameter is out of range."),
                ],
                handler: { request, _ in
                    report(count: try request.integer("count", in: 0...Shadow.listed, default: 100))
                }),
        ]
    }

    private func reload(by caller: Caller?) async throws -> Response {
        guard let reloader else {
            throw Problem.missing("This service was started with what it decides with.")
        }
        let loaded: LoadedSnapshots
        do { loaded = try await reloader.reload(by: caller?.keyID) } catch {
            throw Problem(.conflict, "reload_refused", "The old snapshot stays: \(error.safeDescription)")
        }
        var json = JSONWriter()
        json.object { json in
            json.key("deciding")
            AdminController.write(loaded.deciding, to: &json)
            json.key("shadow")
            AdminController.write(loaded.shadow, to: &json)
        }
        return Response(json)
    }

    private func report(count: Int) -> Response {
        let report = shadow.report(count: count)
        var json = JSONWriter()
        json.object { json in
            json.key("shadow")
            AdminController.write(shadow.current, to: &json)
            json.key("decided")
            json.integer(report.decided)
            json.key("dropped")
            json.integer(report.dropped)
            json.key("disagreements")
            json.object { json in
                for (field, count) in report.byField.sorted(by: { $0.key < $1.key }) {
                    json.key(named: field)
                    json.integer(count)
                }
            }
            json.key("recent")
            json.array(report.recent) { $1.write(to: &$0) }
        }
        return Response(json)
    }

    private static func write(_ snapshot: Snapshot?, to json: inout JSONWriter) {
        guard let snapshot else { return json.json("null") }
        json.object { json in
            json.key("name")
            json.string(snapshot.model.manifest.name)
            json.key("sha256")
            json.string(snapshot.model.sha256)
            json.key("articles")
            json.integer(snapshot.index?.count ?? 0)
        }
    }
}
