import Foundation
import Testing
import TriageText

@testable import TriageEngine

/// The floors of the playbook in `kb/`, held against tickets in ordinary words.
struct ShippedFloorTests {
    private static let policy: Result<Policy, any Error> = Result {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = try Data(contentsOf: root.appendingPathComponent("kb/playbook.yaml"))
        return try Policy(playbook: Array(bytes), path: "kb/playbook.yaml")
    }

    /// The floors that a text fires.
    private func fired(by text: String) throws -> [Policy.Floor] {
        let floors = try ShippedFloorTests.policy.get().floors
        return FloorMatcher(floors).fired(by: Words(Array(text.utf8))).map { floors[$0] }
    }

    @Test(arguments: [
        ("Kein Licht: Feuer im Lager", "fire-smoke"),
        ("Ohne Frage Ransomware auf dem Fileserver", "ransomware"),
        ("Kein Witz - Rauch im Serverraum", "fire-smoke"),
        ("Sin corriente: incendio en la cocina", "fire-smoke"),
        ("Sans courant : incendie dans l'entrepôt", "fire-smoke"),
        ("Senza luce: incendio in magazzino", "fire-smoke"),
        ("Sem energia: incêndio na cozinha", "fire-smoke"),
        ("Zonder licht: brand in het magazijn", "fire-smoke"),
        ("Geen grap ransomware op de server", "ransomware"),
        ("A visitor collapsed at the reception", "injury"),
        ("A mechanic lost two fingers in the saw", "injury"),
        ("Ammonia is leaking in the cold store", "fire-smoke"),
        ("I forwarded the payroll file to a supplier by mistake", "data-breach"),
        ("Ich habe die Kundenliste aus Versehen an einen Lieferanten geschickt", "data-breach"),
        ("J'ai transmis par erreur les salaires à un fournisseur", "data-breach"),
        ("Enviei por engano a lista de clientes a um fornecedor", "data-breach"),
    ])
    func `a danger after a word of negation that belongs to something else, and more wordings`(
        text: String, floor: String
    ) throws {
        #expect(try fired(by: text).contains { $0.id == floor })
    }

    @Test(arguments: [
        "keine Patientinnen in Gefahr", "kein Patient war in Gefahr", "no patients were at any risk",
        "Wie können wir uns vor Ransomware schützen?", "Comment nous protéger contre les rançongiciels ?",
        "¿Cómo protegernos del ransomware?", "Come proteggersi dal ransomware?",
        "Hoe kunnen we ons tegen ransomware beschermen?", "Files are encrypted with FileVault by default",
        "Die Dateien sind mit BitLocker verschlüsselt", "The gas leak icon is missing in the legend",
        "Übung: Feuer im Gebäude", "Kein Feuer im Lager", "keine weiteren Flammen im Keller",
    ])
    func `questions, ordinary uses and real negations raise nothing`(text: String) throws {
        #expect(try fired(by: text).isEmpty)
    }

    @Test(
        arguments: [
            ("The VPN is down for everyone since nine", "everybody-affected", "High"),
            ("is it down for everyone or just me", "everybody-affected", "High"),
            ("Email not working for anyone in accounting", "everybody-affected", "High"),
            ("internet is out for the entire office", "everybody-affected", "High"),
            ("Phones are down for the whole building", "everybody-affected", "High"),
            ("Nobody can open the customer database", "everybody-affected", "High"),
            ("No one can sign in to the portal", "everybody-affected", "High"),
            ("No one in the office can connect", "everybody-affected", "High"),
            ("None of us can access the shared drive", "everybody-affected", "High"),
            ("Everyone is unable to print or send mail", "everybody-affected", "High"),
            ("The whole office cannot reach the server", "everybody-affected", "High"),
            ("no one can log in", "all-users", "Critical"),
            ("the whole company can't send mail", "all-users", "Critical"),
            ("Production database down!", "production-system-down", "Critical"),
            ("Our prod DB is down", "production-system-down", "Critical"),
            ("The production server is not responding", "production-system-down", "Critical"),
            ("A caller is threatening to hurt our receptionist", "threat", "Critical"),
            ("I am worried that my colleague wants to hurt himself", "threat", "Critical"),
            ("He threatened to kill her", "threat", "Critical"),
            ("she says she wants to die", "threat", "Critical"),
            ("someone with a gun is in the lobby", "threat", "Critical"),
        ] as [(String, String, String)])
    func `an outage or a danger in ordinary words raises the severity`(
        text: String, floor: String, severity: String
    ) throws {
        let found = try #require(try fired(by: text).first { $0.id == floor })
        #expect(found.raiseTo == severity)
    }

