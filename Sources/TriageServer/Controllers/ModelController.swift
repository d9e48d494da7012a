internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageModel

/// What decides: bundles, their fields and labels.
struct ModelController {
    let snapshots: SnapshotHolder
    let shadow: Shadow

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/models",
                summary: "The bundles that decide, with their fields and labels.",
                scope: .triage, answers: [.ok("Models", "The bundles.")],
                handler: { _, _ in list() })
        ]
    }

    private func list() -> Response {
        let snapshot = snapshots.current
        var json = JSONWriter()
        json.object { json in
            json.key("models")
            json.array { json in
                ModelController.write(snapshot.model, role: "deciding", to: &json)
                if let shadow = shadow.current {
                    ModelController.write(shadow.model, role: "shadow", to: &json)
                }
                if let language = snapshot.language {
                    ModelController.write(language, role: "language", to: &json)
                }
            }
        }
        return Response(json)
    }

    private static func write(_ model: ModelBundle, role: String, to json: inout JSONWriter) {
        json.object { json in
            json.key("name")
            json.string(model.manifest.name)
            json.key("sha256")
            json.string(model.sha256)
            json.key("role")
            json.string(role)
            json.key("fields")
            json.array(model.heads) { json, head in
                json.object { json in
                    json.key("name")
                    json.string(head.manifest.field)
                    json.key("labels")
                    json.array(head.labels.names) { $0.string($1) }
                    json.key("calibrated")
                    json.bool(head.manifest.isCalibrated)
                }
            }
        }
    }
}
