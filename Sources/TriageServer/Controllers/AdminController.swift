internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageModel

/// Reload, and the report of the shadow bundle.
struct AdminController {
    let reloader: SnapshotReloader?
    let shadow: Shadow

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/admin/reload",
                summary: "Reload bundle, knowledge base and policy from disk.",
                scope: .admin, otherScope: .models,
                answers: [
                    .ok("Reloaded", "The snapshots now in use."),
                    .problem(.conflict, "The files on disk cannot be used; the old snapshot stays in use."),
                ],
                handler: { _, context in try await reload(by: context.caller) }),
            Operation(
                method: .get, path: "/v1/admin/shadow",
                summary: "Fields for which the shadow bundle predicts another label.", scope: .admin,
                parameters: [
                    .integer(
                        "count", "Maximum number of disagreements.", 0...Shadow.maximumListed, default: 100)
                ],
                answers: [
                    .ok("ShadowReport", "Counts and the most recent disagreements, newest last."),
                    .problem(.unprocessableContent, "A parameter is out of range."),
                ],
                handler: { request, _ in
                    report(count: try request.integer("count", in: 0...Shadow.maximumListed, default: 100))
                }),
        ]
    }

    private func reload(by caller: Caller?) async throws -> Response {
        guard let reloader else {
            throw Problem.missing("This service has no files to reload.")
        }
        do {
            return Response(try await reloader.reload(by: caller?.keyID), as: LoadedSnapshots.wire)
        } catch {
            throw Problem(
                .conflict, "reload_refused", "The old snapshot stays in use: \(error.safeDescription)")
        }
    }

    private func report(count: Int) -> Response {
        Response((shadow.current, shadow.report(count: count)), as: Shadow.Report.wire)
    }
}

extension Snapshot {
    /// What decides, in short.
    static let wire = WireType<Snapshot>.object("DecidingBundle") { object in
        object.member("name", .text) { $0.model.manifest.name }
        object.member("sha256", .text) { $0.model.sha256 }
        object.member("articles", .count) { $0.index?.count ?? 0 }
    }
}

extension LoadedSnapshots {
    static let wire = WireType<LoadedSnapshots>.object("Reloaded") { object in
        object.member("deciding", Snapshot.wire) { $0.deciding }
        object.member("shadow", .orNull(Snapshot.wire), "Null without a shadow.") { $0.shadow }
    }
}

extension Shadow.Report {
    /// A report with the shadow of the moment.
    static let wire = WireType<(shadow: Snapshot?, report: Shadow.Report)>.object("ShadowReport") { object in
        object.member("shadow", .orNull(Snapshot.wire), "Null without a shadow.") { $0.shadow }
        object.member("decided", .count) { $0.report.decided }
        object.member("dropped", .count) { $0.report.dropped }
        object.member("disagreements", .entries(of: count) { $0.key }, "By field.") { shown in
            shown.report.byField.sorted { $0.key < $1.key }
        }
        object.member("recent", .list(of: Disagreement.wire)) { $0.report.recent }
    }

    private static let count = WireType<Int>.integer(minimum: 1).map { (entry: (key: String, value: Int)) in
        entry.value
    }
}
