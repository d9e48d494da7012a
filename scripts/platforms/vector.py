"""The configurations of Vector: their options by Vector's reference, and their programs by Vector's own compiler.

No registry that the gate may use has Vector itself. Its language for transforms (VRL) is on PyPI: each transform is compiled, and
gets the log of a running service, line by line. What a sink would send is compared with the line.
"""
import json
import pathlib
import re

FOLDER = "scripts/ops/vector"
BASE = "vector.yaml"
SINKS = ("loki.yaml", "elasticsearch.yaml", "datadog.yaml")
# A line that is no JSON, and two that are, but no objects.
OTHER_LINES = ("Swift/Array.swift:12: a line of the runtime", "[1]", '"text"')


def load(root, name):
    """The base and one sink, as Vector reads both."""
    import yaml
    whole = {}
    for file in (BASE, name):
        for part, content in yaml.safe_load((root / FOLDER / file).read_text(encoding="utf-8")).items():
            if isinstance(content, dict):
                whole.setdefault(part, {}).update(content)
            else:
                whole[part] = content
    return whole


def rules(root):
    """Faults that show without a log."""
    import jsonschema
    schema = json.loads((pathlib.Path(__file__).parent / "schemas" / "vector.json").read_text(encoding="utf-8"))
    for name in SINKS:
        whole = load(root, name)
        for error in jsonschema.Draft202012Validator(schema).iter_errors(whole):
            yield f"{FOLDER}/{name}: {error.json_path}: {error.message}"
        yield from (f"{FOLDER}/{name}: {fault}" for fault in [*links(whole), *texts(root, name, whole), *programs(whole)])


def links(whole):
    """Inputs that nothing has."""
    components = {*whole["sources"], *whole["transforms"]}
    for part in ("transforms", "sinks"):
        for name, content in whole[part].items():
            for wanted in content.get("inputs", []):
                if wanted not in components:
                    yield f"{part}.{name}: no source or transform is called {wanted}"


def texts(root, name, whole):
    """Secrets of unknown stores, and variables of the environment, which Vector 0.57 no longer replaces."""
    for file in (BASE, name):
        text = (root / FOLDER / file).read_text(encoding="utf-8")
        for store in re.findall(r"SECRET\[(\w+)\.", text):
            if store not in whole.get("secret", {}):
                yield f"no store of secrets is called {store}"
        if "${" in text:
            yield f"{file} has a variable of the environment, which Vector reads only with a flag from 0.57 on"


def programs(whole):
    from vrl_python import VRLRuntime
    for name, content in whole["transforms"].items():
        if fault := VRLRuntime.check_syntax(content["source"]):
            yield f"transforms.{name}: {' '.join(fault.formatted_message.split())}"


# With a log

def events(whole, lines):
    """Each line with what the sink gets of it; an exception where a program ends with an error."""
    from vrl_python import VRLRuntime
    runtime = VRLRuntime()
    sink, = whole["sinks"].values()
    for line in lines:
        event = {"message": line, "host": "desk", "timestamp": "2026-01-02T03:04:05Z", "source_type": "journald"}
        for name in chain(whole, sink["inputs"][0]):
            event = runtime.execute(whole["transforms"][name]["source"], event).processed_event
        yield line, event, sink


def chain(whole, name):
    """The transforms from the source to one, in order."""
    found = []
    while name in whole["transforms"]:
        found.insert(0, name)
        name, = whole["transforms"][name]["inputs"]
    return found


def shipped(root, log, for_elastic):
    """What a sink would get other than it should, of running services' logs and of lines that are no objects.

    Lines of the one log are the service's own JSON, of the other those of `log.format: ecs`.
    """
    yield from shipped_to(root, log, SINKS, "trace_id")
    yield from shipped_to(root, for_elastic, ("elasticsearch.yaml",), "trace.id")


def shipped_to(root, log, sinks, trace):
    lines = [line for line in pathlib.Path(log).read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    if not any(f'"{trace}"' in line for line in lines):
        yield f"{FOLDER}: the log has no request with a trace"
    for name in sinks:
        whole = load(root, name)
        try:
            for line, event, sink in events(whole, [*lines, *OTHER_LINES]):
                yield from (f"{FOLDER}/{name}: {fault} of {line}" for fault in lost(line, event, sink))
        except (ValueError, RuntimeError) as error:
            yield f"{FOLDER}/{name}: {' '.join(str(error).split())}"


def leaves(value):
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    else:
        yield value


def lost(line, event, sink):
    """Values of a line that no field of the event has, and fields that the place needs and the event lacks."""
    wanted = json.loads(line) if line.startswith("{") else {"message": line}
    kept = list(leaves(event))
    for name, value in wanted.items():
        same = [value] + ([round(value * 1_000_000)] if name == "duration_ms" else [])
        if name not in ("ts", "@timestamp") and not any(one in kept for one in same):
            yield f"{name} is lost"
    if "timestamp" not in event or "desk" not in kept:
        yield "time or host is lost"
    for field in re.findall(r"\{\{ *(\w+) *\}\}", json.dumps(sink)):
        if field not in event:
            yield f"a label needs {field}, which is not in the event"
    yield from NEEDS[sink["type"]](event, wanted)


def of_common_schema(event, wanted):
    """Names of Elastic's common schema: a field outside it would be mapped by chance."""
    known = {"timestamp", "message", "ecs", "error", "event", "host", "http", "log", "service", "span", "trace", "triage"}
    event = dict(dotted(event))
    if not (roots := {name.split(".")[0] for name in event}) <= known:
        yield f"{roots - known} is outside the schema"
    for field, name in (("http.response.status_code", "status"), ("trace.id", "trace_id"), ("log.level", "level")):
        value = wanted.get(name, wanted.get(field, "notice" if name == "level" else None))
        if event.get(field) != value:
            yield f"{field} is wrong"


def dotted(value, prefix=""):
    """Fields with their whole names, as Elasticsearch reads both ways of writing them."""
    for name, part in value.items():
        if isinstance(part, dict):
            yield from dotted(part, f"{prefix}{name}.")
        else:
            yield prefix + name, part


def of_datadog(event, wanted):
    """Datadog's reserved names."""
    for field, value in (("service", "ticket-triage"), ("ddsource", "triage"), ("hostname", "desk"),
                         ("status", wanted.get("level", "notice"))):
        if event.get(field) != value:
            yield f"{field} is {event.get(field)}, not {value}"
    if "trace_id" in wanted and event["dd"]["trace_id"] != wanted["trace_id"]:
        yield "dd.trace_id is wrong"


NEEDS = {"loki": lambda event, wanted: [], "elasticsearch": of_common_schema, "datadog_logs": of_datadog}