    @Test(
        arguments: [
            "It is not down for everyone, only for me",
            "the site will be down for everyone on Sunday for maintenance",
            "Please slow down for everyone's sake, and write it down: not down for everyone else's tickets",
            "It works for me but was down for everyone yesterday",
            "How do I lock a folder so that nobody can open it?",
            "Please make sure no one can access my files",
            "We would like to order chairs for the entire office",
            "I am out for the whole week",
            "Not everyone is affected by the price change",
            "Everyone is unable to attend on Friday, please move the meeting",
            "Our non-production database is down for a refresh",
            "We will take the production database down on Sunday",
            "What do I do if the production server is down?",
            "The vendor is threatening to kill the contract",
            "bad reviews are threatening to hurt our sales",
            "please send the suicide attempt form",
            "the job hangs and I have to kill the process",
        ])
    func `an ordinary use of the same words raises nothing`(text: String) throws {
        #expect(try fired(by: text).map(\.id) == [])
    }

    @Test(
        arguments: [
            (
                "ransomware",
                "Seit heute Nacht sind auf dem Fileserver sämtliche Dateien verschlüsselt und auf dem Desktop liegt eine Lösegeldforderung."
            ),
            (
                "injury",
                "Ein Kollege ist von der Leiter gefallen und schwer verletzt, der Rettungswagen ist unterwegs."
            ),
            (
                "patient-safety",
                "Auf der Intensivstation sind die Monitore ausgefallen, Patienten sind in Gefahr."
            ),
            ("production-stopped", "Die Montagelinie 4 steht seit einer halben Stunde komplett still."),
            (
                "account-compromise",
                "Ich habe auf einer gefälschten Seite mein Passwort eingegeben, jetzt ist mein Postfach gehackt."
            ),
            (
                "ransomware",
                "Depuis ce matin tous nos fichiers sont chiffrés et un message réclame une rançon."
            ),
            ("injury", "Un technicien s'est électrocuté dans l'atelier, il faut appeler les secours."),
            ("patient-safety", "Les moniteurs de la réanimation sont en panne, des patients sont en danger."),
            ("production-stopped", "La ligne 2 est à l'arrêt complet depuis 6 h, plus rien ne sort."),
            ("account-compromise", "J'ai saisi mon mot de passe sur une fausse page, mon compte est piraté."),
            (
                "ransomware",
                "Desde anoche todos los archivos del servidor están cifrados y piden un rescate en bitcoins."
            ),
            ("injury", "Un operario ha recibido una descarga eléctrica y está inconsciente."),
            ("patient-safety", "Los respiradores de la UCI no responden, hay pacientes en peligro."),
            ("production-stopped", "La línea de envasado está parada desde las cinco."),
            ("account-compromise", "Puse mi contraseña en una página falsa y ahora mi cuenta está hackeada."),
            (
                "ransomware",
                "Desde ontem à noite todos os arquivos estão criptografados e pedem um resgate em bitcoin."
            ),
            ("injury", "Um funcionário levou um choque elétrico e está inconsciente no chão."),
            ("patient-safety", "Os ventiladores da UTI pararam, há pacientes em risco."),
            ("production-stopped", "A linha 3 está parada desde as seis da manhã."),
            (
                "account-compromise",
                "Digitei a minha senha num site falso e agora a minha conta foi invadida."
            ),
            ("ransomware", "Da stanotte tutti i file del server sono criptati e chiedono un riscatto."),
            ("injury", "Un collega ha preso la scossa ed è svenuto, serve un'ambulanza."),
            ("patient-safety", "I monitor della terapia intensiva sono spenti, pazienti in pericolo."),
            ("production-stopped", "La linea di confezionamento è ferma da un'ora."),
            (
                "account-compromise",
                "Ho inserito la mia password su un sito falso, il mio account è stato violato."
            ),
            (
                "ransomware",
                "Sinds vannacht zijn alle bestanden op de server versleuteld en ze eisen losgeld."
            ),
            (
                "injury",
                "Een collega is van de ladder gevallen en ernstig gewond, graag direct een ambulance."
            ),
            ("patient-safety", "De monitoren op de intensive care zijn uitgevallen, patiënten lopen gevaar."),
            ("production-stopped", "De verpakkingslijn ligt al een uur stil."),
            (
                "account-compromise",
                "Ik heb mijn wachtwoord op een nepsite ingevuld en nu is mijn account gehackt."
            ),
            ("money-leaving", "Die Buchhaltung hat 48.000 Euro an Betrüger überwiesen."),
            ("active-intrusion", "Die Maus bewegt sich von allein, jemand steuert meinen Rechner."),
            ("site-down", "Das gesamte Netzwerk im Werk Kassel ist ausgefallen."),
            (
                "deadline-today",
                "Die Frist beim Landgericht läuft heute um Mitternacht ab und der Versand geht nicht."
            ),
            ("cannot-work", "Unser Team kann seit heute früh überhaupt nicht mehr arbeiten."),
            ("money-leaving", "La comptable a viré 30 000 euros à un escroc."),
            ("active-intrusion", "La souris bouge toute seule, quelqu'un contrôle mon ordinateur."),
            ("site-down", "Panne générale sur le site de Lyon, tout le réseau est tombé."),
            ("deadline-today", "La déclaration de TVA doit être envoyée avant minuit et le portail refuse."),
            ("cannot-work", "Notre équipe est complètement bloquée, impossible de travailler."),
            ("money-leaving", "Hemos transferido 20.000 euros a unos estafadores."),
            ("active-intrusion", "El ratón se mueve solo, alguien controla mi ordenador."),
            ("site-down", "Caída total de la red en la sede de Bilbao."),
            ("deadline-today", "El plazo para presentar el recurso vence hoy a medianoche."),
            ("cannot-work", "No podemos trabajar desde las ocho, todo el equipo está parado."),
            ("money-leaving", "O financeiro fez uma transferência para um golpista."),
            ("active-intrusion", "O mouse está mexendo sozinho, alguém controla o meu computador."),
            ("site-down", "Queda total da rede na unidade de Campinas."),
            ("deadline-today", "O prazo do recurso termina hoje à meia-noite."),
            ("cannot-work", "Não conseguimos trabalhar desde as oito."),
            ("money-leaving", "L'ufficio ha fatto un bonifico a un truffatore."),
            ("active-intrusion", "Il mouse si muove da solo, qualcuno controlla il mio computer."),
            ("site-down", "Blackout totale nella sede di Torino, tutta la rete è giù."),
            ("deadline-today", "Il termine per il deposito del ricorso scade oggi."),
            ("cannot-work", "Non riusciamo a lavorare da stamattina."),
            ("money-leaving", "De boekhouding heeft 25.000 euro naar een oplichter overgemaakt."),
            ("active-intrusion", "De muis beweegt vanzelf, iemand bedient mijn computer."),
            ("site-down", "Het hele netwerk in Utrecht ligt plat."),
            ("deadline-today", "De aangifte moet vandaag voor middernacht bij de belastingdienst zijn."),
            ("cannot-work", "Ons team kan sinds vanochtend helemaal niet werken."),
            ("medication", "Das System zeigt für Frau K. die falsche Dosierung an, zehnmal zu viel."),
            ("production-system-down", "Unsere Produktionsdatenbank ist seit 10 Uhr nicht mehr erreichbar."),
            ("payment-run", "An allen Kassen ist keine Kartenzahlung möglich."),
            ("data-loss", "Toutes nos données clients ont disparu et les sauvegardes sont vides."),
            ("everybody-affected", "Internet ne marche plus pour tout le monde à l'étage."),
            ("medication", "El programa muestra una dosis equivocada para el paciente de la cama 3."),
            ("production-system-down", "La base de datos de producción no responde."),
            ("payment-run", "El datáfono no funciona y no podemos cobrar con tarjeta."),
            ("data-loss", "Todos os dados dos clientes desapareceram e o backup está vazio."),
            ("everybody-affected", "Ninguém no escritório consegue abrir os emails."),
            ("medication", "Il programma mostra un dosaggio sbagliato per il paziente del letto 7."),
            ("production-system-down", "Il database di produzione non risponde."),
            ("payment-run", "Il POS non funziona, stiamo perdendo clienti."),
            ("data-loss", "Alle klantgegevens zijn verdwenen en de back-up is leeg."),
            ("everybody-affected", "Niemand op kantoor kan de mail openen."),
        ] as [(String, String)])
    func `an emergency in another language fires its floor`(floor: String, text: String) throws {
        let ids = try fired(by: text).map(\.id)
        #expect(ids.contains(floor), "\(ids)")
    }

