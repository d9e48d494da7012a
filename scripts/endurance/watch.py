"""Weeks of simulated tickets through the service: precision from the blind sample, no alarm without a change, a new product found."""
import json
import random

from .server import Server, triage

WEEK = 100  # tickets
SHARE = 0.03
LABELS = {
    "Login": "password account locked sign reset code session expired browser cookie token",
    "Billing": "invoice refund charged card payment twice receipt amount subscription tax total",
    "Bug": "crash error broken screen freeze button save report export slow update",
    "Shipping": "parcel delivery courier address late tracking box returned damaged warehouse order",
}
SHARED = ("hello please help thanks today again still since morning cannot need customer question team office "
          "computer phone morning evening soon problem issue urgent colleague manager").split()


def ticket(chance, number, extra=""):
    """A ticket and its label; one in twelve has the words of another label, so that the model is sometimes wrong."""
    label = chance.choice(sorted(LABELS))
    source = chance.choice(sorted(LABELS)) if chance.random() < 0.11 else label
    words = chance.choices(LABELS[source].split(), k=4) + chance.choices(SHARED, k=6) + [f"n{chance.randrange(900)}x"]
    chance.shuffle(words)
    return {"id": f"T-{number}", "body": " ".join(words) + (f" {extra}" if extra else "")}, label


def decide(server, tickets):
    lines = "".join(json.dumps(row) + "\n" for row in tickets)
    status, _, data = server.ask("POST", "/v1/triage/batch", lines, {"Content-Type": "application/x-ndjson"})
    assert status == 200, status
    return [json.loads(line) for line in data.splitlines()]


def monitor(store, model):
    code, out, errors = triage("monitor", "--store", store, "--model", model, "--recent", "100000", "--json")
    if code not in (0, 1):
        raise RuntimeError(errors)
    return json.loads(out)


def watch(folder, weeks, say):
    chance = random.Random(11)
    rows = [(row, label) for row, label in (ticket(chance, f"old-{number}") for number in range(1_500))]
    data = folder / "rows.jsonl"
    data.write_text("".join(json.dumps({**row, "category": label}) + "\n" for row, label in rows))
    model, store = folder / "model", folder / "store"
    code, _, errors = triage("train", "--data", data, "--label", "category", "--fixed", "--calibrate", "--embedding",
                             "none", "--language", "none", "--target", "precision=0.8", "--output", model)
    if code:
        raise RuntimeError(errors)
    truth, alarms, found = [], 0, None
    say(f"{weeks} weeks of {WEEK} tickets")
    with Server(folder, "--model", model, "--kb", "none", "--language", "none", "--store", store, "--blind-sample",
                SHARE) as server:
        for week in range(weeks):
            tickets = [ticket(chance, week * WEEK + number) for number in range(WEEK)]
            for (row, label), decision in zip(tickets, decide(server, [row for row, _ in tickets])):
                field = decision["predictions"]["category"]
                if field["level"] == "auto":
                    truth.append(field["label"] == label)
                elif "BLIND_SAMPLE" in field["reasons"] and chance.random() < 0.95:
                    server.ask("POST", "/v1/feedback", {"ticket_id": row["id"], "field": "category", "label": label})
        report = monitor(store, model)
        alarms = len(report["changes"])
        for step in range(20):
            tickets = [ticket(chance, f"new-{step}-{number}", "flurbpad ring" if chance.random() < 0.1 else "")
                       for number in range(10)]
            decide(server, [row for row, _ in tickets])
            changes = [one for one in monitor(store, model)["changes"] if one.get("word") in ("flurbpad", "ring")]
            if changes:
                found = (step + 1) * 10
                break
    counted = next(one for one in report["precision"] if one["label"] is None)
    share = sum(truth) / len(truth)
    return {
        "weeks without a change": weeks, "alarms in them (1 allowed), not honoured": max(0, alarms - 1),
        "automatic answers that were right": f"{share:.3f}",
        "labels of the blind sample": counted["judged"],
        "interval": f"{counted['low']:.3f} to {counted['high']:.3f}",
        "precision outside the interval, not honoured": int(not counted["low"] <= share <= counted["high"]),
        "tickets until the new product was named": found or "never",
        "new product not counted": int(found is None),
    }
