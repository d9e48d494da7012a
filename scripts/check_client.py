"""Use a client that openapi-python-client generated: check_client.py FOLDER DOCUMENT ADDRESS KEY

Every object of the document must have a typed class, and the client must work against the running service. Prints one line
and ends with 0, or with what failed.
"""
import importlib
import json
import pathlib
import sys
import typing

folder, document, address, key = sys.argv[1:]
sys.path.insert(0, str(pathlib.Path(folder).parent))
package = pathlib.Path(folder).name
models = importlib.import_module(f"{package}.models")
client = importlib.import_module(f"{package}").AuthenticatedClient(base_url=address, token=key)
schemas = json.loads(pathlib.Path(document).read_text())["components"]["schemas"]


def operation(tag, name):
    return importlib.import_module(f"{package}.api.{tag}.{name}")


def is_any(kind):
    """Whether a type allows any value somewhere; further members of an object are none of its own."""
    return kind is typing.Any or any(map(is_any, typing.get_args(kind)))


def untyped():
    """Objects without a class, and members of any type."""
    for name, schema in schemas.items():
        if schema.get("type") != "object":
            yield f"{name} is no object"
        elif not hasattr(models, name):
            yield f"{name} has no class"
        else:
            for member, kind in typing.get_type_hints(getattr(models, name), None, vars(models)).items():
                if member != "additional_properties" and is_any(kind):
                    yield f"{name}.{member} has any type"


if found := list(untyped()):
    sys.exit("untyped: " + "; ".join(found))

ticket = models.Ticket(id="T-1", subject="Locked out", body="My account is locked after the password change.")
decision = operation("decisions", "post_v1_triage").sync(client=client, body=ticket)
assert isinstance(decision, models.Decision) and decision.id == "T-1", decision
assert decision.predictions["category"].label == decision.category

taken = operation("queue", "post_v1_tickets").sync(client=client, body=models.Ticket(id="T-2", body="The report is slow."))
assert isinstance(taken, models.TicketState), taken
state = operation("queue", "get_v1_tickets_id").sync(taken.id, client=client)
assert isinstance(state, models.TicketState) and state.id == taken.id, state

correction = models.NewFeedback(ticket_id="T-1", field="category", label=decision.category)
feedback = operation("records_and_corrections", "post_v1_feedback").sync(client=client, body=correction)
assert isinstance(feedback, models.Feedback) and feedback.label == decision.category, feedback
listed = operation("records_and_corrections", "get_v1_decisions").sync(client=client, limit=1)
assert isinstance(listed, models.DecisionList) and listed.count >= 1 and len(listed.items) == 1, listed
wrong = operation("records_and_corrections", "post_v1_feedback").sync(
    client=client, body=models.NewFeedback(ticket_id="T-0", field="category", label=decision.category))
assert isinstance(wrong, models.Problem) and wrong.status == 404, wrong

again = operation("administration", "post_v1_admin_queue_requeue").sync(client=client, body=models.Requeue(all_=True))
assert isinstance(again, models.Requeued) and again.requeued == 0, again
missing = operation("administration", "post_v1_admin_queue_requeue").sync(
    client=client, body=models.Requeue(ids=["T-0"]))
assert isinstance(missing, models.Problem) and missing.status == 404, missing
print(f"generated client: {len(schemas)} typed models, 7 calls")
