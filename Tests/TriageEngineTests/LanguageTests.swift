import Foundation
import Testing
import TriageModel
import TriageText

@testable import TriageEngine

/// The shipped language identifier on texts as short as tickets are.
struct LanguageTests {
    private static let bundle: Result<ModelBundle, any Error> = Result {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ModelBundle(directory: root.appendingPathComponent("models/language").path)
    }

    private func identify(_ text: String, shares: [String: Float]? = nil) throws -> String? {
        let identifier = try #require(LanguageIdentifier(LanguageTests.bundle.get(), shares: shares))
        return identifier.identify(Array(text.utf8))
    }

    @Test(
        arguments: [
            "THE SCREEN STAYS BLACK AFTER I LOG IN", "My mailbox is full again", "please call me back",
            "The docking station does not charge my notebook", "I was billed twice for the same order",
            "How do I change the name on my account?", "cannot open the shared calendar",
            "Is there any way to get my money back", "the scanner makes a loud noise when it starts",
            "We need access to the finance folder by Friday",
        ])
    func `a few words of English are English`(text: String) throws {
        #expect(try identify(text) == "en")
    }

    @Test(
        arguments: [
            "ok", "Outlook VPN", "SAP", "printer", "URGENT", "new laptop", "screen flickers", "invoice copy",
            "mailbox full", "account disabled", "license renewal", "access denied", "contract attachment",
            "phishing alert", "slow network", "LOGIN ERROR", "signature template", "missing parcel",
        ])
    func `a word or two of English is English or nothing`(text: String) throws {
        let language = try identify(text)
        #expect(language == nil || language == "en", "\(language ?? "")")
    }

    @Test(
        arguments: [
            ("Passwort vergessen", "de"), ("der Drucker druckt nicht", "de"),
            ("BITTE UM DRINGENDEN RÜCKRUF", "de"), ("mot de passe oublié", "fr"),
            ("je n'arrive pas à me connecter", "fr"), ("no puedo entrar en mi cuenta", "es"),
            ("la pantalla está en negro", "es"), ("não consigo abrir o e-mail", "pt"),
            ("la stampante non funziona", "it"), ("ik kan niet inloggen", "nl"),
            ("drukarka nie działa", "pl"), ("skrivaren fungerar inte", "sv"),
            ("zapomněl jsem heslo", "cs"), ("yazıcı çalışmıyor", "tr"), ("принтер не печатает", "ru"),
            ("印刷できません", "ja"), ("打印机坏了", "zh"), ("프린터가 고장났어요", "ko"),
        ])
    func `a short sentence of another language keeps it, with loan words too`(
        text: String, language: String
    ) throws {
        #expect(try identify(text) == language)
        #expect(try identify("\(text), Outlook VPN [EMAIL]") == language)
    }

    @Test(
        arguments: [
            "", "[EMAIL] [PHONE]", "12345 0x80070005", "C:\\Benutzer\\Freigabe\\Dokumente",
            "www.hilfe.example.de/anmeldung/passwort", "mein_konto_gesperrt.log", "?!",
        ])
    func `what is no prose has no language`(text: String) throws {
        #expect(try identify(text) == nil)
    }

    @Test func `placeholders, paths and codes around a text change nothing`() throws {
        let noise = "[URL] C:\\Programme\\Anwendung\\fehler.txt E4711"
        #expect(try identify("\(noise) I want to return the parcel \(noise)") == "en")
        #expect(try identify("\(noise) ich möchte das Paket zurückgeben \(noise)") == "de")
    }

    @Test func `the site's languages decide what is open, and not what is clear`() throws {
        let shares: [String: Float] = ["de": 0.99, "en": 0.01]
        #expect(try identify("Problem Login", shares: shares) == "de")
        #expect(try identify("Problem Login", shares: ["en": 1]) != "de")
        let clear = [
            "en": "the printer on the second floor does not print",
            "fr": "je ne peux pas ouvrir ma session depuis hier",
            "fi": "en pääse kirjautumaan sähköpostiin", "sw": "siwezi kufungua akaunti yangu tangu jana",
        ]
        for (language, text) in clear {
            #expect(try identify(text, shares: shares) == language)
        }
    }

    @Test func `shares count languages that are told and frequent`() throws {
        let identifier = try #require(LanguageIdentifier(LanguageTests.bundle.get()))
        let texts =
            [String](repeating: "the printer does not print", count: 30)
            + [String](repeating: "der Drucker druckt nicht mehr", count: 10)
            + ["la imprimante ne marche pas du tout", "ok", "[EMAIL]"]
        let counts = identifier.counts(
            among: texts.map { (subject: [UInt8](), body: Array($0.utf8)) })
        #expect(counts["fr"] == 1)
        let shares = LanguageIdentifier.shares(of: counts)
        #expect(shares?.keys.sorted() == ["de", "en"])
        #expect(try #require(shares?["en"]) > 0.7)
        #expect(identifier.counts(among: [(subject: [UInt8](), body: [UInt8]())]).isEmpty)
        #expect(LanguageIdentifier.shares(of: [:]) == nil)
    }
}