    @Test(
        arguments: [
            "Ist der neue Drucker feuerfest? Kleiner Scherz, er wird nur sehr warm.",
            "Am Freitag ist Probealarm, das Gebäude wird kurz geräumt.",
            "Kann ich die Gehaltsabrechnung auch als PDF bekommen?",
            "Wir suchen ein Seminar über Phishing und Datenschutz.",
            "Niemand hat sich bisher für die Schulung angemeldet.",
            "Le pare-feu bloque l'imprimante du service.",
            "Où trouver le modèle de procédure en cas de fuite de données ?",
            "Personne n'a encore répondu au sondage, tous les collègues sont invités.",
            "L'imprimante est à l'arrêt, il faut juste du papier.",
            "La formation sur les accidents du travail est complète.",
            "El viernes hay simulacro de incendio en la oficina.",
            "¿Dónde descargo mi nómina de marzo?",
            "Nadie ha contestado a la encuesta todavía.",
            "El cortafuegos bloquea la impresora de la planta 2.",
            "Necesito el procedimiento en caso de fuga de datos.",
            "Na sexta há simulacro de incêndio no prédio.",
            "Onde baixo o meu recibo de salário?",
            "Ninguém respondeu à pesquisa ainda.",
            "A firewall bloqueia a impressora do segundo andar.",
            "Preciso do formulário de acidente de trabalho.",
            "Venerdì esercitazione antincendio in tutto il palazzo.",
            "Dove scarico la busta paga di marzo?",
            "Nessuno ha ancora risposto al sondaggio.",
            "Il firewall blocca la stampante del secondo piano.",
            "Mi serve la procedura in caso di fuga di dati.",
            "Vrijdag is er een brandoefening in het hele gebouw.",
            "Waar download ik mijn loonstrook van maart?",
            "Niemand heeft de enquête nog ingevuld.",
            "De firewall blokkeert de printer op de tweede verdieping.",
            "Ik zoek de procedure bij een datalek.",
        ])
    func `an ordinary sentence in another language fires none`(text: String) throws {
        #expect(try fired(by: text).map(\.id) == [])
    }

