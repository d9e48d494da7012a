import Testing
import TriageText

@testable import TriageEngine

/// What patterns of words match, and what cancels them.
struct FloorPatternTests {
    /// Whether a floor with the given patterns fires.
    private func fires(
        _ text: String, _ patterns: String, unless: String = "", words: [String: String] = [:]
    ) throws -> Bool {
        var lists = FloorPattern.Lists()
        for (name, list) in words {
            lists.add(FloorPattern.List(name: name, phrases: try FloorPattern.phrases(list)))
        }
        func read(_ block: String) throws -> [FloorPattern] {
            try block.split(separator: "\n").map { try FloorPattern(String($0), lists: lists) }
        }
        var floor = Policy.Floor(id: "x", raiseTo: "High", any: [], unless: [])
        floor.patterns = try read(patterns)
        floor.unlessPatterns = try read(unless)
        return !FloorMatcher([floor]).fired(by: Words(Array(text.utf8))).isEmpty
    }

    @Test(
        arguments: [
            ("Smoke in the server room", true), ("the server room is full of dark smoke", true),
            ("SMOKE: one two three four five server room", true),
            ("smoke one two three four five six server room", false),
            ("smoke in the room of the server", false),
            ("We saw smoke. The server room is closed.", false), ("no smoker in the server room", false),
        ])
    func `parts come in any order, close together, in one sentence`(text: String, fires: Bool) throws {
        #expect(try self.fires(text, "smoke|flames + server room|rack") == fires)
    }

    @Test func `a number behind the tilde is the most other words`() throws {
        #expect(try fires("smoke a b server", "smoke + server ~2"))
        #expect(try !fires("smoke a b c server", "smoke + server ~2"))
        #expect(try fires("server smoke", "smoke + server ~0"))
    }

    @Test func `parentheses are alternatives inside a phrase, and an empty one leaves it out`() throws {
        let pattern = "(whole|entire) (south|) office"
        for text in ["the whole office", "entire south office"] { #expect(try fires(text, pattern)) }
        #expect(try !fires("the whole new office", pattern))
    }

    @Test func `a star stands for any ending`() throws {
        for text in ["verschlüsselt", "Verschlüsselung", "verschluesselte", "verschlusselt"] {
            #expect(try fires(text, "verschlüssel*"), "\(text)")
        }
        #expect(try !fires("schlüssel", "verschlüssel*"))
        #expect(try !fires("verschlüss", "verschlüssel*"))
    }

    @Test(
        arguments: [
            ("l'écran", "ecran"), ("ecran", "écran"), ("heiße", "heisse"), ("MUESSEN", "müssen"),
            ("mussen", "müssen"),
            ("dell’acqua", "acqua"), ("l'acqua", "l'acqua"), ("cœur", "coeur"), ("can't open", "can't open"),
            ("e\u{301}cran", "écran"), ("smørrebrød", "smorrebrod"),
        ])
    func `accents do not matter, and an article may be elided`(text: String, pattern: String) throws {
        #expect(try fires(text, pattern))
    }

    @Test func `an English ending is a part of its word`() throws {
        #expect(try !fires("for everyone's sake", "for everyone"))
        #expect(try !fires("we can't", "can"))
    }

    @Test(
        arguments: [
            ("kein Rauch im Lager", false), ("Rauch im Lager, kein Feuer im Büro", true),
            ("kein Feuer im Büro, aber Rauch im Lager", true),
            ("Rauch im Lager, aber kein Feuer im Lager", true),
            ("Übung am Montag: Feuer im Lager", false), ("Feuer im Lager. Die Übung fällt aus.", true),
            ("kein Netz, Feuer im Lager", true), ("keine Ahnung warum, Feuer im Lager", true),
        ])
    func `what cancels is near, in its order, and cancels what it touches`(text: String, fires: Bool) throws {
        let unless = "<no> + rauch|feuer\nübung* + rauch|feuer ~3"
        let found = try self.fires(text, "rauch|feuer + lager", unless: unless, words: ["no": "kein|keine"])
        #expect(found == fires)
    }

    @Test func `phrases and patterns cancel each other`() throws {
        var floor = Policy.Floor(id: "x", raiseTo: "High", any: ["gas leak"], unless: ["no smoke in"])
        floor.patterns = [try FloorPattern("smoke + hall", lists: FloorPattern.Lists())]
        floor.unlessPatterns = [try FloorPattern("drill + gas leak ~3", lists: FloorPattern.Lists())]
        let matcher = FloorMatcher([floor])
        func fires(_ text: String) -> Bool { !matcher.fired(by: Words(Array(text.utf8))).isEmpty }
        #expect(fires("gas leak") && fires("smoke in the hall"))
        #expect(!fires("drill: gas leak") && fires("drill on monday, gas leak"))
        #expect(!fires("no smoke in the hall") && fires("no smoke in here, smoke in the hall"))
    }

    @Test func `a colon or a dash keeps what cancels apart, unless the pattern names a gap`() throws {
        for text in [
            "no power: smoke", "no power - smoke", "no power – smoke", "no power, smoke", "no power. smoke",
        ] {
            #expect(try fires(text, "smoke", unless: "no + smoke"), "\(text)")
        }
        for text in ["no dark smoke", "no dark-smoke", "no smoke: all clear"] {
            #expect(try !fires(text, "smoke", unless: "no + smoke"), "\(text)")
        }
        #expect(try !fires("drill: smoke", "smoke", unless: "drill + smoke ~1"))
    }

    @Test func `a mention does not reach from the subject into the body`() throws {
        var floor = Policy.Floor(id: "x", raiseTo: "High", any: [], unless: [])
        floor.patterns = [try FloorPattern("smoke + hall", lists: FloorPattern.Lists())]
        var words = Words()
        words.scan(subject: Array("smoke".utf8), body: Array("hall".utf8))
        #expect(FloorMatcher([floor]).fired(by: words).isEmpty)
    }

    /// Every pair of words is a candidate; a search over pairs would take minutes.
    @Test(.timeLimit(.minutes(1))) func `a long ticket of nothing but a pattern's words is fast`() throws {
        let text = String(repeating: "no smoke hall ", count: 20_000)
        #expect(try !fires(text, "smoke + hall ~0", unless: "no + smoke + hall"))
    }

    @Test(
        arguments: [
            ("a|", "no word in it"), ("(a", "( without a )"), ("a)", ") without a ("),
            ("a + ", "no word in it"),
            ("<x>|a", "define x under words:"), ("very <x>", "put | between them"), ("ab*", "three letters"),
            ("* a", "three letters"), ("a ~x", "0 to 20"), ("a ~21", "0 to 20"),
            ("a+b+c+d+e+f", "more than 5 parts"),
            ("a ~2 b", "0 to 20"), ("(a|b|c|d|e|f|g|h)(a|b|c|d|e|f|g|h)(a|b|c|d|e|f|g|h)", "more than 500"),
        ])
    func `what is wrong with a pattern is named`(pattern: String, says: String) throws {
        let problem = try #require(throws: FloorPattern.Problem.self) {
            try FloorPattern(pattern, lists: FloorPattern.Lists())
        }
        #expect(problem.text.contains(says), "\(problem.text)")
    }
}
