import Testing
import TriageTickets

@testable import TriageSearch

/// Ten short articles, and eighteen questions of which an article answers some.
struct SmallKnowledgeBase: Sendable, CustomTestStringConvertible {
    var name: String
    /// How many questions are known or new as they should be: the embedding knows less German and Spanish than English.
    var right: Int
    var articles: [Article]
    var questions: [(text: String, article: String?)]

    var testDescription: String { name }

    static let all = [software, library, gym]

    private static let software = SmallKnowledgeBase(
        name: "A service on the web", right: 18,
        articles: [
            Article(
                id: "ISSUE-101", title: "Login fails after password reset", category: "Login",
                symptoms: [
                    "cannot log in after resetting password", "new password is rejected",
                    "invalid credentials right after reset",
                ],
                recommendedAction:
                    "Ask the user to clear cookies and sign in from a private window; resend the reset link if it is older than an hour."
            ),
            Article(
                id: "ISSUE-102", title: "Card charged twice for one subscription", category: "Billing",
                symptoms: [
                    "double charge", "two payments for the same month",
                    "duplicate transaction on card statement",
                ],
                recommendedAction: "Refund the second payment in the billing console and confirm by e-mail."),
            Article(
                id: "ISSUE-103", title: "Dashboard loads slowly with many widgets", category: "Performance",
                symptoms: [
                    "dashboard takes a minute to load", "charts spin forever",
                    "page freezes when opening overview",
                ], recommendedAction: "Reduce widgets to twelve and enable lazy loading in settings."),
            Article(
                id: "ISSUE-104", title: "CSV export contains garbled characters", category: "Bug",
                symptoms: [
                    "umlauts broken in export", "strange symbols in Excel",
                    "exported file shows question marks",
                ], recommendedAction: "Have the user import the file as UTF-8."),
            Article(
                id: "ISSUE-105", title: "Two-factor code not accepted", category: "Login",
                symptoms: [
                    "authenticator code wrong", "verification code expired immediately", "6-digit code fails",
                ],
                recommendedAction:
                    "Check that the phone's clock is set automatically, then resync the authenticator."),
            Article(
                id: "ISSUE-106", title: "Webhook deliveries stop after certificate renewal", category: "Bug",
                symptoms: [
                    "webhooks not received", "callback endpoint gets nothing",
                    "SSL handshake error in delivery log",
                ], recommendedAction: "Upload the new intermediate certificate and replay failed deliveries."),
            Article(
                id: "ISSUE-107", title: "Invoice shows the old company address", category: "Billing",
                symptoms: [
                    "wrong address on invoice", "update billing address", "VAT number missing on invoice",
                ], recommendedAction: "Edit the billing profile and reissue the invoice."),
            Article(
                id: "ISSUE-108", title: "Mobile app crashes on start after update", category: "Bug",
                symptoms: [
                    "app closes immediately", "crash on launch since version 4.2",
                    "black screen after splash",
                ], recommendedAction: "Reinstall the app; version 4.2.1 contains the fix."),
            Article(
                id: "ISSUE-109", title: "User invitation e-mail never arrives", category: "Support",
                symptoms: [
                    "invite not received", "colleague did not get invitation", "invitation link missing",
                ], recommendedAction: "Check the suppression list and resend the invitation."),
            Article(
                id: "ISSUE-110", title: "API returns 429 too many requests", category: "Performance",
                symptoms: ["rate limit exceeded", "throttled API calls", "error 429 on bulk import"],
                recommendedAction: "Use the batch endpoint or raise the rate limit in the plan."),
        ],
        questions: [
            (
                "I reset my password this morning and now the site says my credentials are invalid",
                "ISSUE-101"
            ),
            ("new password doesn't work, just changed it", "ISSUE-101"),
            ("You took the money from my card two times this month", "ISSUE-102"),
            ("I see duplicate payments on my statement", "ISSUE-102"),
            ("the overview page takes ages to open", "ISSUE-103"),
            ("Excel shows weird symbols when I open the file I exported", "ISSUE-104"),
            ("my authenticator app gives a code but you say it is wrong", "ISSUE-105"),
            ("our endpoint has not received any callbacks since we renewed the TLS certificate", "ISSUE-106"),
            ("please put our new address on the bill", "ISSUE-107"),
            ("app won't open since yesterday's update, it just closes", "ISSUE-108"),
            ("Black screen on my phone when I launch the app", "ISSUE-108"),
            ("I invited Maria but she never got the mail", "ISSUE-109"),
            ("we get HTTP 429 from your API when importing customers", "ISSUE-110"),
            ("requests are being throttled", "ISSUE-110"),
            ("How do I cancel my contract at the end of the year?", nil),
            ("Do you offer a discount for universities?", nil),
            ("The train to Hamburg was late again", nil),
            ("Can I integrate with Slack?", nil),
        ])

