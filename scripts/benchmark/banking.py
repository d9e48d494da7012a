"""Banking77 measured in rounds: ours and the peers in turn, so that what the machine does besides hits both."""
PEERS = ("sklearn-tfidf-svc", "fasttext")


def files(context):
    return context.dataset("banking77/train.jsonl"), context.dataset("banking77/test.jsonl")


def rounds(context):
    """Three rounds (one of --quick), measured once in a run and used by accuracy, training time and throughput."""
    return context.once("banking77", lambda: [measure(context, n) for n in range(1 if context.quick else 3)])


def measure(context, number):
    train, test = files(context)
    result = {"docs_per_s": [], "peers": {}}
    for kind, options in (("fixed", ["--fixed"]), ("search", [])):
        context.say(f"train banking77, {kind}, round {number + 1}")
        model = context.folder / f"banking77-{kind}"
        cost = context.train(train, "category", model, *options)
        result[kind] = {"cost": cost, "report": cost.json}
        if number == 0:
            result[kind]["fields"] = context.evaluate(model, test)
    result["docs_per_s"].append(docs_per_second(context, model, test))
    for name in PEERS[:1] if context.quick else PEERS:
        result["peers"][name] = context.peer(name, train, test, "category")
        result["docs_per_s"].append(docs_per_second(context, model, test))
    return result


def docs_per_second(context, model, test):
    return context.triage("bench", "--model", model, "--kb", "none", "--data", test, "--json").json["docs_per_s"]
