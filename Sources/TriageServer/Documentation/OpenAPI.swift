internal import HTTPTypes
internal import TriageData
internal import TriageTickets

/// The OpenAPI 3.1 document, made from the operations that are served.
enum OpenAPI {
    /// The document as JSON.
    static func document(_ operations: [Operation], version: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("openapi")
            json.string("3.1.0")
            json.key("info")
            json.object { json in
                json.key("title")
                json.string("ticket-triage")
                json.key("version")
                json.string(version)
                json.key("summary")
                json.string(
                    "Reads support tickets: what they are, how bad, whether known, what to do next, how sure, why."
                )
                json.key("license")
                json.object { json in
                    json.key("name")
                    json.string("Apache-2.0")
                    json.key("identifier")
                    json.string("Apache-2.0")
                }
            }
            json.key("servers")
            json.json(#"[{"url":"/","description":"The service that returned this document."}]"#)
            json.key("tags")
            json.array(OperationGroup.allCases.filter { group in operations.contains { $0.group == group } })
            {
                json, group in
                json.object { json in
                    json.key("name")
                    json.string(group.rawValue)
                    json.key("description")
                    json.string(group.summary)
                }
            }
            json.key("paths")
            json.object { json in paths(operations, &json) }
            json.key("components")
            json.object { json in
                json.key("schemas")
                json.object { json in
                    for component in Schemas.components {
                        json.key(named: component.name)
                        component.schema.write(to: &json)
                    }
                }
                json.key("securitySchemes")
                json.json(
                    #"{"key":{"type":"http","scheme":"bearer","description":"A key made by triage keys create."}}"#
                )
            }
        }
        return json.bytes
    }

    private static func paths(_ operations: [Operation], _ json: inout JSONWriter) {
        var paths: [String] = []
        for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
        for path in paths {
            json.key(named: path)
            json.object { json in
                for operation in operations where operation.path == path {
                    json.key(named: operation.method.rawValue.lowercased())
                    write(operation, &json)
                }
            }
        }
    }

    private static func write(_ operation: Operation, _ json: inout JSONWriter) {
        json.object { json in
            json.key("operationId")
            json.string(operation.identifier)
            json.key("tags")
            json.array([operation.group.rawValue]) { $0.string($1) }
            json.key("summary")
            json.string(operation.summary)
            // Where keys are off, nothing is asked for.
            json.key("security")
            json.array { json in
                guard operation.scope != nil else { return }
                json.object { _ in }
                json.object { json in
                    json.key("key")
                    json.array { _ in }
                }
            }
            if !operation.parameters.isEmpty {
                json.key("parameters")
                json.array(operation.parameters) { $1.write(to: &$0) }
            }
            if let body = operation.body {
                json.key("requestBody")
                json.object { json in
                    json.key("required")
                    json.bool(body.isRequired)
                    json.key("content")
                    json.object { body.write(to: &$0) }
                }
            }
            json.key("responses")
            json.object { json in
                for answer in operation.allAnswers {
                    json.key(named: String(answer.status.code))
                    answer.write(to: &json)
                }
            }
        }
    }
}

extension Operation {
    /// A name that stays the same as long as method and path do.
    var identifier: String {
        let words = path.split { "/{}.".contains($0) }.joined(separator: "_")
        return "\(method.rawValue.lowercased())_\(words.isEmpty ? "root" : words)"
    }
}

extension Operation.Parameter {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("name")
            json.string(name)
            json.key("in")
            json.string(place)
            json.key("description")
            json.string(summary)
            json.key("required")
            json.bool(isRequired)
            json.key("schema")
            schema.write(to: &json)
        }
    }
}

extension Operation.Content {
    /// The media type, and what it holds.
    fileprivate func write(to json: inout JSONWriter) {
        json.key(named: type)
        json.object { json in
            json.key("schema")
            schema.write(to: &json)
            if let example {
                json.key("example")
                json.json(example)
            }
        }
    }
}

extension Operation.Answer {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("description")
            json.string(summary)
            if let content {
                json.key("content")
                json.object { json in
                    content.write(to: &json)
                    otherwise?.write(to: &json)
                }
            }
        }
    }
}
