/// What kept texts have in common, which DEFLATE may refer to instead of repeating it.
///
/// Frozen: each byte of it is part of what codec 1 means. Better words are a new codec with a dictionary of its own.
/// DEFLATE reaches what is near more cheaply, so the most frequent strings come last.
enum TextDictionary {
    static let first = Array(
        """
        Please can you help, I tried again and it still does not work since this morning. Hello, Hi, Thank you, Thanks, \
        Kind regards, Best regards, password account login invoice error message screen email phone number time today \
        yesterday the user users not and with for that this from have was are on in of to is it my \
        [EMAIL] [PHONE] [CARD] [IBAN] [IP] [MAC] [URL] [SECRET] [REDACTED] Ask the user to check whether the and then \
        Reset the Check the Critical","Urgent","High","Medium","Low","Billing","Security","Hardware","Software",\
        "Network","Login","Bug","Performance","Feature","Question","Other","Access "level":"review","reasons":[\
        "LANGUAGE_MODEL","OUT_OF_SCOPE","AMBIGUOUS","LOW_CONFIDENCE","EMPTY","TRUNCATED","EXPECTED_COST","SAFETY_FLOOR",\
        "UNCALIBRATED"],"match_type":"new_issue","kb_matches":[],"next_action":"{"summary":"","category":"","severity":\
        "","match_type":"known_issue","kb_matches":[{"id":"KB-","title":"","score":0.,"recommended_action":"."},{"id":\
        "KB-","title":"","score":0.,"recommended_action":"."}],"next_action":".","notes":null,"id":"","predictions":{\
        "category":{"label":"","probability":0.,"level":"auto","reasons":[],"alternatives":[{"label":"","probability":0.,\
        "level":"suggest","reasons":["UNCALIBRATED"],"alternatives":[{"label":"","probability":0.0},{"label":"",\
        "probability":0.00},{"label":"","probability":0.00}],"out_of_scope":0.},"severity":{"label":"","probability":0.,\
        "level":"suggest","reasons":[],"alternatives":[{"label":"High","probability":0.},{"label":"Low","probability":\
        0.0},{"label":"Critical","probability":0.00}],"out_of_scope":0.}},"near_misses":[{"id":"KB-","title":"","score":\
        0.0}],"near_misses":[],"known_probability":0.,"explanation":null,"language":"de","language":"en","model":{\
        "name":"","sha256":""}}
        """.utf8)
}