    @Test(
        arguments: [
            ("fire-smoke", "Smoke is rising from the battery cabinet"),
            ("fire-smoke", "I can see flames behind the copier"),
            ("fire-smoke", "Water is leaking into the comms room"),
            ("fire-smoke", "The gas detector in the basement is going off"),
            ("fire-smoke", "The warehouse is burning"),
            ("fire-smoke", "Wasserrohrbruch im Rechenzentrum"),
            ("fire-smoke", "Aus dem Trockner schlagen Flammen"),
            ("data-breach", "Client records are for sale on a dark web forum"),
            ("data-breach", "Somebody is selling our patient files"),
            ("data-breach", "Unsere Mitarbeiterdaten sind im Darknet aufgetaucht"),
            ("data-breach", "De patiëntdossiers staan online"),
            ("everybody-affected", "No one in the factory can sign in"),
            ("all-users", "Nobody in the entire organisation can work"),
            ("site-down", "All our branches are offline"),
            ("patient-safety", "The infusion pumps on ward 3 are not responding"),
            ("patient-safety", "Two surgeries had to be postponed"),
            ("payroll", "Die Gehaltszahlung an alle ist gescheitert"),
            ("payroll", "Salaries have not been transferred to anybody"),
            ("ransomware", "Criminals encrypted the backups"),
            ("ransomware", "Zahlen Sie, andernfalls löschen wir alles, steht auf jedem Bildschirm"),
            ("active-intrusion", "Somebody broke into the network last night"),
            ("threat", "A visitor is threatening the guard with a knife"),
        ] as [(String, String)])
    func `an emergency fires its floor in any order and form of words`(floor: String, text: String) throws {
        let ids = try fired(by: text).map(\.id)
        #expect(ids.contains(floor), "\(ids)")
    }

    @Test(
        arguments: [
            "What does ransomware mean?",
            "The poster about ransomware hangs in the wrong corridor",
            "Can the new scanner protect our laptops against ransomware?",
            "When does the course on data leaks start?",
            "What is a data breach?",
            "We won the award for data breach prevention",
            "Please order a smoke detector for the kitchen",
            "The fire alarm test is on Monday, the alarm will be ringing",
            "The laptop is burning hot",
            "The sales team is on fire this month",
            "How do we make sure that customer data is never leaked?",
            "Make sure nobody in the company can open this folder",
            "Was heißt Ransomware?",
            "Sind unsere Rechner gegen Ransomware geschützt?",
            "Der Artikel über die Datenpanne hat einen Fehler",
            "Que veut dire ransomware ?",
            "L'article sur les rançongiciels est introuvable",
            "¿Qué quiere decir ransomware?",
            "El artículo sobre el ransomware no se abre",
            "O que quer dizer ransomware?",
            "Encomendar um detetor de fumo para o armazém",
            "Cosa vuol dire ransomware?",
            "L'articolo sul ransomware ha un errore",
            "Wat is ransomware?",
            "Het artikel over ransomware is verouderd",
        ])
    func `a question or a text about a danger raises nothing`(text: String) throws {
        #expect(try fired(by: text).map(\.id) == [])
    }

    @Test(
        arguments: [
            "The training room is on fire",
            "La salle de formation est en feu",
            "A sala de formação está pegando fogo",
            "Het trainingslokaal staat in brand",
            "Im Schulungsraum ist Feuer",
            "What does this ransom note mean? All files are encrypted",
            "What is this ransomware on my screen?",
            "Our scanner did not protect us from ransomware",
            "The policy server has ransomware",
            "Ransomware hit the training laptop",
            "The file server crashed, so nobody in the office can log in",
            "Fire alarm in the test lab is going off",
            "The drill caught fire",
        ])
    func `a real report that names a training or asks a question still fires`(text: String) throws {
        #expect(try !fired(by: text).isEmpty)
    }
}
