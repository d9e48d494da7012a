internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageModel

/// The bundles in use, with their fields and labels.
struct ModelController {
    let snapshots: SnapshotHolder
    let shadow: Shadow

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/models",
                summary: "The bundles in use, with their fields and labels.",
                scope: .triage, answers: [.ok("Models", "The bundles.")],
                handler: { _, _ in list() })
        ]
    }

    private func list() -> Response {
        let snapshot = snapshots.current
        let models: [(ModelBundle?, ListedModel.Role)] = [
            (snapshot.model, .deciding), (shadow.current?.model, .shadow), (snapshot.language, .language),
        ]
        return Response(
            models.compactMap { model, role in model.map { ListedModel(model: $0, role: role) } },
            as: ListedModel.list)
    }
}

/// A bundle and what it does here.
struct ListedModel {
    enum Role: String, CaseIterable {
        case deciding, shadow, language
    }

    var model: ModelBundle
    var role: Role

    static let list = WireType<[ListedModel]>.object("Models") { object in
        object.member("models", .list(of: wire)) { $0 }
    }

    private static let wire = WireType<ListedModel>.object { object in
        object.member("name", .text) { $0.model.manifest.name }
        object.member("sha256", .text) { $0.model.sha256 }
        object.member("role", .choice) { $0.role }
        object.member("fields", .list(of: field)) { $0.model.heads }
    }

    private static let field = WireType<ModelBundle.Head>.object { object in
        object.member("name", .text) { $0.manifest.field }
        object.member("labels", .list(of: .text)) { $0.labels.names }
        object.member("calibrated", .flag) { $0.manifest.isCalibrated }
        object.optional("parents", .list(of: .text), "In a tree of labels its other nodes.") { head in
            head.tree.map { tree in
                let names = tree.depths.flatMap(\.names)
                return Set(names).subtracting(head.labels.names).sorted()
            }
        }
        object.optional("tags", .flag, "Whether a ticket has any number of the labels.") {
            $0.hasTags ? true : nil
        }
    }
}
