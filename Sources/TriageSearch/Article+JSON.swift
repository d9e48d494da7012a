package import TriageData

extension Article {
    /// The article as one JSON object with all its texts, as indexes and databases store it.
    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.string("id", id)
            json.string("title", title)
            json.string("category", category)
            json.array("symptoms", symptoms) { $0.string($1) }
            json.string("recommended_action", recommendedAction)
            json.string("reply", reply)
            json.string("severity", severity)
            json.array("tags", tags) { $0.string($1) }
            json.string("body", body)
            json.key(named: "translations")
            json.object { json in
                for (language, text) in translations.sorted(by: { $0.key < $1.key }) {
                    json.key(named: language)
                    json.object { json in
                        json.string("recommended_action", text.recommendedAction)
                        json.string("reply", text.reply)
                    }
                }
            }
        }
    }

    /// Reads what `write(to:)` wrote; nil when it is not that.
    package init?(stored value: JSONValue) {
        guard let id = value["id"]?.text, let title = value["title"]?.text else { return nil }
        func list(_ name: String) -> [String] { value[name]?.elements?.compactMap(\.text) ?? [] }
        self.init(
            id: id, title: title, category: value["category"]?.text ?? "", symptoms: list("symptoms"),
            recommendedAction: value["recommended_action"]?.text, reply: value["reply"]?.text,
            severity: value["severity"]?.text, tags: list("tags"), body: value["body"]?.text ?? "")
        for (language, texts) in value["translations"]?.members ?? [] {
            translations[language] = Translation(
                recommendedAction: texts["recommended_action"]?.text, reply: texts["reply"]?.text)
        }
    }
}
