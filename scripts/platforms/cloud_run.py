"""The file for Cloud Run, against Google's own description of the interface that reads it (Cloud Run Admin API, v1).

schemas/cloud-run.json holds the part of that description which a service needs. It is taken from a wheel of
google-api-python-client (PyPI) by

    python3 scripts/platforms/cloud_run.py WHEEL >scripts/platforms/schemas/cloud-run.json
"""
import json
import pathlib
import re
import sys
import zipfile

FILE = "scripts/deploy/cloud-run/service.yaml"
SCHEMA = pathlib.Path(__file__).with_name("schemas") / "cloud-run.json"
# What Cloud Run allows between SIGTERM and SIGKILL, in seconds.
GRACE = 10
UNSUPPORTED = re.compile(r"^(\[Deprecated\] )?Not supported (by|in) Cloud Run")
ANNOTATION = re.compile(r"`((?:run\.googleapis\.com|autoscaling\.knative\.dev)/[\w-]+)`: ([^.*]+)")


# The excerpt

def excerpt(document):
    """Types and fields reachable from Service, which of them are not supported, and the annotations of each resource."""
    kept, waiting = {}, ["Service"]
    while waiting:
        name = waiting.pop()
        if name in kept:
            continue
        fields = dict(document["schemas"][name].get("properties", {}))
        # What Cloud Run writes is not part of a file.
        fields.pop("status", None)
        kept[name] = {field: reduced(value) for field, value in sorted(fields.items())}
        waiting += re.findall(r'"\$ref": "(\w+)"', json.dumps(kept[name]))
    text = document["schemas"]["ObjectMeta"]["properties"]["annotations"]["description"]
    return {"version": document["version"], "revision": document["revision"],
            "annotations": {name: places.strip(" ,") for name, places in ANNOTATION.findall(text)},
            "types": kept}


def reduced(value):
    """A field's type without its description; False where Cloud Run does not support it."""
    if UNSUPPORTED.match(value.get("description", "")):
        return False
    return {key: reduced(value[key]) if isinstance(value[key], dict) else value[key]
            for key in ("type", "$ref", "format", "items", "additionalProperties", "enum") if key in value}


# The check

def faults(value, shape, types, place="service"):
    """Where a value is not what the description allows."""
    if shape is False:
        yield f"{place}: Cloud Run does not support it"
    elif "$ref" in shape:
        yield from of_type(value, shape["$ref"], types, place)
    elif shape.get("type") == "array":
        if not isinstance(value, list):
            yield f"{place}: a list is expected"
            return
        for index, item in enumerate(value):
            yield from faults(item, shape["items"], types, f"{place}[{index}]")
    elif "additionalProperties" in shape:
        if not isinstance(value, dict):
            yield f"{place}: names with values are expected"
            return
        for name, item in value.items():
            yield from faults(item, shape["additionalProperties"], types, f"{place}.{name}")
    elif not is_a(value, shape):
        yield f"{place}: {shape['type']} is expected, found {value!r}"


def of_type(value, name, types, place):
    if not isinstance(value, dict):
        yield f"{place}: a {name} is expected"
        return
    for field, item in value.items():
        if field in types[name]:
            yield from faults(item, types[name][field], types, f"{place}.{field}")
        else:
            yield f"{place}: {name} has no field {field}"


def is_a(value, shape):
    kinds = {"string": str, "integer": int, "boolean": bool, "number": (int, float), "object": dict}
    return isinstance(value, kinds[shape["type"]]) and (shape["type"] == "boolean" or not isinstance(value, bool))


def unknown_annotations(metadata, resource, allowed, place):
    for name in metadata.get("annotations", {}):
        if re.match(r"(run\.googleapis\.com|autoscaling\.knative\.dev)/", name):
            if not {resource, "All resources"} & set(allowed.get(name, "").split(", ")):
                yield f"{place}: Cloud Run has no annotation {name} on a {resource}"


