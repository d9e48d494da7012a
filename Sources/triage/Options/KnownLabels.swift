#if Service
import TriageData
import TriageEngine
import TriageModel
import TriageStore
import TriageTickets

/// Labels that people give, in the spelling of a decision or of a model.
final class KnownLabels {
    /// A label as it is to be stored.
    struct Reading {
        var label: String
        /// The model's name, and why it does not have the label; nil where it has, or was not needed.
        var model = ""
        var unknown: UnknownLabel?
    }

    private let model: String?
    let takesNew: Bool
    private var bundle: ModelBundle?
    /// Why some labels could not be compared with a model; only where new ones are taken.
    private(set) var notChecked: String?

    /// Labels of a model; with `takesNew` others count too.
    init(model: String?, takesNew: Bool) { (self.model, self.takesNew) = (model, takesNew) }

    /// The model whose labels count, once one was read.
    var checkedModel: String? { bundle?.manifest.name }

    /// A label in the spelling of the decision or of the model.
    ///
    /// - Throws: `StoreError.invalid` where no model is at hand that can tell, unless new labels are taken.
    func reading(_ text: String, of field: String, _ found: StoredDecision?) throws(StoreError) -> Reading {
        let label = LabelText.read(text)
        guard let decided = found?.record.fields.first(where: { $0.name == field }) else {
            return Reading(label: label)
        }
        guard LabelText.read(decided.label) != label else { return Reading(label: decided.label) }
        let bundle: ModelBundle
        do throws(StoreError) { bundle = try self.bundle(of: found) } catch {
            guard takesNew else { throw error }
            notChecked = notChecked ?? error.description
            return Reading(label: label)
        }
        do throws(UnknownLabel) { return Reading(label: try bundle.label(label, of: field)) } catch {
            return Reading(label: label, model: bundle.manifest.name, unknown: error)
        }
    }

    /// - Throws: `StoreError.invalid` for a label that neither was decided nor is one of the model's.
    func label(_ text: String, of field: String, _ found: StoredDecision?) throws(StoreError) -> String {
        let reading = try reading(text, of: field, found)
        guard let unknown = reading.unknown else { return reading.label }
        guard !takesNew else {
            var new = NewLabels()
            new.add(reading.label, of: field, nearest: unknown.nearest)
            new.lines(model: reading.model).forEach { Terminal.say("triage: \($0)") }
            return reading.label
        }
        throw .invalid(
            problem: Self.problem(unknown, of: field, reading.model)
                + "; it has \(unknown.labels.joined(separator: ", ").shown); give one of these, --new-label to add it, "
                + "or --model DIR for another model")
    }

    /// The model that is named, or the one at hand when it made the decision.
    private func bundle(of found: StoredDecision?) throws(StoreError) -> ModelBundle {
        let bundle = try loaded()
        if let snapshot = found?.record.snapshot, model == nil, snapshot.model != bundle.sha256 {
            throw .invalid(
                problem:
                    "the model \(snapshot.modelName.shown) decided this ticket, and the one at hand is another: "
                    + "name its folder with --model DIR, so that the label is checked"
                    + (takesNew ? "" : ", or give --new-label"))
        }
        return bundle
    }

    private func loaded() throws(StoreError) -> ModelBundle {
        if let bundle { return bundle }
        do {
            let loaded = try Installation.bundle(Installation.model(model))
            bundle = loaded
            return loaded
        } catch { throw .invalid(problem: error.safeDescription) }
    }

    /// What is wrong with a label, and the one that may be meant.
    static func problem(_ unknown: UnknownLabel, of field: String, _ model: String) -> String {
        let question = unknown.nearest.map { " (did you mean \($0.shown)?)" } ?? ""
        return "the model \(model.shown) has no label \(unknown.label.shown) of \(field.shown)\(question)"
    }
}
#endif
