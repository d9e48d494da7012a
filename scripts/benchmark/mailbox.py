"""A mailbox of everyday mails beside bounces, loops, automatic answers, newsletters, answers and copies."""
import email.message
import email.policy
import html

from .context import Skip, rows
from .report import Figure

MAILS = 300
CODINGS = (("utf-8", "base64"), ("utf-8", "quoted-printable"), ("utf-8", "8bit"), ("windows-1252", "quoted-printable"),
           ("iso-8859-15", "8bit"))
SUPPORT = "support@desk.example"


def mailbox(context):
    """Each customer's mail comes out once, with its words; nothing else does."""
    texts = everyday(context)
    wanted, parts = {}, []
    for number, text in enumerate(texts):
        identifier = f"<c{number}.{number * 7919}@shop.example>"
        wanted[identifier[1:-1]] = text
        mail = customer(number, identifier, text)
        parts.append(mail)
        parts += others(number, identifier, mail)
    folder = context.folder / "mailbox"
    folder.mkdir(exist_ok=True)
    box, output = folder / "inbox.mbox", folder / "tickets.jsonl"
    box.write_bytes(b"".join(b"From MAILER Tue Mar  4 09:15:00 2025\n" + quoted(part) + b"\n" for part in parts))
    cost = context.triage("import", box, "--output", output)
    tickets = rows(output)
    found = [row["id"] for row in tickets]
    once = sum(found.count(identifier) == 1 for identifier in wanted)
    yield Figure("customers' mails that come out once", once, 0, target=("=", len(wanted)),
                 note=f"{len(parts):,} mails in the box; {cost.wall_s:.1f} s, {cost.peak_mb:.0f} MB")
    yield Figure("other mails that come out", sum(identifier not in wanted for identifier in found), 0, target=("=", 0),
                 note=f"{len(parts) - len(wanted):,} bounces, reports, loops, automatic answers, newsletters, answers, copies")
    same = sum(words(row["body"]) == words(wanted.get(row["id"], "")) for row in tickets)
    yield Figure("mails whose words are all there, in order", same, 0, target=("=", len(wanted)))


def everyday(context):
    """Texts of customers: the mails of the judged cases beside the project, then tickets of tobi."""
    cases = sorted((context.datasets.parent / "cases").glob("C*/input.jsonl"))
    texts = [row["body"] for path in cases for row in rows(path) if row.get("body", "").strip()]
    for row in rows(context.dataset("tobi_tickets_multilang/train.jsonl")):
        if len(texts) < MAILS:
            texts.append(row["body"].replace("\\n", "\n"))
    texts = [text for text in dict.fromkeys(texts) if text.strip() and "\0" not in text][:MAILS]
    if len(texts) < MAILS:
        raise Skip(f"{len(texts)} texts, {MAILS} are wanted")
    return texts


def customer(number, identifier, text):
    """A mail as different programs send it."""
    charset, coding = CODINGS[number % len(CODINGS)]
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        charset = "utf-8"
    mail = message(f"Ana Ruiz {number} <ana{number}@shop.example>", SUPPORT, subject=f"Question {number}: Größe",
                   identifier=identifier)
    mail.set_content(text, charset=charset, cte=coding)
    if number % 3 == 0:
        shown = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
        mail.add_alternative(f"<html><body><p>{shown}</p></body></html>", subtype="html")
    if number % 5 == 0:
        mail.make_mixed()
        mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="screen.png")
    return mail.as_bytes()


def message(sender, to, subject, identifier, **headers):
    mail = email.message.EmailMessage(policy=email.policy.SMTP.clone(linesep="\n", max_line_length=200))
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, subject, identifier
    mail["Date"] = "Tue, 4 Mar 2025 09:15:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    return mail


def others(number, identifier, mail):
    """What else is in such a box: every mail brings one or two of these."""
    def made(sender, subject, text="This mail is not a customer's.", to=SUPPORT, **headers):
        other = message(sender, to, subject, f"<o{number}.{len(subject)}@other.example>", **headers)
        other.set_content(text)
        return other.as_bytes()
    kinds = [
        lambda: made("MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender", Return_Path="<>"),
        lambda: made("Bo <bo@firm.example>", "Automatic reply: out of office", Auto_Submitted="auto-replied"),
        lambda: made("Shop <news@shop.example>", "Our spring offers", List_Unsubscribe="<https://shop.example/u>"),
        lambda: made(f"Desk <{SUPPORT}>", "A loop"),
        lambda: made("Desk <desk@other.example>", "Re: a loop", X_Loop=SUPPORT),
        lambda: made("users <bo@lists.example>", "[users] a question", List_Id="<users.lists.example>"),
        lambda: made("Bo <bo@firm.example>", "Bulk", Precedence="bulk"),
        lambda: made(f"Ana Ruiz {number} <ana{number}@shop.example>", f"Re: Question {number}", In_Reply_To=identifier),
        lambda: report(number),
        lambda: mail,
    ]
    return [kinds[number % len(kinds)]()] + ([kinds[(number // 10) % len(kinds)]()] if number % 4 == 1 else [])


def report(number):
    text = (f"From: Mail <mail@mx.example>\nTo: {SUPPORT}\nSubject: Delivery report\nMessage-ID: <r{number}@mx.example>\n"
            "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
            "--b\nContent-Type: text/plain\n\nYour mail was delivered late.\n--b\nContent-Type: message/delivery-status\n\n"
            "Action: delayed\n--b--\n")
    return text.encode()


def quoted(part):
    """Lines of a mailbox that begin with From are marked (mboxrd)."""
    lines = part.split(b"\n")
    return b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines) + b"\n"


def words(text):
    """A customer's words; of markup that a plain text holds, what a reader sees."""
    return html.unescape(text).replace("\xad", "").split()
