"""The starter bundle on tickets of strangers: sources and tickets that it was not trained on."""
from starter import recipe

from .report import Figure

# Of the starter's first recipe, by the same measure.
BEFORE = {"macro-F1": 0.596, "severity": 0.790}


def starter(context):
    """Training without one source at a time, tickets in other languages, and with --judged the test."""
    program = recipe.Program(lambda *arguments: context.triage(*arguments).output.decode())
    for language, tickets in sorted(recipe.other_languages().items()):
        fields = context.once(("starter", language), lambda: program.measure(context.starter, tickets))
        yield Figure(f"{language}, never trained on: category accuracy", fields["category"]["accuracy"], target=(">=", 0.75),
                     note=f"{len(tickets)} tickets; severity {fields['severity']['accuracy']:.4f}")
    if context.judged:
        yield from judged(context)
    if not context.quick:
        yield from without_one_source(context, program)


def without_one_source(context, program):
    context.dataset("starter_judged/test.jsonl")
    tickets = recipe.Tickets(context.datasets)
    figures = []
    for source in recipe.MEASURED:
        context.say(f"train the starter without {source}")
        figures.append(program.without(source, tickets))
    f1, accuracy, severity = recipe.mean(figures)
    note = f"mean of {len(figures)} sources; accuracy {accuracy:.4f}; the first recipe had"
    yield Figure("without one source at a time, on it: category macro-F1", f1, target=(">=", BEFORE["macro-F1"] + 0.05),
                 note=f"{note} {BEFORE['macro-F1']}")
    yield Figure("without one source at a time, on it: severity accuracy", severity, target=(">=", BEFORE["severity"] + 0.05),
                 note=f"the first recipe had {BEFORE['severity']}")


def judged(context):
    """The shipped bundle on 204 judged tickets that it was never trained on."""
    result = context.evaluate(context.starter, context.dataset("starter_judged/test.jsonl"))
    category, severity = result["category"], result["severity"]
    yield Figure("judged: category accuracy", category["accuracy"], target=(">=", 0.75), note=f"{category['rows']} tickets")
    yield Figure("judged: category macro-F1", category["macro_f1"], target=(">=", 0.65))
    yield Figure("judged: severity accuracy", severity["accuracy"])
    yield Figure("judged: severity under-triaged", severity["under_triage"], note=f"over-triaged {severity['over_triage']:.4f}")