    private static let library = SmallKnowledgeBase(
        name: "A public library, in German", right: 17,
        articles: [
            Article(
                id: "BIB-1", title: "Ausweis gesperrt wegen offener Gebühren", category: "Konto",
                symptoms: [
                    "Ausweis ist gesperrt", "Ausleihe nicht möglich wegen Gebühren", "Konto blockiert",
                ],
                recommendedAction:
                    "Offene Gebühren am Automaten oder online begleichen, danach wird der Ausweis freigeschaltet."
            ),
            Article(
                id: "BIB-2", title: "E-Book lässt sich nicht öffnen", category: "Onleihe",
                symptoms: [
                    "E-Book öffnet nicht", "Fehlermeldung beim Herunterladen des E-Books",
                    "Lesegerät nicht autorisiert",
                ], recommendedAction: "Lesegerät mit der Adobe-ID neu autorisieren."),
            Article(
                id: "BIB-3", title: "Verlängerung der Leihfrist nicht möglich", category: "Ausleihe",
                symptoms: [
                    "Buch kann nicht verlängert werden", "Verlängern geht nicht", "Medium ist vorgemerkt",
                ],
                recommendedAction: "Prüfen, ob das Medium vorgemerkt ist; dann muss es zurückgegeben werden."),
            Article(
                id: "BIB-4", title: "Vorgemerktes Medium liegt nicht bereit", category: "Ausleihe",
                symptoms: ["Vormerkung nicht gefunden", "Abholregal leer", "bestelltes Buch fehlt"],
                recommendedAction: "Im Abholregal unter der Ausweisnummer suchen, sonst neu bestellen."),
            Article(
                id: "BIB-5", title: "WLAN im Lesesaal funktioniert nicht", category: "Technik",
                symptoms: [
                    "kein Internet im Lesesaal", "WLAN-Anmeldung schlägt fehl", "Verbindung bricht ab",
                ], recommendedAction: "Gerät neu am Portal anmelden und Ausweisnummer eingeben."),
            Article(
                id: "BIB-6", title: "Drucken am öffentlichen PC", category: "Technik",
                symptoms: [
                    "Drucker gibt nichts aus", "Druckauftrag verschwindet", "Guthaben zum Drucken aufladen",
                ], recommendedAction: "Guthaben am Kopierer aufladen und den Auftrag dort freigeben."),
            Article(
                id: "BIB-7", title: "Passwort für das Online-Konto vergessen", category: "Konto",
                symptoms: [
                    "Passwort vergessen", "Anmeldung im Katalog nicht möglich", "Zugangsdaten unbekannt",
                ], recommendedAction: "Passwort über die hinterlegte E-Mail-Adresse zurücksetzen."),
            Article(
                id: "BIB-8", title: "Rückgabeautomat nimmt Buch nicht an", category: "Technik",
                symptoms: [
                    "Automat verweigert Rückgabe", "Klappe öffnet sich nicht", "Buch wird wieder ausgeworfen",
                ], recommendedAction: "Buch an der Theke abgeben; der Chip muss neu beschrieben werden."),
            Article(
                id: "BIB-9", title: "Mahnung trotz Rückgabe erhalten", category: "Ausleihe",
                symptoms: [
                    "Mahnung bekommen obwohl zurückgegeben", "Säumnisgebühr zu Unrecht",
                    "Rückgabe nicht verbucht",
                ], recommendedAction: "Regal prüfen, Rückgabe nachbuchen und Gebühr stornieren."),
            Article(
                id: "BIB-10", title: "Gruppenraum buchen", category: "Service",
                symptoms: ["Arbeitsraum reservieren", "Gruppenarbeitsraum belegt", "Raumbuchung stornieren"],
                recommendedAction: "Reservierung im Kalender der Website vornehmen."),
        ],
        questions: [
            ("Mein Ausweis wurde gesperrt, ich wollte heute etwas ausleihen", "BIB-1"),
            ("Warum ist mein Konto blockiert?", "BIB-1"),
            ("Das E-Book öffnet auf meinem Tolino nicht", "BIB-2"),
            ("ich kann das Buch leider nicht verlaengern", "BIB-3"),
            ("Verlängern klappt nicht, da steht vorgemerkt", "BIB-3"),
            ("Ich habe ein Buch bestellt, im Abholregal war es aber nicht", "BIB-4"),
            ("Im Lesesaal komme ich nicht ins Internet", "BIB-5"),
            ("WLAN bricht dauernd ab", "BIB-5"),
            ("Wie lade ich Guthaben auf, um etwas zu drucken?", "BIB-6"),
            ("habe mein Passwort für den Katalog vergessen", "BIB-7"),
            ("Der Automat spuckt mein Buch immer wieder aus", "BIB-8"),
            ("Ich habe eine Mahnung bekommen, obwohl ich alles zurückgegeben habe", "BIB-9"),
            ("Wir möchten für unsere Lerngruppe einen Raum reservieren", "BIB-10"),
            ("Säumnisgebühren zu Unrecht berechnet", "BIB-9"),
            ("Wann beginnt die Vorlesestunde für Kinder?", nil),
            ("Kann ich Ihnen alte Bücher spenden?", nil),
            ("Mein Fahrrad hat einen Platten", nil),
            ("Which doctor is open on Sunday?", nil),
        ])

