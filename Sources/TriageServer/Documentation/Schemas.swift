internal import TriageEngine

/// The JSON Schemas (draft 2020-12, as OpenAPI 3.1 uses them) of requests and answers.
///
/// Conditions between members are written with `not` or `if`: generators of clients make a type of a schema with a plain
/// `anyOf` or `oneOf` from its branches, and these have no members.
enum Schemas {
    /// All of them, by name, as one JSON object.
    static let components = "{" + parts.map { "\"\($0.name)\":\($0.schema)" }.joined(separator: ",") + "}"

    static let parts: [(name: String, schema: String)] = [
        ("Ticket", ticket), ("OriginalTicket", originalTicket), ("LegacyAgentAnswer", originalAnswer),
        ("OriginalError", originalError), ("Match", match), ("Prediction", prediction),
        ("Decision", decision),
        ("Draft", draft), ("Explanation", explanation), ("TicketState", ticketState),
        ("StoredDecision", storedDecision), ("NewFeedback", newFeedback), ("Feedback", feedback),
        ("Erased", erased), ("Queue", queue),
        ("Requeue", requeue), ("Requeued", requeued), ("SearchAnswer", searchAnswer), ("Models", models),
        ("Health", health), ("DecidingBundle", decidingBundle), ("Reloaded", reloaded),
        ("ShadowReport", shadowReport), ("ShadowAnswer", shadowAnswer),
        ("Problem", problem),
    ]

