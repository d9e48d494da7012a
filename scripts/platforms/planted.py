"""Faults planted into copies of the files: each must be found, by a line that has these words.

A check that finds nothing proves little; this shows that it can find something. Only the copy is changed.
"""
import dataclasses
import pathlib
import shutil
import tempfile

COPIED = ("scripts/deploy", "scripts/ops")


@dataclasses.dataclass
class Fault:
    file: str
    old: str
    new: str
    words: str


ECS, RUN, KUBERNETES = "scripts/deploy/ecs/", "scripts/deploy/cloud-run/service.yaml", "scripts/deploy/kubernetes/"
ALERTS, VECTOR, RSYSLOG = "scripts/ops/alertmanager/", "scripts/ops/vector/", "scripts/ops/rsyslog/"

# By the module whose rules find them.
RULES = {
    "ecs": [
        Fault(ECS + "task-definition.json", '"readonlyRootFilesystem"', '"readOnlyRootFilesystem"', "readOnlyRootFilesystem"),
        Fault(ECS + "task-definition.json", '"stopTimeout": 40', '"stopTimeout": "40"', "stopTimeout"),
        Fault(ECS + "task-definition.json", '"condition": "SUCCESS"', '"condition": "SUCCEEDED"', "SUCCEEDED"),
        Fault(ECS + "task-definition.json", '"memory": "2048"', '"memory": "512"', "Fargate has no task"),
        Fault(ECS + "service.json", '"containerPort": 8443', '"containerPort": 8080', "triage:8080"),
        Fault(ECS + "service-store.json", '"launchType": "EC2"', '"launchType": "EC3"', "EC3"),
        Fault(ECS + "target-group.json", '"HealthCheckPath"', '"HealthcheckPath"', "HealthcheckPath"),
        Fault(ECS + "scaling-policy.json", "ECSServiceAverageCPUUtilization", "ECSServiceCPU", "ECSServiceCPU"),
        Fault(ECS + "scaling-target.json", "service/triage/triage", "service/triage/desk", "service/triage/desk"),
    ],
    "cloud_run": [
        Fault(RUN, "containerConcurrency", "concurrency", "no field concurrency"),
        Fault(RUN, "periodSeconds: 10", "periodSeconds: ten", "integer is expected"),
        Fault(RUN, "          args:", "          securityContext: {runAsUser: 10001}\n          args:", "does not support"),
        Fault(RUN, "run.googleapis.com/cpu-throttling", "run.googleapis.com/cpu-throttle", "cpu-throttle"),
        Fault(RUN, "value: gcp", "value: json", "log.format"),
        Fault(RUN, "run.googleapis.com/ingress", "autoscaling.knative.dev/minScale", "on a Service"),
    ],
    "kubernetes": [
        Fault(KUBERNETES + "ingress/ingress.yaml", "pathType", "pathtype", "pathType"),
        Fault(KUBERNETES + "ingress/ingress.yaml", "name: https", "name: http", "triage:http"),
        Fault(KUBERNETES + "ingress/kustomization.yaml", "value: desk.example", "value: other.example", "TRIAGE_NAMES"),
        Fault(KUBERNETES + "ingress/kustomization.yaml", "path: /spec/ingress/-", "path: /spec/inbound/-", "inbound"),
        Fault(KUBERNETES + "monitoring/service-monitor.yaml", "port: https", "port: metrics", "port metrics"),
        Fault(KUBERNETES + "monitoring/service-monitor.yaml", "credentials:", "credential:", "credential"),
        Fault(KUBERNETES + "monitoring/alerts.yaml", "for: 2m", "for: 3m", "not a copy"),
        Fault(KUBERNETES + "monitoring/alerts.yaml", "expr: 'up{", "expr: 'up{{", "could not parse"),
        Fault(KUBERNETES + "external-secrets/external-secrets.yaml", "remoteRef", "remoteref", "remoteref"),
        Fault(KUBERNETES + "csi-secrets/vault.yaml", "roleName", "role", "vault"),
        Fault(KUBERNETES + "csi-secrets/aws.yaml", "objects: |", "secrets: |", "objects"),
    ],
    "alerting": [
        Fault(ALERTS + "pagerduty.yml", "receiver: pagerduty", "receiver: pager", 'undefined receiver "pager"'),
        Fault(ALERTS + "pagerduty.yml", "routing_key_file", "routing_key_path", "routing_key_path"),
        Fault(ALERTS + "opsgenie.yml", "      continue: true\n", "", "reaches opsgenie, not opsgenie,mail"),
        Fault(ALERTS + "alertmanager.yml", 'severity="critical"', 'severity="urgent"', "critical reaches mail, not webhook,mail"),
    ],
    "vector": [
        Fault(VECTOR + "elasticsearch.yaml", "compact(", "compacted(", "undefined function"),
        Fault(VECTOR + "elasticsearch.yaml", "action: create", "action: index", "'create' was expected"),
        Fault(VECTOR + "elasticsearch.yaml", "inputs: [parsed]", "inputs: [parse]", "called parse"),
        Fault(VECTOR + "datadog.yaml", "default_api_key:", "api_key:", "api_key"),
        Fault(VECTOR + "datadog.yaml", "SECRET[keys.", "SECRET[safe.", "called safe"),
        Fault(VECTOR + "loki.yaml", "max_size: 536870912", "max_size: 5368", "minimum"),
        Fault(VECTOR + "vector.yaml", "event, fault = parse_json", "event = parse_json", "unhandled"),
    ],
    "rsyslog": [
        Fault(RSYSLOG + "triage.conf", 'cookie=""', 'cooky=""', "cooky"),
        Fault(RSYSLOG + "triage.conf", "ltrim(", "trimleft(", "trimleft"),
        Fault(RSYSLOG + "logrotate.conf", "rotate 14", "rotates 14", "rotates"),
    ],
}
# Faults that only the program shows: by the module whose containers have them.
PROGRAM = {
    "ecs": [
        Fault(ECS + "task-definition.json", "TRIAGE_TRUSTED_PROXIES", "TRIAGE_TRUSTED_PROXY",
              "no setting TRIAGE_TRUSTED_PROXY"),
        Fault(ECS + "task-definition.json", '"--stateless"', '"--no-store"', "no flag --no-store"),
        Fault(ECS + "task-definition.json", '"value": "8443"', '"value": "8080"', "listens on 8080"),
        Fault(ECS + "task-definition.json", '"stopTimeout": 40', '"stopTimeout": 20', "drain"),
        Fault(ECS + "task-definition.json", ">tls.key", ">key.pem", "nothing mounts"),
        Fault(ECS + "task-definition-store.json", '"containerPath": "/var/lib/triage"', '"containerPath": "/var/lib/store"',
              "no volume is mounted for the store"),
        Fault(ECS + "target-group.json", '"/ready"', '"/readyz"', "does not answer /readyz"),
    ],
    "cloud_run": [
        Fault(RUN, "containerPort: 8080", "containerPort: 9090", "listens on 9090"),
        Fault(RUN, "path: /health", "path: /healthz", "does not answer /healthz"),
        Fault(RUN, "value: 8s", "value: 12s", "drain"),
        Fault(RUN, "TRIAGE_INSECURE_NO_TLS", "TRIAGE_INSECURE_NO_KEYS", "would not start"),
        Fault(RUN, "path: keys.json", "path: key.json", "nothing mounts"),
    ],
    "kubernetes": [
        Fault(KUBERNETES + "monitoring/alerts.yaml", "triage_redis_up", "triage_redis_connected",
              "no metric triage_redis_connected"),
        Fault(KUBERNETES + "monitoring/kustomization.yaml", "--scope metrics", "--scope $TRIAGE_SCOPE",
              "no setting TRIAGE_SCOPE"),
        Fault(KUBERNETES + "csi-secrets/vault.yaml", "objectName: keys.json", "objectName: keys", "nothing mounts"),
        Fault(KUBERNETES + "external-secrets/external-secrets.yaml", "secretKey: tls.crt", "secretKey: certificate",
              "nothing mounts"),
        Fault(KUBERNETES + "ingress/kustomization.yaml", "TRIAGE_TRUSTED_PROXIES", "TRIAGE_PROXIES",
              "no setting TRIAGE_PROXIES"),
        Fault(KUBERNETES + "stateless/deployment.yaml", "path: /ready", "path: /readiness", "does not answer /readiness"),
        Fault(KUBERNETES + "stateless/deployment.yaml", "terminationGracePeriodSeconds: 40", "terminationGracePeriodSeconds: 25",
              "drain"),
    ],
}

