"""The console in Chromium: flows by keyboard, mouse and without scripts, markup that must stay text, sizes and hosts."""
import contextlib
import hashlib
import http.client
import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse

from endurance.server import ROOT, Server, triage

TICKETS = ["My account is locked after the password change.", "Please refund the second charge of 588 EUR.",
           "The report page is slow since the update.", "Nobody can open the patient record system since 06:52.",
           "Die Rechnung enthält eine falsche Anschrift, bitte korrigieren."]
WALK = [("Cannot sign in", "My account is locked after the password change and payroll closes at noon."),
        ("Charged twice", "On the 3rd you took 588.00 EUR for our annual plan and on the 4th the same amount again."),
        ("Slow reports", "The monthly report takes eleven minutes to open since the update."),
        ("Screens stay dark", "The displays in both lobbies show nothing since the weekend, visitors ask at the desk."),
        ("Export", "The CSV export has no column for the cost centre any more."),
        ("Phishing?", "I typed my password into a strange page that looked like ours.")]
# Chromium's note when a check fills a field in before the page gave it the focus.
FOCUSED = "Autofocus processing was blocked because a document already has a focused element"
WIDTHS = (360, 1280, 2560)
# What a stored-XSS payload would call; the pages have no such function.
CALL = "planted()"
PAYLOADS = [
    f"<script>{CALL}</script>", f"<img src=x onerror={CALL}>", f"<svg onload={CALL}>", f"\"><script>{CALL}</script>",
    f"' onmouseover='{CALL}", f"javascript:{CALL}", f"<a href=javascript:{CALL}>x</a>", f"</textarea><script>{CALL}</script>",
    f"</title><script>{CALL}</script>", f"<iframe srcdoc='<script>parent.{CALL}</script>'>", f"<details open ontoggle={CALL}>",
    f"<input autofocus onfocus={CALL}>", f"<style>@import 'javascript:{CALL}'</style>", f"<math><mtext><script>{CALL}</script>",
    f"<!--><script>{CALL}</script>-->", f"<![CDATA[<script>{CALL}</script>]]>", f"&lt;script&gt;{CALL}&lt;/script&gt;",
    f"\u202e<script>{CALL}</script>", f"<scr\u0000ipt>{CALL}</script>", f"<body onload={CALL}>", f"<base href=//evil.example/>",
    f"<form action=//evil.example><input type=submit>", f"<meta http-equiv=refresh content='0;url=//evil.example'>",
    f"<object data=javascript:{CALL}>", f"<embed src=javascript:{CALL}>"]
# Ways out of the place where a page puts a text, each before other markup that calls it by itself.
EXITS = ["", "\">", "'>", "</p>", "</textarea>", "</title>", "</option></select>", "</style>", "-->", "\" autofocus x=\""]
TAGS = ["img src=x onerror", "svg onload", "video src=x onerror", "audio src=x onerror", "details open ontoggle",
        "input autofocus onfocus", "marquee onstart", "iframe onload"]
PAYLOADS = list(dict.fromkeys(PAYLOADS + [f"{way_out}<{tag}={CALL}>" for tag in TAGS for way_out in EXITS]))[:100]


class Desk:
    """A service with a store and a key for each role."""

    def __init__(self, folder, *roles):
        self.folder, self.keys = folder, {}
        for role in roles:
            code, output, errors = triage("keys", "create", "--keys", folder / "keys.json", "--name", role, "--role", role)
            if code:
                raise RuntimeError(errors)
            self.keys[role] = output.strip()

    @contextlib.contextmanager
    def serving(self, *options, **settings):
        keys = {"TRIAGE_KEYS": self.folder / "keys.json"} if self.keys else {}
        with Server(self.folder, "--store", self.folder / "store", *options, **keys, **settings) as self.server:
            yield self

    def send(self, path, body, method="POST"):
        headers = {"Content-Type": "application/json"}
        if self.keys:
            headers["X-API-Key"] = self.keys.get("admin") or next(iter(self.keys.values()))
        status, fields, data = self.server.ask(method, path, body, headers)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {data[:200]}")
        return fields, json.loads(data)

    def decide(self, count, text=lambda number: TICKETS[number % len(TICKETS)] + f" {number}"):
        return [self.send("/v1/triage", {"id": f"T-{n}", "subject": f"Ticket {n}", "body": text(n)})[0]["Triage-Decision-Id"]
                for n in range(count)]

    def open_count(self):
        return self.send("/v1/decisions?state=open&limit=1", None, "GET")[1]["count"]