    private static let ticket = """
        {"type":"object",
        "description":"A ticket with at least one of subject, body, text and description. The body is body, else text, else description.",
        "properties":{"id":\(words("The caller's own id; the decision repeats it as text.")),
        "subject":\(words("The subject line.")),"body":\(words("The text.")),
        "text":\(words("Another name for body.")),"description":\(words("Another name for body."))},
        "not":{"not":{"anyOf":[{"required":["body"]},{"required":["text"]},{"required":["description"]},
        {"required":["subject"]}]}}}
        """
    private static func words(_ meaning: String) -> String {
        #"{"type":["string","number","boolean","null"],"description":"\#(meaning)"}"#
    }
    private static let originalTicket = """
        {"type":"object","required":["description"],"properties":{"description":{"type":"string","pattern":"\\\\S"}}}
        """
    private static let draft = """
        {"type":"object","required":["id","draft","source","reason","language","based_on","model","usage","cost"],
        "properties":{"id":{"type":["string","null"]},"draft":{"type":"string"},"source":{"enum":["model","template"]},
        "reason":{"type":"string","description":"ok for a model's draft; else no_model, what failed, or refused_ and what for."},
        "language":{"type":"string"},"based_on":{"type":"array","items":{"type":"string"},"description":"Ids of articles."},
        "model":{"type":["string","null"]},"usage":{"type":["object","null"],"properties":{"input_tokens":{"type":"integer"},
        "output_tokens":{"type":"integer"},"estimated":{"type":"boolean"}}},"cost":{"type":["number","null"]}}}
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
        {"type":"object","description":"One field's label, with how sure the model is.",
        "required":["label","probability","level","reasons","alternatives","out_of_scope"],
        "properties":{"label":{"type":"string","description":"The label, of those that GET /v1/models lists."},
        "probability":{"type":"number","minimum":0,"maximum":1},
        "level":{"enum":["auto","suggest","review"],
        "description":"auto: act on it. suggest: show it to a person. review: leave it to a person."},
        "reasons":{"type":"array","description":"Why the level is not auto.","items":{"enum":[\(reasons)]}},
        "alternatives":{"type":"array","description":"The next best labels.","items":{"type":"object",
        "required":["label","probability"],
        "properties":{"label":{"type":"string"},"probability":{"type":"number","minimum":0,"maximum":1}}}},
        "out_of_scope":{"type":["number","null"],"minimum":0,"maximum":1,
        "description":"How little the ticket resembles the training data; null when the bundle cannot tell."},
        "label_set":{"type":"array","items":{"type":"string"},
        "description":"Labels of which one is right in the wanted share of tickets, likeliest first."}}}
        """
    private static let reasons = Decision.Reason.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
    private static let decision = """
        {"type":"object","description":"The answer to one ticket.",
        "required":["summary","category","severity","match_type","kb_matches","next_action","notes",
        "id","predictions","near_misses","known_probability","explanation","language","model"],
        "properties":{"summary":{"type":"string","description":"At most two sentences of the ticket's own words, masked."},
        "category":{"type":"string"},
        "severity":{"type":"string","description":"The severity after the playbook's safety floors."},
        "match_type":{"enum":["known_issue","new_issue"]},
        "kb_matches":{"type":"array","description":"The articles that answer; empty for a new issue.",
        "items":{"$ref":"#/components/schemas/Match"}},
        "next_action":{"type":"string","description":"What to do next."},
        "notes":{"type":["string","null"],"description":"What a reader should know besides."},
        "id":{"type":["string","null"],"description":"The caller's own id."},
        "predictions":{"type":"object","description":"By field.",
        "additionalProperties":{"$ref":"#/components/schemas/Prediction"}},
        "near_misses":{"type":"array","description":"The best articles when the issue is new.",
        "items":{"$ref":"#/components/schemas/Match"}},
        "known_probability":{"type":["number","null"],"minimum":0,"maximum":1,
        "description":"The probability that an article answers; null without a knowledge base."},
        "explanation":{"type":["object","null"],"description":"By field, when the request asks for it.",
        "additionalProperties":{"$ref":"#/components/schemas/Explanation"}},
        "language":{"type":["string","null"],"description":"The text's language (ISO 639-1)."},
        "model":{"type":"object","description":"The bundle that decided.","required":["name","sha256"],
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
    private static let decidingBundle = """
        {"type":"object","required":["name","sha256","articles"],"properties":{"name":{"type":"string"},
        "sha256":{"type":"string"},"articles":{"type":"integer","minimum":0}}}
        """
    private static let shadowBundle =
        ##"{"description":"Null without a shadow.","anyOf":[{"$ref":"#/components/schemas/DecidingBundle"},{"type":"null"}]}"##
    private static let reloaded = """
        {"type":"object","required":["deciding","shadow"],"properties":{
        "deciding":{"$ref":"#/components/schemas/DecidingBundle"},
        "shadow":\(shadowBundle)}}
        """
    private static let shadowReport = """
        {"type":"object","required":["shadow","decided","dropped","disagreements","recent"],"properties":{
        "shadow":\(shadowBundle),"decided":{"type":"integer","minimum":0},
        "dropped":{"type":"integer","minimum":0},
        "disagreements":{"type":"object","additionalProperties":{"type":"integer","minimum":1}},
        "recent":{"type":"array","items":{"type":"object",
        "required":["time","decision_id","ticket_id","field","deciding","shadow"],
        "properties":{"time":{"type":"string","format":"date-time"},"decision_id":{"type":["string","null"]},
        "ticket_id":{"type":["string","null"]},"field":{"type":"string"},
        "deciding":{"$ref":"#/components/schemas/ShadowAnswer"},
        "shadow":{"$ref":"#/components/schemas/ShadowAnswer"}}}}}}
        """
    private static let shadowAnswer = """
        {"type":"object","required":["label","probability","level"],"properties":{"label":{"type":"string"},
        "probability":{"type":"number","minimum":0,"maximum":1},"level":{"enum":["auto","suggest","review"]}}}
        """
    private static let problem = """
        {"type":"object","description":"RFC 9457.","required":["type","title","status","detail","code"],
        "properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
        "detail":{"type":"string"},"code":{"type":"string"},"request_id":{"type":"string"}}}
        """
    private static let ticketState = """
        {"type":"object","required":["id","state","attempts","enqueued_at","updated_at","error","decision_id","decision"],
        "properties":{"id":{"type":"string"},"state":{"enum":["waiting","leased","done","dead"]},
        "attempts":{"type":"integer","minimum":0},"enqueued_at":{"type":"string","format":"date-time"},
        "updated_at":{"type":"string","format":"date-time"},"error":{"type":["string","null"]},
        "decision_id":{"type":["string","null"]},
        "decision":{"description":"Null until it is decided, and again once its text has expired.",
        "anyOf":[{"$ref":"#/components/schemas/Decision"},{"type":"null"}]}}}
        """
    private static let storedDecision = """
        {"type":"object","required":["id","ticket_id","at","version","ledger_row","category","severity","model",
        "corrections","subject","body","decision"],"properties":{"id":{"type":"string"},
        "ticket_id":{"type":["string","null"]},"at":{"type":"string","format":"date-time"},
        "version":{"type":"integer","minimum":1},"ledger_row":{"type":"integer","minimum":1},
        "category":{"type":"string"},"severity":{"type":"string"},
        "model":{"type":"object","properties":{"name":{"type":"string"},"sha256":{"type":"string"},
        "policy_sha256":{"type":"string"},"kb_sha256":{"type":["string","null"]}}},
        "corrections":{"type":"array","items":{"$ref":"#/components/schemas/Feedback"}},
        "subject":{"type":["string","null"],"description":"Masked; null once it has expired."},
        "body":{"type":["string","null"]},
        "decision":{"anyOf":[{"$ref":"#/components/schemas/Decision"},{"type":"null"}]}}}
        """
    private static let newFeedback = """
        {"type":"object","description":"A correction of one field; give decision_id or ticket_id, not both.",
        "required":["field","label"],"properties":{
        "decision_id":{"type":"string","minLength":1,"description":"The decision's id."},
        "ticket_id":{"type":"string","minLength":1,"description":"The caller's own id of the ticket, instead of decision_id."},
        "field":{"type":"string","minLength":1,"description":"The field to correct, as category."},
        "label":{"type":"string","minLength":1,"description":"The right label."},
        "note":{"type":["string","null"],"minLength":1,"description":"A remark for people."},
        "version":{"type":["integer","null"],"minimum":0,"maximum":1000000000,"description":"The version that the decision must still have."},
        "new_label":{"type":"boolean","description":"The label shall be one that the field does not have yet."}},
        "if":{"required":["decision_id"]},"then":{"not":{"required":["ticket_id"]}},"else":{"required":["ticket_id"]}}
        """
    private static let feedback = """
        {"type":"object","required":["id","decision_id","ticket_id","field","decided","label","by","note","at","undone",
        "version"],"properties":{"id":{"type":"string"},"decision_id":{"type":"string"},
        "ticket_id":{"type":["string","null"]},"field":{"type":"string"},"decided":{"type":"string"},
        "label":{"type":"string"},"by":{"type":["string","null"]},"note":{"type":["string","null"]},
        "at":{"type":"string","format":"date-time"},"undone":{"type":"boolean"},"version":{"type":"integer"}}}
        """
    private static let queue = """
        {"type":"object","required":["states","capacity","oldest_seconds","dead"],"properties":{
        "states":{"type":"object","additionalProperties":{"type":"integer","minimum":0}},
        "capacity":{"type":"integer"},"oldest_seconds":{"type":["number","null"]},
        "dead":{"type":"array","items":{"$ref":"#/components/schemas/TicketState"}}}}
        """
    private static let requeue = """
        {"type":"object","description":"The dead letters to try again; give ids or all, not both.",
        "additionalProperties":false,"properties":{
        "ids":{"type":"array","minItems":1,"items":{"type":"string"},"description":"Ids of dead letters."},
        "all":{"type":"boolean","const":true,"description":"Every dead letter."}},
        "if":{"required":["ids"]},"then":{"not":{"required":["all"]}},"else":{"required":["all"]}}
        """
    private static let erased = """
        {"type":"object","required":["decisions","texts","waiting_tickets","clean"],"properties":{
        "decisions":{"type":"integer","minimum":0},"texts":{"type":"integer","minimum":0},
        "waiting_tickets":{"type":"integer","minimum":0},"clean":{"type":"boolean",
        "description":"False while somebody reads an older state, such as a backup: its bytes are gone shortly after that."}}}
        """
    private static let requeued = """
        {"type":"object","required":["requeued"],"properties":{"requeued":{"type":"integer","minimum":0}}}
        """
}