# Faults that only the log of a service shows.
LOG = {
    "vector": [
        Fault(VECTOR + "elasticsearch.yaml", '"trace": { "id": line.trace_id },', "", "trace_id is lost"),
        Fault(VECTOR + "elasticsearch.yaml", '"triage": rest', '"rest": rest', "outside the schema"),
        Fault(VECTOR + "elasticsearch.yaml", '."host.name" = del(.host)', "del(.host)", "time or host is lost"),
        Fault(VECTOR + "elasticsearch.yaml", 'del(."@timestamp")', 'del(."log.level")', "log.level is wrong"),
        Fault(VECTOR + "datadog.yaml", ".status = .level", ".severity = .level", "status is"),
        Fault(VECTOR + "loki.yaml", "{{ level }}", "{{ severity }}", "a label needs severity"),
        Fault(VECTOR + "vector.yaml", "is_object(event)", "true", "expected object"),
    ],
}


def missed(root, table, find):
    """The faults that `find(module, copy of the project's files, changed file)` does not find."""
    for module, planted in table.items():
        for fault in planted:
            with tempfile.TemporaryDirectory() as folder:
                copy = pathlib.Path(folder)
                for part in COPIED:
                    shutil.copytree(root / part, copy / part)
                file = copy / fault.file
                text = file.read_text(encoding="utf-8")
                if fault.old not in text:
                    yield f"{fault.file} no longer has {fault.old!r}: plant another fault"
                    continue
                file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
                found = []
                for line in find(module, copy, fault.file):
                    found.append(line)
                    if fault.words in line:
                        break
                else:
                    yield f"{fault.file}: {fault.new!r} instead of {fault.old!r} was not found ({found[:2]})"


def count(table):
    return sum(len(planted) for planted in table.values())
