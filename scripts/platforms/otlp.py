"""What the service pushes by OTLP, decoded with OpenTelemetry's own messages (PyPI, opentelemetry-proto).

A collector of this check's own answers on loopback. What it got is compared with /metrics and with the log of the same service.
"""
import collections
import dataclasses
import http.server
import json
import pathlib
import re
import threading

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
CUMULATIVE = 2


class Collector:
    """Keeps the bodies of requests by path."""

    def __init__(self):
        self.bodies = collections.defaultdict(list)
        kept = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept[self.path].append((self.headers["Content-Type"], body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def container(base, url):
    """A container that sends all it can to a collector, with the log for Elastic."""
    settings = {"TRIAGE_OTLP_ENDPOINT": url, "TRIAGE_OTLP_METRICS": "true", "TRIAGE_OTLP_METRIC_INTERVAL": "1s",
                "OTEL_LOGS_EXPORTER": "otlp", "TRIAGE_LOG_FORMAT": "ecs", "TRIAGE_LOG_LEVEL": "debug"}
    return dataclasses.replace(base, place="a service with a collector", environment=base.environment | settings)


def decoded(kind, bodies):
    """Messages of a kind; an exception where the bytes are none, or have fields that the protocol does not know."""
    from google.protobuf.unknown_fields import UnknownFieldSet

    def known(message):
        if len(UnknownFieldSet(message)):
            raise ValueError(f"{message.DESCRIPTOR.name} has an unknown field")
        for field, value in message.ListFields():
            if field.message_type:
                for part in value if field.is_repeated else [value]:
                    known(part)

    for content_type, body in bodies:
        if content_type != "application/x-protobuf":
            raise ValueError(f"the content type is {content_type}")
        message = kind.FromString(body)
        known(message)
        yield message


def labels(pairs):
    return frozenset((pair.key, pair.value.string_value) for pair in pairs)


def samples(exposition):
    """Values of /metrics by name and labels; a histogram has its count and its sum."""
    found = {}
    for line in exposition.splitlines():
        if match := SAMPLE.match(line):
            pairs = frozenset((name, re.sub(r"\\(.)", r"\1", text)) for name, text in LABEL.findall(match[2] or ""))
            found[match[1], pairs] = float(match[3])
    return found


def series(requests):
    """Values of the last push by name and labels, as `samples` has them, and faults of their form."""
    values, faults = {}, []
    for request in requests:
        for metric in (metric for resource in request.resource_metrics for scope in resource.scope_metrics
                       for metric in scope.metrics):
            kind = metric.WhichOneof("data")
            data = getattr(metric, kind)
            if kind != "gauge" and data.aggregation_temporality != CUMULATIVE:
                faults.append(f"{metric.name} is not cumulative")
            if kind == "sum" and not data.is_monotonic:
                faults.append(f"{metric.name} may fall")
            for point in data.data_points:
                pairs = labels(point.attributes)
                if kind != "gauge" and not 0 < point.start_time_unix_nano <= point.time_unix_nano:
                    faults.append(f"{metric.name} has no start")
                if kind == "histogram":
                    if sum(point.bucket_counts) != point.count or len(point.bucket_counts) != len(point.explicit_bounds) + 1:
                        faults.append(f"{metric.name} has buckets that do not fit")
                    values[metric.name + "_count", pairs] = point.count
                    values[metric.name + "_sum", pairs] = point.sum
                else:
                    values[metric.name, pairs] = getattr(point, point.WhichOneof("value"))
    return values, faults


def lost_metrics(bodies, exposition):
    """What /metrics had before the last push that the pushes do not have. Counters may have grown since."""
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
    pushed, faults = series(decoded(ExportMetricsServiceRequest, bodies))
    yield from faults
    wanted = {key: value for key, value in samples(exposition).items() if not key[0].endswith("_bucket")}
    if not any(name == "triage_decisions_total" for name, _ in wanted):
        yield "/metrics has no decision"
    for (name, pairs), value in wanted.items():
        if (name, pairs) not in pushed:
            yield f"{name} {dict(pairs)} was not pushed"
        elif name == "triage_decisions_total" and pushed[name, pairs] != value:
            yield f"{name} {dict(pairs)} is {pushed[name, pairs]}, not {value}"
        elif name.endswith(("_total", "_count", "_sum")) and pushed[name, pairs] < value:
            yield f"{name} {dict(pairs)} is {pushed[name, pairs]}, less than {value}"


def lost_lines(bodies, log):
    """Requests of the log that the collector did not get, and what it got that the log does not have."""
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
    records = [(scope.scope.name, record) for request in decoded(ExportLogsServiceRequest, bodies)
               for resource in request.resource_logs for scope in resource.scope_logs for record in scope.log_records]
    sent = collections.Counter((name, record.severity_text, record.body.string_value, record.trace_id.hex(),
                                record.time_unix_nano // 1_000_000) for name, record in records)
    lines = [json.loads(line) for line in pathlib.Path(log).read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    written = collections.Counter((line["log.logger"], line["log.level"], line["message"], line.get("trace.id", ""),
                                   milliseconds(line["@timestamp"])) for line in lines)
    if not any(trace for _, _, _, trace, _ in sent):
        yield "no log record has a trace"
    for key in sent - written:
        yield f"a log record is not in the log: {key}"
    for key in written - sent:
        if key[2] == "request":
            yield f"a request was not sent: {key}"
    for _, record in records:
        if not record.severity_number:
            yield f"{record.body.string_value} has no severity"


def milliseconds(text):
    import datetime
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(moment.timestamp() * 1000)


def faults(collector, exposition, log):
    """What is wrong with what a service sent, after it ended."""
    try:
        yield from lost_metrics(collector.bodies["/v1/metrics"], exposition)
        yield from lost_lines(collector.bodies["/v1/logs"], log)
    except Exception as error:
        yield f"what was sent cannot be decoded: {error}"
    spans = sum(len(scope["spans"]) for _, body in collector.bodies["/v1/traces"]
                for resource in json.loads(body)["resourceSpans"] for scope in resource["scopeSpans"])
    if not spans:
        yield "no span was sent"


def missed(collector, exposition, log):
    """Damage that `faults` does not find: a push without its last byte, a log request with a byte too many, a lost request."""
    def damaged(path, change):
        copy = Collector.__new__(Collector)
        copy.bodies = collections.defaultdict(list, {name: list(bodies) for name, bodies in collector.bodies.items()})
        copy.bodies[path] = change(copy.bodies[path])
        return copy

    def cut(bodies):
        return bodies[:-1] + [(bodies[-1][0], bodies[-1][1][:-1])]

    def longer(bodies):
        # Field 99, which the protocol does not have.
        return bodies[:-1] + [(bodies[-1][0], bodies[-1][1] + b"\x98\x06\x01")]

    for path, change in (("/v1/metrics", cut), ("/v1/logs", longer), ("/v1/metrics", lambda _: []), ("/v1/logs", lambda _: [])):
        if not list(faults(damaged(path, change), exposition, log)):
            yield f"damage of {path} was not found"
