/// The JSON Schemas (draft 2020-12, as OpenAPI 3.1 takes them) of what goes in and comes out.
enum Schemas {
    /// All of them, by name, as one JSON object.
    static let components = "{" + parts.map { "\"\($0.name)\":\($0.schema)" }.joined(separator: ",") + "}"

    static let parts: [(name: String, schema: String)] = [
        ("Ticket", ticket), ("OriginalTicket", originalTicket), ("OriginalAnswer", originalAnswer),
        ("OriginalError", originalError), ("Match", match), ("Prediction", prediction),
        ("Decision", decision),
        ("Explanation", explanation), ("SearchAnswer", searchAnswer), ("Models", models), ("Health", health),
        ("Problem", problem),
    ]

    private static let ticket = """
        {"type":"object","description":"A ticket; its text is body, text or description, whichever is there first.",
        "properties":{"id":{"type":["string","number","null"],"description":"Echoed."},
        "subject":{"type":["string","null"]},"body":{"type":["string","null"]},"text":{"type":["string","null"]},
        "description":{"type":["string","null"]}},
        "anyOf":[{"required":["body"]},{"required":["text"]},{"required":["description"]},{"required":["subject"]}]}
        """
    private static let originalTicket = """
        {"type":"object","required":["description"],"properties":{"description":{"type":"string","pattern":"\\\\S"}}}
        """
    private static let match = """
        {"type":"object","required":["id","title","score","recommended_action"],"properties":{"id":{"type":"string"},
        "title":{"type":"string"},"score":{"type":"number","minimum":0,"maximum":1},
        "recommended_action":{"type":["string","null"]}}}
        """
    private static let originalAnswer = """
        {"type":"object","description":"The original agent's answer; the query parameter names renames fields.",
        "properties":{"summary":{"type":"string"},"category":{"type":"string"},"severity":{"type":"string"},
        "match_type":{"enum":["known_issue","new_issue"]},
        "kb_matches":{"type":"array","items":{"$ref":"#/components/schemas/Match"}},
        "next_action":{"type":"string"},"notes":{"type":["string","null"]}},"required":["summary","category","severity"]}
        """
    private static let originalError = """
        {"type":"object","required":["detail"],"properties":{"detail":{"description":"A sentence, or a list of faults.",
        "anyOf":[{"type":"string"},{"type":"array","items":{"type":"object","required":["type","loc","msg"],
        "properties":{"type":{"type":"string"},"loc":{"type":"array","items":{"type":["string","integer"]}},
        "msg":{"type":"string"}}}}]}}}
        """
    private static let prediction = """
        {"type":"object","required":["label","probability","level","reasons","alternatives","out_of_scope"],
        "properties":{"label":{"type":"string"},"probability":{"type":"number","minimum":0,"maximum":1},
        "level":{"enum":["auto","suggest","review"]},"reasons":{"type":"array","items":{"enum":["LOW_CONFIDENCE",
        "AMBIGUOUS","EMPTY","OUT_OF_SCOPE","TRUNCATED","UNCALIBRATED","SAFETY_FLOOR"]}},
        "alternatives":{"type":"array","items":{"type":"object","required":["label","probability"],
        "properties":{"label":{"type":"string"},"probability":{"type":"number","minimum":0,"maximum":1}}}},
        "out_of_scope":{"type":["number","null"],"minimum":0,"maximum":1},
        "label_set":{"type":"array","items":{"type":"string"}}}}
        """
    private static let decision = """
        {"type":"object","required":["summary","category","severity","match_type","kb_matches","next_action","notes",
        "id","predictions","near_misses","known_probability","explanation","language","model"],
        "properties":{"summary":{"type":"string"},"category":{"type":"string"},"severity":{"type":"string"},
        "match_type":{"enum":["known_issue","new_issue"]},
        "kb_matches":{"type":"array","items":{"$ref":"#/components/schemas/Match"}},
        "next_action":{"type":"string"},"notes":{"type":["string","null"]},"id":{"type":["string","null"]},
        "predictions":{"type":"object","additionalProperties":{"$ref":"#/components/schemas/Prediction"}},
        "near_misses":{"type":"array","items":{"$ref":"#/components/schemas/Match"}},
        "known_probability":{"type":["number","null"],"minimum":0,"maximum":1},
        "explanation":{"type":["object","null"],"additionalProperties":{"$ref":"#/components/schemas/Explanation"}},
        "language":{"type":["string","null"]},"model":{"type":"object","required":["name","sha256"],
        "properties":{"name":{"type":"string"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"}}}}}
        """
    private static let explanation = """
        {"type":"object","description":"Terms, rest and bias add up to the logit.","required":["bias","terms","rest","logit"],
        "properties":{"bias":{"type":"number"},"rest":{"type":"number"},"logit":{"type":"number"},
        "terms":{"type":"array","items":{"type":"object","required":["text","start","end","field","weight"],
        "properties":{"text":{"type":"string"},"start":{"type":"integer","minimum":0},
        "end":{"type":"integer","minimum":0},"field":{"enum":["subject","body"]},"weight":{"type":"number"}}}}}}
        """
    private static let searchAnswer = """
        {"type":"object","required":["matches","known_probability","is_known"],
        "properties":{"matches":{"type":"array","items":{"$ref":"#/components/schemas/Match"}},
        "known_probability":{"type":"number","minimum":0,"maximum":1},"is_known":{"type":"boolean"}}}
        """
    private static let models = """
        {"type":"object","required":["models"],"properties":{"models":{"type":"array","items":{"type":"object",
        "required":["name","sha256","role","fields"],"properties":{"name":{"type":"string"},
        "sha256":{"type":"string"},"role":{"enum":["deciding","shadow","language"]},
        "fields":{"type":"array","items":{"type":"object","required":["name","labels","calibrated"],
        "properties":{"name":{"type":"string"},"labels":{"type":"array","items":{"type":"string"}},
        "calibrated":{"type":"boolean"}}}}}}}}}
        """
    private static let health = """
        {"type":"object","required":["status"],"properties":{"status":{"enum":["healthy","ready","unavailable"]}}}
        """
    private static let problem = """
        {"type":"object","description":"RFC 9457.","required":["type","title","status","detail","code"],
        "properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
        "detail":{"type":"string"},"code":{"type":"string"},"request_id":{"type":"string"}}}
        """
}