    private static let gym = SmallKnowledgeBase(
        name: "A gym, in Spanish", right: 17,
        articles: [
            Article(
                id: "GYM-1", title: "El torno de entrada no reconoce la pulsera", category: "Acceso",
                symptoms: ["la pulsera no abre", "torno bloqueado", "no puedo entrar al gimnasio"],
                recommendedAction: "Reprogramar la pulsera en recepción."),
            Article(
                id: "GYM-2", title: "Cobro duplicado de la cuota mensual", category: "Pagos",
                symptoms: ["me han cobrado dos veces", "cargo doble en la tarjeta", "cuota repetida"],
                recommendedAction: "Devolver el segundo cargo y avisar al socio."),
            Article(
                id: "GYM-3", title: "La app no muestra las clases reservadas", category: "App",
                symptoms: ["mis reservas desaparecieron", "no veo mis clases", "reserva no aparece"],
                recommendedAction: "Cerrar sesión, actualizar la app y entrar de nuevo."),
            Article(
                id: "GYM-4", title: "Darse de baja o congelar la cuota", category: "Contrato",
                symptoms: ["quiero darme de baja", "pausar la suscripción", "cancelar mi contrato"],
                recommendedAction: "Enviar el formulario de baja antes del día 20."),
            Article(
                id: "GYM-5", title: "Taquilla bloqueada", category: "Instalaciones",
                symptoms: ["la taquilla no abre", "olvidé el código de la taquilla", "candado atascado"],
                recommendedAction: "Llamar a mantenimiento para abrir con la llave maestra."),
            Article(
                id: "GYM-6", title: "Agua fría en las duchas", category: "Instalaciones",
                symptoms: ["no hay agua caliente", "ducha fría", "las duchas no calientan"],
                recommendedAction: "Avisar a mantenimiento de la caldera."),
            Article(
                id: "GYM-7", title: "Cinta de correr averiada", category: "Instalaciones",
                symptoms: ["la cinta se para sola", "máquina estropeada", "cinta hace ruido"],
                recommendedAction: "Poner el cartel de fuera de servicio y abrir un parte."),
            Article(
                id: "GYM-8", title: "Clase llena, lista de espera", category: "Reservas",
                symptoms: ["no quedan plazas", "lista de espera", "clase completa"],
                recommendedAction: "Apuntar al socio en la lista de espera."),
            Article(
                id: "GYM-9", title: "Cambiar la cuenta bancaria", category: "Pagos",
                symptoms: ["nuevo IBAN", "cambiar domiciliación", "cambiar tarjeta de pago"],
                recommendedAction: "Actualizar los datos bancarios en el área de socio."),
            Article(
                id: "GYM-10", title: "Contraseña del área de socio olvidada", category: "App",
                symptoms: ["olvidé mi contraseña", "no puedo iniciar sesión", "restablecer clave"],
                recommendedAction: "Enviar el enlace para restablecer la contraseña."),
        ],
        questions: [
            ("Mi pulsera no abre el torno esta mañana", "GYM-1"),
            ("no me deja entrar al gimnasio", "GYM-1"),
            ("me cobraron la cuota dos veces en marzo", "GYM-2"),
            ("Reserve spinning pero la reserva no aparece en la app", "GYM-3"),
            ("Quiero cancelar mi contrato, ¿qué hago?", "GYM-4"),
            ("¿Puedo pausar la suscripcion en verano?", "GYM-4"),
            ("No recuerdo el codigo de mi taquilla", "GYM-5"),
            ("otra vez sin agua caliente", "GYM-6"),
            ("Las duchas salen frías", "GYM-6"),
            ("la cinta de correr número 4 se para", "GYM-7"),
            ("¿hay lista de espera para yoga?", "GYM-8"),
            ("he cambiado de banco, este es mi nuevo iban", "GYM-9"),
            ("olvide la contraseña de socio", "GYM-10"),
            ("no puedo iniciar sesion en el area de socio", "GYM-10"),
            ("¿Tenéis servicio de fisioterapia?", nil),
            ("¿Dónde puedo aparcar?", nil),
            ("La receta de la paella de mi abuela", nil),
            ("The invoice has a wrong VAT rate", nil),
        ])
}