class Visitor:
    """A browser's window: its messages, violations of its policy, and requests to other hosts."""

    def __init__(self, chromium, desk, **options):
        self.context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page, self.desk = self.context.new_page(), desk
        self.messages, self.foreign = [], []
        self.page.on("console", lambda message: None if message.text.startswith(FOCUSED) else self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("dialog", lambda dialog: self.messages.append(f"dialog {dialog.message}"))
        self.page.on("request", self._request)

    def _request(self, request):
        host = urllib.parse.urlsplit(request.url).netloc
        if host and host != f"127.0.0.1:{self.desk.server.port}":
            self.foreign.append(request.url)

    def go(self, path):
        return self.page.goto(self.desk.server.address + path)

    def sign_in(self, role):
        self.go("/ui/queue")
        self.page.fill("#key", self.desk.keys[role])
        self.page.press("#key", "Enter")
        self.page.wait_for_url("**/ui/queue*")
        self.messages.clear()  # Of the page that was refused: Chromium logs its status 401.
        return self

    def press(self, key):
        """Presses a key of the queue and waits for the page that it brings."""
        with self.page.expect_response(lambda answer: "/ui/" in answer.url and answer.request.method == "GET"
                                       and answer.status == 200 and "events" not in answer.url):
            self.page.keyboard.press(key)
        # A key that is pressed before the answer is on the page is ignored.
        self.page.locator("#work:not([aria-busy])").wait_for()
        self.page.wait_for_load_state()

    def close(self):
        self.context.close()


def queue(chromium, folder, check, looked_at, screenshots):
    """Fifty tickets by keyboard; a label by its digit, taken back; two people on one ticket."""
    desk = Desk(folder, "agent", "auditor", "admin")
    with desk.serving():
        desk.decide(55)
        visitor = Visitor(chromium, desk)
        visitor.go("/ui/queue")
        visitor.page.fill("#key", "tt_wrong")
        visitor.page.press("#key", "Enter")
        check("not valid" in visitor.page.inner_text("#status"), "a wrong key is refused with a sentence")
        looked_at(visitor.page, "/ui sign-in refused 1280 light", screenshots)
        visitor.sign_in("agent")
        page = visitor.page
        first = page.inner_text("#open")
        visitor.press("j")
        check(page.inner_text("#open") != first, "j opens the next ticket")
        visitor.press("k")
        check(page.inner_text("#open") == first, "k goes back to the one before it")
        page.keyboard.press("?")
        check(page.is_visible("#keys-help"), "? shows the keys")
        looked_at(page, "/ui/queue keys 1280 light", screenshots)
        page.keyboard.press("Escape")
        presses = 0
        while desk.open_count() > 5 and presses < 200:
            visitor.press("a")
            presses += 1
        check(presses == 50, f"50 tickets took {presses} key presses, one each")
        check(page.inner_text("#status") == "Saved.", "the change is announced")
        visitor.press("u")
        check(desk.open_count() == 6, "u takes the last one back")
        visitor.press("2")
        changed = desk.send("/v1/feedback?undone=false&limit=1", None, "GET")[1]["items"][0]
        check(changed["label"] != changed["decided"], "2 sets the second label")
        visitor.press("u")
        undone = desk.send("/v1/feedback?limit=200", None, "GET")[1]["items"]
        check(next(item for item in undone if item["id"] == changed["id"])["undone"], "u takes that back too")
        two_people(chromium, desk, visitor, check)
        visitor.go("/ui/queue?order=newest&state=any")
        visitor.page.keyboard.press("e")
        visitor.page.wait_for_url("**/ui/tickets/**")
        visitor.page.keyboard.press("e")
        check(visitor.page.evaluate("document.activeElement.name") == "label", "e opens a ticket, then its form")
        visitor.page.click("text=Draft a reply")
        visitor.page.wait_for_selector("#draft")
        check(len(visitor.page.input_value("#draft")) > 40, "a draft is written")
        auditor(chromium, desk, check)
        check(not visitor.foreign, f"requests to other hosts: {visitor.foreign}")
        check(not visitor.messages, f"the queue: messages of the browser: {visitor.messages}")
        visitor.close()
    code = triage("ledger", "verify", "--store", folder / "store")[0]
    check(code == 0, "the ledger verifies after all changes")


def two_people(chromium, desk, visitor, check):
    other = Visitor(chromium, desk).sign_in("admin")
    target = "/ui/queue?order=oldest"
    visitor.go(target)
    other.go(target)
    visitor.go(target)
    check("Also looking at this ticket: admin" in visitor.page.inner_text("#work"), "two people see each other")
    visitor.press("a")
    other.press("a")
    check("Somebody else changed" in other.page.inner_text("#status"), "the second change is not saved, with a sentence")
    check(not other.messages and not other.foreign, f"the second person: {other.messages} {other.foreign}")
    other.close()


def auditor(chromium, desk, check):
    reader = Visitor(chromium, desk).sign_in("auditor")
    check(reader.page.query_selector("[data-key=a]") is None, "an auditor has no button that changes something")
    reader.page.click("text=Sign out")
    reader.page.wait_for_url("**/ui/sign-in*")
    check(reader.go("/ui/queue").status == 401, "after signing out the queue asks for a key")
    reader.close()


def appearance(chromium, folder, check, looked_at, screenshots):
    """Every page in three widths, both schemes and both languages, with axe; the size of the first page."""
    desk = Desk(folder)
    with desk.serving():
        ids = desk.decide(25)
        long = "word " * 3000 + "x" * 400
        desk.decide(1, lambda _: long)
        pages = {"queue": "/ui/queue", "queue empty": "/ui/queue?state=automatic&label=none", "queue filtered": "/ui/queue?state=any&order=newest",
                 "ticket": f"/ui/tickets/{ids[0]}", "ticket long": "/ui/tickets/T-0", "sign-in": "/ui/sign-in",
                 "knowledge": "/ui/knowledge", "article": "/ui/knowledge/KB-101", "operations": "/ui/operations?days=1", "operations year": "/ui/operations?days=365", "model": "/ui/model", "access": "/ui/access",
                 "missing": "/ui/tickets/none"}
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                visitor = Visitor(chromium, desk, viewport={"width": width, "height": 900}, color_scheme=scheme,
                                  locale="de" if width == 360 else "en")
                for name, path in pages.items():
                    visitor.go(path)
                    looked_at(visitor.page, f"console {name} {width} {scheme}", screenshots)
                messages = [text for text in visitor.messages if "404" not in text]
                check(not messages and not visitor.foreign, f"console {width} {scheme}: {messages} {visitor.foreign}")
                visitor.close()
        for path in ("/ui", "/ui/queue", f"/ui/tickets/{ids[0]}"):
            size = len(desk.server.ask("GET", path, headers={"Accept": "text/html"})[2])
            check(size <= 60 << 10, f"{path}: {size} bytes of 61440")


@contextlib.contextmanager
def identity_provider(*options):
    """A provider from PyPI with a person for each role and one without any; its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    people = [{"sub": "ann", "preferred_username": "ann", "groups": ["leads"]}, {"sub": "bob", "preferred_username": "bob", "groups": ["kitchen"]}]
    process = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / "oidc-provider-mock", "--port", str(port), "--require-nonce", "true", *options,
         *(word for person in people for word in ("--user-claims", json.dumps(person)))],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", port)
                line.request("GET", "/jwks")
                if line.getresponse().status == 200:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def through_provider(visitor, person):
    """From the page to sign in to the provider's page, and back as a person."""
    visitor.go("/ui/queue")
    visitor.page.click("text=Sign in with your account")
    visitor.page.click(f"button[value={person}]")
    visitor.page.wait_for_load_state()


def provider(chromium, folder, check, looked_at, screenshots):
    """Signing in at an identity provider: a lead, somebody without a role, a token that has expired, tricks with the address,
    and a provider that is away."""
    desk = Desk(folder, "agent")
    (folder / "client.secret").write_text("a secret of this check")
    settings = {"TRIAGE_OIDC_CLIENT_ID": "desk", "TRIAGE_OIDC_CLIENT_SECRET_FILE": folder / "client.secret", "TRIAGE_OIDC_ROLE_CLAIM": "groups", "TRIAGE_OIDC_ROLES": "leads=lead,helpdesk=agent"}
    with identity_provider() as issuer, desk.serving(TRIAGE_OIDC_ISSUER=issuer, **settings):
        identifier = desk.decide(1)[0]
        visitor = Visitor(chromium, desk)
        page = visitor.page
        visitor.go("/ui/sign-in?to=/ui/queue")
        looked_at(page, "console sign-in provider 1280 light", screenshots)
        through_provider(visitor, "ann")
        check("/ui/queue" in page.url and "ann" in page.inner_text("header"), "a lead signs in at the provider and comes back")
        visitor.go(f"/ui/tickets/{identifier}")
        page.click("text=Correct a field")
        form = page.locator("form", has=page.locator("input[name=field][value=severity]")).last
        form.locator("select").select_option("Critical")
        form.locator("button").click()
        page.locator("#status", has_text="Saved.").wait_for()
        check("by ann" in page.inner_text("#work"), "the history names the person")
        visitor.go("/ui/access")
        check("signed_in" in page.inner_text("main") and "roles lead" in page.inner_text("main"), "the audit log has the sign-in")
        page.click("header >> text=Sign out")
        page.wait_for_url("**signed-out**")
        check(visitor.go("/ui/queue").status == 401, "after signing out the session has ended")
        visitor.go("/ui/sign-in?signed-out=true")
        page.click("text=Sign out of your account too")
        page.click("button:has-text('End session')")
        page.wait_for_url("**/ui/sign-in*")
        check(True, "signing out of the account comes back")
        through_provider(visitor, "bob")
        check("no role here" in page.inner_text("#status"), "without a role nobody signs in, with a sentence")
        looked_at(page, "console sign-in without a role 1280 light", screenshots)
        check(visitor.go("/ui/queue").status == 401, "and there is no session")
        visitor.go("/ui/sign-in/provider")
        with page.expect_response(lambda answer: "/ui/sign-in/return" in answer.url) as returned:
            page.click("button[value=ann]")
        page.wait_for_load_state()
        used = re.sub("^http://[^/]*", "", returned.value.url)
        check(visitor.go(used).status == 400 and "took too long" in page.inner_text("#status"), "a code that was used does not work again")
        visitor.go("/ui/sign-in/provider")
        forged = visitor.go("/ui/sign-in/return?state=forged&code=x")
        check(forged.status == 400 and "took too long" in page.inner_text("#status"), "a state that nobody began is refused")
        visitor.go("/ui/sign-in/provider")
        page.click("text=Deny")
        page.wait_for_load_state()
        check("Sign in again" in page.inner_text("#status"), "whoever denies at the provider reads a sentence")
        # The provider's own page has a style sheet of another host.
        foreign = [url for url in visitor.foreign if not url.startswith(issuer) and not url.endswith("/pico.min.css")]
        check(not foreign, f"requests to other hosts: {foreign}")
        visitor.close()
    # The clock may differ by a minute, so the token has been expired for longer.
    with identity_provider("--token-max-age", "-120") as issuer, desk.serving(TRIAGE_OIDC_ISSUER=issuer, **settings):
        visitor = Visitor(chromium, desk)
        through_provider(visitor, "ann")
        check("not confirmed" in visitor.page.inner_text("#status"), "a token that has expired begins no session")
        check(any("has expired" in line for line in desk.server.log), "the log has the reason")
        visitor.close()
    with desk.serving(TRIAGE_OIDC_ISSUER=issuer, **settings):
        visitor = Visitor(chromium, desk)
        visitor.go("/ui/queue")
        visitor.page.click("text=Sign in with your account")
        visitor.page.wait_for_load_state()
        check("cannot be checked" in visitor.page.inner_text("#status"), "a provider that is away: a sentence, and the key's form")
        looked_at(visitor.page, "console sign-in provider away 1280 light", screenshots)
        visitor.page.fill("#key", desk.keys["agent"])
        visitor.page.press("#key", "Enter")
        visitor.page.wait_for_url("**/ui/queue")
        check(visitor.go("/ui/queue").status == 200, "a key works all the same")
        visitor.close()


def knowledge(chromium, folder, check, looked_at, screenshots):
    """An article's texts: what they change, saved, and used by the next ticket; a second person who was slower."""
    shutil.copytree(ROOT / "kb", folder / "kb")
    desk = Desk(folder, "lead", "auditor")
    with desk.serving("--kb", folder / "kb"):
        text = "I forgot my password, how do I reset my password"
        desk.send("/v1/triage", {"id": "T-1", "subject": "Forgot it", "body": text})
        visitor, other = Visitor(chromium, desk).sign_in("lead"), Visitor(chromium, desk).sign_in("lead")
        page = visitor.page
        visitor.go("/ui/knowledge/KB-101")
        page.click("a[href$='/edit']")
        other.go("/ui/knowledge/KB-101/edit")
        looked_at(page, "console article edit 1280 light", screenshots)
        page.fill("[name=action]", "Call the user back first.")
        page.fill("[name=reply]", "Please choose a new password.\n\n1. Open the page.\n2. Wait.")
        check(page.query_selector("button[value=save]") is None, "nothing is saved before its effect was seen")
        page.click("text=See what changes")
        page.wait_for_selector("ins")
        check("1 would get another article or next step" in page.inner_text("main"), "the tickets with another next step are counted")
        looked_at(page, "console article effect 1280 light", screenshots)
        page.click("button[value=save]")
        page.locator("#status", has_text="Saved. The article is in use.").wait_for()
        check("Call the user back first." in page.inner_text("main"), "the article has the new text")
        for number, day in enumerate(("Monday", "Tuesday", "Friday")):
            desk.send("/v1/triage", {"id": f"U-{number}", "subject": f"Parking garage barrier stuck {day}", "body": "The barrier of the parking garage is stuck"})
        visitor.go("/ui/knowledge")
        page.click("text=Questions without an article")
        page.click("text=Proposed article")
        stub = page.inner_text("pre")
        check("barrier" in stub and "Parking garage barrier stuck Friday" in stub, "alike questions without an article get a proposed one")
        looked_at(page, "console unanswered 1280 light", screenshots)
        answer = desk.send("/v1/triage", {"body": text})[1]
        check(answer["next_action"] == "Call the user back first.", "the next decision uses it")
        other.page.fill("[name=reply]", "Slower.")
        other.page.click("text=See what changes")
        other.page.locator("#status", has_text="Somebody else changed this article").wait_for()
        check("Slower." not in (folder / "kb" / "kb-101-password-forgotten-or-expired.md").read_text(), "the slower person's text is not saved")
        reader = Visitor(chromium, desk).sign_in("auditor")
        reader.go("/ui/knowledge/KB-101")
        check(reader.page.query_selector("a[href$='/edit']") is None, "an auditor edits no article")
        check(not visitor.messages and not visitor.foreign, f"an article: {visitor.messages} {visitor.foreign}")
        for person in (visitor, other, reader):
            person.close()
    code, output, _ = triage("ledger", "verify", "--store", folder / "store")
    check(code == 0, f"the ledger verifies after an article was saved: {output[:100]}")


def without_scripts(chromium, folder, check):
    desk = Desk(folder, "agent")
    with desk.serving():
        desk.decide(3)
        visitor = Visitor(chromium, desk, java_script_enabled=False, locale="de").sign_in("agent")
        page = visitor.page
        check(page.inner_text("[data-key=a]").startswith("a Annehmen"), "the page is in the browser's language")
        page.click("[data-key=a]")
        check(desk.open_count() == 2 and page.inner_text("#status") == "Gespeichert.", "without scripts: accepted")
        page.click("[data-key=u]")
        check(desk.open_count() == 3, "without scripts: taken back")
        page.click("text=English")
        check(page.get_attribute("html", "lang") == "en", "without scripts: the language is switched")
        page.click("text=Filters")
        page.select_option("select[name=order]", "newest")
        page.click("text=Show")
        check("order=newest" in page.url and "Ticket 2" in page.inner_text("#open"), "without scripts: filters work")
        page.click(".queue li:nth-child(3) a")
        check("Ticket 0" in page.inner_text("#open"), "without scripts: a ticket is opened")
        visitor.close()


def planted_keys(folder, desk):
    """A key for each payload in its owner's name and its remark; nobody uses them."""
    file = folder / "keys.json"
    keys = json.loads(file.read_text())
    keys["keys"] += [{**keys["keys"][0], "id": f"{number:012}", "name": payload.replace("\0", ""), "note": payload.replace("\0", "")}
                     for number, payload in enumerate(PAYLOADS)]
    file.write_text(json.dumps(keys))


def planted_articles(folder):
    """A knowledge base with a payload in each field of each article."""
    articles = [{"id": f"A-{number} {payload}", "title": payload, "category": payload, "symptoms": [payload], "severity": payload,
                 "recommended_action": payload, "reply": payload} for number, payload in enumerate(PAYLOADS)]
    for article in articles:
        article.update({name: value.replace("\0", "") if isinstance(value, str) else [text.replace("\0", "") for text in value]
                        for name, value in article.items()})
    (folder / "kb.json").write_text(json.dumps(articles))
    return folder / "kb.json"


def markup(chromium, folder, check):
    """Payloads in every field that a ticket, an article, a label, a note, a name and an id can carry: none runs."""
    desk = Desk(folder, "admin")
    planted_keys(folder, desk)
    with desk.serving("--kb", planted_articles(folder)):
        visitor = Visitor(chromium, desk).sign_in("admin")
        visitor.page.expose_function("planted", lambda: visitor.messages.append("a payload ran"))
        for number, payload in enumerate(PAYLOADS):
            plain = "".join(letter for letter in payload if ord(letter) >= 32)
            fields, _ = desk.send("/v1/triage", {"id": plain, "subject": payload, "body": f"my account is locked {payload}"})
            decision = fields["Triage-Decision-Id"]
            desk.send("/v1/feedback", {"decision_id": decision, "field": "category", "label": plain.replace("\u202e", ""),
                                       "note": payload, "new_label": True})
            place = urllib.parse.quote(payload, safe="")
            article = urllib.parse.quote(f"A-{number} {payload}".replace("\0", ""), safe="")
            for path in (f"/ui/tickets/{decision}?back={place}", f"/ui/knowledge/{article}", f"/ui/sign-in?to=/ui?{place}",
                         f"/ui/queue?state=any&open={decision}&label={place}&reason={place}&message={place}&done={place}&after={place}"):
                visitor.go(path)
            if number % 10 == 0:
                visitor.go(f"/ui?lang={place}")
                visitor.page.fill("#description", payload + " my account is locked")
                with visitor.page.expect_navigation():
                    visitor.page.click("main button[type=submit]")
        for path in ("/ui/queue?state=any", "/ui/knowledge", "/ui/operations", "/ui/access", "/ui/model", "/ui/model/audit?field=category"):
            visitor.go(path)
            while following := visitor.page.query_selector("[rel=next]"):
                visitor.go(following.get_attribute("href"))
        # A ticket's id may be too odd for an address, and an article's too.
        messages = [text for text in visitor.messages if "404" not in text]
        check(not messages and not visitor.foreign, f"{len(PAYLOADS)} payloads in every field: {messages[:3]} {visitor.foreign[:3]}")
        visitor.close()


def outages(chromium, folder, check, looked_at, screenshots):
    """A run of similar tickets is announced above the queue and the counts."""
    desk = Desk(folder)
    with desk.serving():
        desk.decide(120, lambda number: f"{TICKETS[number % len(TICKETS)]} case c{number}x")
        visitor = Visitor(chromium, desk)
        visitor.go("/ui/queue")
        check(visitor.page.query_selector(".outage") is None, "without an outage there is no banner")
        desk.decide(6, lambda number: f"the vpn gateway drops everybody in office o{number}x")
        for name in ("queue", "operations"):
            visitor.go(f"/ui/{name}")
            banner = visitor.page.inner_text(".outage")
            check("6 in" in banner and "vpn" in banner and "Ticket 0" in banner, f"{name}: the banner has count, words and tickets")
            looked_at(visitor.page, f"console outage {name} 1280 light", screenshots)
        visitor.page.click(".outage a")
        visitor.page.wait_for_url("**/ui/tickets/**")
        check("vpn" in visitor.page.inner_text("#work"), "a link opens the ticket")
        check(not visitor.messages and not visitor.foreign, f"outages: {visitor.messages} {visitor.foreign}")
        visitor.close()


def train(folder, rows, *options):
    """A registry with a model that is right on its held-out rows, but for a few."""
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    code, _, errors = triage("train", "--data", folder / "rows.jsonl", "--label", "category", "--registry", folder / "desk",
                             "--fixed", "--calibrate", *options)
    if code:
        raise RuntimeError(errors)


WORDS = [("Billing", "refund invoice charge"), ("Login", "password account locked"), ("Bug", "crash error screen")]


def rows():
    """Labelled tickets of three kinds, a few of them wrong."""
    return [{"text": f"{WORDS[place % 3][1]} {place} number{place}", "category": WORDS[(place + (place % 29 == 0)) % 3][0]}
            for place in range(330)]


def audit(chromium, folder, check, looked_at, screenshots):
    """Labels that people gave: the wrong ones are listed, and kept or changed by keyboard; then the same pages as an auditor."""
    train(folder, rows(), "--learning-curve")
    desk = Desk(folder, "lead", "auditor", "admin")
    settings = {"TRIAGE_LLM_URL": "http://127.0.0.1:9/v1", "TRIAGE_LLM_MODEL": "m", "TRIAGE_LLM_PRICE": "3,15", "TRIAGE_LLM_DAILY_BUDGET": "5",
                "TRIAGE_LLM_MONTHLY_BUDGET": "100"}
    with desk.serving("--model", folder / "desk", **settings):
        wrong = (10, 25, 40)
        for number, decision in enumerate(desk.decide(130, lambda number: f"{WORDS[number % 3][1]} case c{number}x")):
            if number < 60:
                label = WORDS[(number + (number in wrong)) % 3][0]
                desk.send("/v1/feedback", {"decision_id": decision, "field": "category", "label": label})
        visitor = Visitor(chromium, desk).sign_in("lead")
        page = visitor.page
        visitor.go("/ui/model")
        check("Learning curve: category" in page.inner_text("#work"), "the model's page has the learning curve")
        looked_at(page, "console model learning 1280 light", screenshots)
        page.click("text=Labels that are probably wrong: category")
        page.locator(".queue").wait_for(timeout=60_000)
        titles = page.locator(".queue b").all_inner_texts()
        check(set(titles[:3]) == {f"Ticket {number}" for number in wrong}, f"the wrong labels are listed first: {titles[:5]}")
        looked_at(page, "console audit 1280 light", screenshots)
        first = page.inner_text("#open")
        visitor.press("j")
        check(page.inner_text("#open") != first, "j opens the next label")
        visitor.press("k")
        visitor.press("1")
        changed = desk.send("/v1/feedback?undone=false&limit=200", None, "GET")[1]["items"]
        number = int(first.split()[1])
        check(any(item["ticket_id"] == f"T-{number}" and item["label"] == WORDS[number % 3][0] for item in changed), "1 sets the suggested label")
        check(first not in page.locator(".queue b").all_inner_texts(), "the label leaves the list")
        visitor.press("u")
        check(first in page.locator(".queue b").all_inner_texts(), "u brings it back")
        visitor.press("a")
        check(page.inner_text("#status") == "Saved." and len(page.locator(".queue b").all_inner_texts()) == len(titles) - 1, "a keeps a label")
        visitor.go("/ui/operations?days=1")
        page.locator("#drift-title").wait_for(state="attached", timeout=60_000)
        check("Deciding a ticket" in page.inner_text("#work") and "5.00" in page.inner_text("#work"), "times and the budget are shown")
        looked_at(page, "console operations full 1280 light", screenshots)
        check(not visitor.messages and not visitor.foreign, f"the audit: {visitor.messages} {visitor.foreign}")
        visitor.close()
        for scheme in ("light", "dark"):
            reader = Visitor(chromium, desk, viewport={"width": 360, "height": 800}, color_scheme=scheme).sign_in("auditor")
            for name, path in {"queue": "/ui/queue?state=any", "ticket": "/ui/tickets/T-1", "operations": "/ui/operations", "model": "/ui/model",
                               "audit": "/ui/model/audit?field=category", "access": "/ui/access", "knowledge": "/ui/knowledge"}.items():
                reader.go(path)
                looked_at(reader.page, f"console auditor {name} 360 {scheme}", screenshots)
            check(not reader.messages and not reader.foreign, f"an auditor: {reader.messages} {reader.foreign}")
            reader.close()
    code, output, _ = triage("ledger", "verify", "--store", folder / "store")
    check(code == 0, f"the ledger verifies after an audit of labels: {output[:100]}")


def model(chromium, folder, check, looked_at, screenshots):
    """A threshold, its effect, and the version that it becomes; promoted, and gone back from."""
    train(folder, rows())
    desk = Desk(folder, "lead", "auditor", "admin")
    with desk.serving("--model", folder / "desk"):
        visitor = Visitor(chromium, desk).sign_in("lead")
        page = visitor.page
        visitor.go("/ui/model")
        check("held-out rows" in page.inner_text("#work"), "the model's page has the held-out rows")
        looked_at(page, "console model 1280 light", screenshots)
        page.focus("#precision-category")
        with page.expect_response(lambda answer: "precision=" in answer.url):
            page.keyboard.press("Home")
        page.locator("#effect-category", has_text="With this target").wait_for()
        check(page.evaluate("document.activeElement.id") == "precision-category", "the slider keeps the focus")
        effect = page.inner_text("#effect-category")
        check("automatic" in effect and "at least" in effect, f"the effect is shown before it is saved: {effect[:120]!r}")
        looked_at(page, "console model effect 1280 light", screenshots)
        page.click("text=Save these thresholds")
        page.locator("#status", has_text="Saved as the newest version").wait_for()
        check("v2" in page.inner_text("#work"), "it is the newest version")
        page.fill("form[action='/ui/model/promote'] [name=reason]", "more tickets answered")
        page.click("text=Let it decide")
        page.locator("#status", has_text="decides now").wait_for()
        check("Decides now: v2" in page.inner_text("#work"), "the version decides")
        used = desk.send("/v1/models", None, "GET")[1]["models"][0]["sha256"]
        version = hashlib.sha256((folder / "desk/versions/v2/manifest.json").read_bytes()).hexdigest()
        check(used == version, "the service answers with the version")
        page.fill("form[action='/ui/model/rollback'] [name=reason]", "too many mistakes")
        page.click("text=Go back to v1")
        page.locator("#status", has_text="decides again").wait_for()
        check("Decides now: v1" in page.inner_text("#work"), "the version before decides again")
        visitor.go("/ui/model?a=v1&b=v2")
        check(page.locator("table", has_text="held out").locator("tbody tr").count() == 2, "two versions side by side")
        looked_at(page, "console model compared 1280 light", screenshots)
        reader = Visitor(chromium, desk).sign_in("auditor")
        reader.go("/ui/model?field=category&precision=80")
        check(reader.page.query_selector("form[method=post][action^='/ui/model']") is None, "an auditor changes no model")
        check(not visitor.messages and not visitor.foreign, f"the model: {visitor.messages} {visitor.foreign}")
        reader.close()
        visitor.close()
    code, output, _ = triage("ledger", "verify", "--store", folder / "store")
    check(code == 0, f"the ledger verifies after changes of the model: {output[:100]}")


def walk(chromium, folder, check, looked_at, screenshots):
    """As a support lead who sees the pages for the first time: the least sure ticket found, corrected, and seen in the list."""
    desk = Desk(folder, "lead")
    with desk.serving():
        for number, (subject, body) in enumerate(WALK):
            desk.send("/v1/triage", {"id": f"D-{4711 + number}", "subject": subject, "body": body})
        visitor = Visitor(chromium, desk, viewport={"width": 1000, "height": 640})
        page, steps = visitor.page, []

        def step(what, *others):
            steps.append(what)
            for other in others:
                other()

        def picture(name):
            if screenshots:
                page.screenshot(path=screenshots / f"{name}.png")

        step("open the address", lambda: visitor.go("/ui/queue"))
        step("paste the key", lambda: page.fill("#key", desk.keys["lead"]))
        step("sign in", lambda: page.press("#key", "Enter"), lambda: page.wait_for_url("**/ui/queue*"))
        visitor.messages.clear()
        title = page.inner_text("#open")
        check(title == page.inner_text(".queue li:first-child b") and page.is_visible("mark"), "the least sure ticket is open, with its words")
        picture("ConsoleQueue")
        step("open the ticket", lambda: page.click("text=Open the ticket"), lambda: page.wait_for_url("**/ui/tickets/**"))
        step("unfold the correction", lambda: page.click("text=Correct a field"))
        form = page.locator("form", has=page.locator("input[name=field][value=severity]")).last
        step("choose a label", lambda: form.locator("select").select_option("Critical"))
        step("write a note", lambda: form.locator("[name=note]").fill("the quarter closes today"))
        picture("ConsoleTicket")
        step("save", lambda: form.locator("button").click(), lambda: page.locator("#status", has_text="Saved.").wait_for())
        step("go back to the queue", lambda: page.click("text=Back to the queue"), lambda: page.wait_for_url("**/ui/queue*"))
        step("unfold the filters", lambda: page.click("text=Filters"))
        step("choose every state", lambda: page.select_option("select[name=state]", "any"))
        step("show the list", lambda: page.click("text=Show"), lambda: page.wait_for_url("**state=any*"))
        item = page.locator(".queue li", has_text=title)
        check("Critical" in item.inner_text(), f"the list has the ticket with its new label after {len(steps)} steps")
        check(len(steps) <= 12, f"{len(steps)} steps of 12")
        picture("ConsoleList")
        check(not visitor.messages and not visitor.foreign, f"the walk: {visitor.messages} {visitor.foreign}")
        visitor.close()


def access(chromium, folder, check, looked_at, screenshots):
    """A key is made, shown once, used, and revoked while its owner works."""
    desk = Desk(folder, "agent", "admin")
    with desk.serving():
        visitor = Visitor(chromium, desk).sign_in("admin")
        page = visitor.page
        visitor.go("/ui/access")
        looked_at(page, "console access 1280 light", screenshots)
        page.fill("[name=name]", "ann")
        page.select_option("[name=role]", "lead")
        page.click("text=Make a key")
        desk.keys["ann"] = page.inner_text("#made")
        looked_at(page, "console access made 1280 light", screenshots)
        ann = Visitor(chromium, desk).sign_in("ann")
        visitor.go("/ui/access")
        check(desk.keys["ann"] not in page.content(), "a key is shown once")
        page.locator("tr", has_text="ann").locator("text=Revoke").click()
        page.wait_for_url("**/ui/access?message=revoked")
        check(ann.go("/ui/queue").status == 401, "a revoked key's session has ended")
        check("key_revoked" in page.inner_text("main"), "the audit log has it")
        check(not visitor.messages and not visitor.foreign, f"access: {visitor.messages} {visitor.foreign}")
        ann.close()
        visitor.close()


def reconnect(chromium, folder, check):
    """A page that stays open while the service restarts learns of new tickets."""
    desk = Desk(folder)
    with desk.serving():
        port = desk.server.port
        desk.decide(2)
        visitor = Visitor(chromium, desk)
        visitor.go("/ui/queue")
        desk.decide(1)
        visitor.page.wait_for_selector("#news:visible", timeout=20_000)
        check(visitor.page.inner_text("#news").startswith("1 "), "a new ticket is counted")
    with desk.serving(TRIAGE_PORT=port):
        desk.decide(1)
        visitor.page.locator("#news", has_text="2 ").wait_for(timeout=30_000)
        check(True, "after a restart the page goes on with what it missed")
        visitor.page.click("#news")
        visitor.page.locator("#work", has_text="Tickets: 4").wait_for(timeout=20_000)
        check(not visitor.page.is_visible("#news"), "the list is new, and nothing is counted any more")
        visitor.close()


def console(chromium, folder, check, looked_at, screenshots):
    for name, flow in (("queue", queue), ("appearance", appearance), ("outages", outages), ("model", model), ("audit", audit), ("access", access), ("walk", walk), ("provider", provider),
                       ("knowledge", knowledge)):
        (folder / name).mkdir()
        flow(chromium, folder / name, check, looked_at, screenshots)
    for name, flow in (("scripts", without_scripts), ("markup", markup), ("reconnect", reconnect)):
        (folder / name).mkdir()
        flow(chromium, folder / name, check)
