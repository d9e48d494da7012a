/// The words of the heads of mails and of "On …, NAME wrote:", in the languages of the mail programs.
///
/// Of field names with several words the first stands here; where no case is told apart, the second may. Cyrillic and
/// Greek words are compared with their case.
extension MailVocabulary {
    static let senderFields = PlainWordSet(
        "from von de da van fra från od expéditeur remitente remetente mittente afzender lähettäjä kimden "
            + "gönderen feladó expeditor от От відправник Відправник від Від отправитель Отправитель από Από 差出人 送信者 发件人 寄件者 寄件人 사람 מאת من từ dari จาก nuo saatja šalje pošiljatelj"
    )
    static let sentFields = PlainWordSet(
        "sent gesendet envoyé enviado enviada inviato verzonden sendt skickat wysłano lähetetty "
            + "gönderildi gönderilme odesláno odoslané elküldve trimis отправлено Отправлено надіслано Надіслано στάλθηκε Στάλθηκε 送信日時 "
            + "发送时间 傳送時間 寄件日期 送信日 נשלח الإرسال تاريخ gửi dikirim ส่ง изпратено Изпратено poslano poslato išsiųsta "
            + "saadetud enviat")
    static let dateFields = PlainWordSet(
        "date datum fecha data dato päivämäärä päiväys tarih dátum dată дата Дата ημερομηνία Ημερομηνία 日付 日時 日期 날짜 תאריך التاريخ ngày tanggal วันที่"
    )
    static let subjectFields = PlainWordSet(
        "subject betreff objet sujet asunto assunto oggetto onderwerp emne ämne temat aihe konu předmět "
            + "predmet tárgy subiect тема Тема θέμα Θέμα 件名 主题 主旨 主題 제목 נושא الموضوع موضوع chủ tiêu subjek perihal "
            + "เรื่อง относно Относно zadeva tēma teema assumpte")
    static let receiverFields = PlainWordSet(
        "to an à para a aan til till do vastaanottaja címzett kime alıcı komu címzett către catre кому Кому "
            + "προς Προς 宛先 收件人 收件者 받는 אל إلى tới đến kepada ถึง До до kam "
            + "za prima")
    static let otherFields = PlainWordSet(
        "cc bcc kopie kopia reply-to antwort importance priority attachments anlagen anhänge "
            + "wichtigkeit importancia importância allegati bijlagen adjuntos anexos pièces répondre "
            + "organization resent-from cci priorität priorité másolatot bilgi копія Копія копія Копія kopio κοιν Κοιν 抄送 "
            + "副本 참조")

    /// The verb of "On …, NAME wrote:"; for verbs of two words their second.
    static let wroteVerbs = PlainWordSet(
        "wrote writes schrieb schreibt écrit escribió escribio escreveu scritto schreef geschreven "
            + "napisał napisała skrev kirjoitti napsal napsala napísal napísala írta ezt yazdı yazmış scris "
            + "пишет Пишет написал Написал написала Написала пише Пише έγραψε Έγραψε 写道 寫道 작성 כתב כתבה كتب viết "
            + "menulis เขียน написа rašė kirjutas napisao escriure")
}