def rules(root):
    """Every fault of the file."""
    import yaml
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    service = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))
    yield from (f"{FILE}: {fault}" for fault in of_type(service, "Service", schema["types"], "service"))
    if (service.get("apiVersion"), service.get("kind")) != ("serving.knative.dev/v1", "Service"):
        yield f"{FILE}: apiVersion and kind must be serving.knative.dev/v1 and Service"
    if (found := log_format(root)) != "gcp":
        yield f"{FILE}: log.format is {found}, and Google Cloud reads levels and requests of gcp alone"
    for metadata, resource in ((service["metadata"], "Service"), (service["spec"]["template"]["metadata"], "Revision")):
        yield from unknown_annotations(metadata, resource, schema["annotations"], FILE)


def log_format(root):
    """The value of the variable for the log's format."""
    return next(containers(root)).environment.get("TRIAGE_LOG_FORMAT")


# Of a log entry's fields those that the service writes, by the special fields of structured logging; what is not among them
# becomes the payload. HttpRequest: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest
SEVERITIES = {"DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"}
REQUEST = {"requestMethod", "requestUrl", "requestSize", "status", "responseSize", "userAgent", "remoteIp", "serverIp",
           "referer", "latency", "protocol"}


def unknown_fields(log):
    """Lines of a service's log that Google Cloud would not read as log entries with a severity, a request and a trace."""
    lines = [json.loads(line) for line in pathlib.Path(log).read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    traces = [line["logging.googleapis.com/trace"] for line in lines if "logging.googleapis.com/trace" in line]
    if not any(re.fullmatch(r"projects/[\w-]+/traces/[0-9a-f]{32}", trace) for trace in traces):
        yield f"{FILE}: no line has the name of a trace"
    for line in lines:
        if line.get("severity") not in SEVERITIES:
            yield f"{FILE}: Google Cloud has no severity {line.get('severity')}"
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.get("timestamp", "")):
            yield f"{FILE}: a line has no timestamp"
        request = line.get("httpRequest", {})
        if not set(request) <= REQUEST or ("latency" in request and not re.fullmatch(r"\d+\.\d+s", request["latency"])):
            yield f"{FILE}: httpRequest is {request}"
        if line.get("message") == "request" and "status" not in request:
            yield f"{FILE}: a request has no httpRequest"


def containers(root):
    """The container of the file, as .service has it."""
    import yaml
    from .service import Container, Probe
    spec = yaml.safe_load((root / FILE).read_text(encoding="utf-8"))["spec"]["template"]["spec"]
    container = spec["containers"][0]
    port = container["ports"][0]["containerPort"]
    files = {volume["name"]: [item["path"] for item in volume["secret"]["items"]] for volume in spec["volumes"]}
    # Cloud Run sets PORT; its probes use plain HTTP.
    yield Container(
        place=FILE, arguments=container["args"], port=port, grace=GRACE,
        environment={"PORT": str(port)} | {entry["name"]: entry.get("value", "") for entry in container["env"]},
        files=[f"{mount['mountPath']}/{name}" for mount in container["volumeMounts"] for name in files[mount["name"]]],
        probes=[Probe(container[kind]["httpGet"]["path"], container[kind]["httpGet"].get("port", port), "http")
                for kind in ("startupProbe", "livenessProbe", "readinessProbe") if kind in container])


def printed(parts):
    """JSON with a line for each entry of a type."""
    lines = []
    for key, value in parts.items():
        if key == "types":
            types = (f"  {json.dumps(name)}: {{\n" + ",\n".join(entries(fields, 4)) + "\n  }" for name, fields in value.items())
            lines.append(' "types": {\n' + ",\n".join(types) + "\n }")
        elif isinstance(value, dict):
            lines.append(f" {json.dumps(key)}: {{\n" + ",\n".join(entries(value, 2)) + "\n }")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def entries(fields, spaces):
    return [f"{' ' * spaces}{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        found = json.loads(wheel.read("googleapiclient/discovery_cache/documents/run.v1.json"))
    note = "Excerpt of run.v1.json of google-api-python-client (Apache-2.0, Google LLC), made by cloud_run.py"
    print(printed({"$comment": note} | excerpt(found)))
