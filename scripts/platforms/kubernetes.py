"""The manifests for Kubernetes: each way to run with each set of components, rendered by kubectl's kustomize.

Kubernetes's own kinds are checked against its schemas (kubernetes-validate), kinds of operators against schemas/, alert rules
by promtool and against the rules that they are a copy of.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from .service import Container, Probe

FOLDER = "scripts/deploy/kubernetes"
RULES = "scripts/ops/prometheus/alerts.yml"
COPY = f"{FOLDER}/monitoring/alerts.yaml"
HEAD = f"""# A copy of {RULES}, written by scripts/ops/check_platforms --write.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: triage
spec:
"""
SCHEMAS = {
    "ServiceMonitor": "service-monitor", "PrometheusRule": "prometheus-rule", "ExternalSecret": "external-secret",
    "SecretProviderClass": "secret-provider-class",
}
PROVIDERS = ("aws", "azure", "gcp", "vault")
# A base, what is added to it, and the provider of secrets: every component with one base, and those for both with the other.
SETS = [("stateless", ("ingress", "monitoring", "external-secrets"), None)]
SETS += [("stateless", ("ingress", "monitoring", "csi-secrets"), provider) for provider in PROVIDERS]
SETS += [("store", ("ingress", "monitoring", "external-secrets"), None)]
SETS += [("store", ("ingress", "monitoring", "csi-secrets"), "vault"), ("stateless", ("redis",), None)]


def copy_of_rules(root):
    """The manifest of the alert rules."""
    text = (root / RULES).read_text(encoding="utf-8")
    return HEAD + "".join(f"  {line}" for line in text.splitlines(keepends=True) if not line.startswith("#"))


def render(root, base, parts, provider):
    """A base with components, as a list of objects, or the renderer's complaint as a text."""
    import yaml
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "kubernetes"
        shutil.copytree(root / FOLDER, source)
        if parts:
            with open(source / base / "kustomization.yaml", "a", encoding="utf-8") as file:
                file.write("components:\n" + "".join(f"  - ../{part}\n" for part in parts))
        if provider:
            component = source / "csi-secrets" / "kustomization.yaml"
            text = component.read_text(encoding="utf-8").replace("- vault.yaml", f"- {provider}.yaml")
            component.write_text(text, encoding="utf-8")
        done = subprocess.run([kubectl(), "kustomize", source / base], capture_output=True, text=True)
    return list(yaml.safe_load_all(done.stdout)) if done.returncode == 0 else done.stderr.strip()


def kubectl():
    """This machine's, or that of the requirements, whose kustomize knows components."""
    return shutil.which("kubectl") or str(pathlib.Path(sys.executable).with_name("kubectl"))


def name(base, parts, provider):
    return " + ".join([f"{FOLDER}/{base}", *parts]) + (f" ({provider})" if provider else "")


def rendered(root, sets=SETS):
    """Every set as (name, objects or a complaint)."""
    for base, parts, provider in sets:
        yield name(base, parts, provider), render(root, base, parts, provider)


def set_with(file):
    """The first set that a file is part of."""
    folder, stem = file.split("/")[-2], file.split("/")[-1].removesuffix(".yaml")
    holding = [found for found in SETS if folder in (found[0], *found[1])]
    return next((found for found in holding if found[2] == stem), holding[0])


def rules(root, sets=None):
    """Every fault of the manifests."""
    seen = set()
    for place, objects in sets or rendered(root):
        if isinstance(objects, str):
            yield f"{place}: {objects}"
            continue
        for found in objects:
            text = json.dumps(found, sort_keys=True)
            # An object that another set has too is checked once.
            if text not in seen:
                seen.add(text)
                yield from (f"{place}: {found['kind']} {found['metadata']['name']}: {fault}" for fault in of_schema(found))
        yield from (f"{place}: {fault}" for fault in links(objects))
    if (root / COPY).read_text(encoding="utf-8") != copy_of_rules(root):
        yield f"{COPY}: not a copy of {RULES}; run scripts/ops/check_platforms --write"
    yield from of_promtool(root)


def of_schema(found):
    if found["kind"] in SCHEMAS:
        import jsonschema
        schema = json.loads((pathlib.Path(__file__).parent / "schemas" / f"{SCHEMAS[found['kind']]}.json").read_text("utf-8"))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(found):
            yield f"{error.json_path}: {error.message}"
        return
    import kubernetes_validate
    try:
        kubernetes_validate.validate(found, "1.32", strict=True)
    except (kubernetes_validate.ValidationError, kubernetes_validate.SchemaNotFoundError) as error:
        yield str(error).splitlines()[0]


def of_promtool(root):
    import yaml
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        yaml.safe_dump(yaml.safe_load((root / COPY).read_text(encoding="utf-8"))["spec"], file)
        file.flush()
        done = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
    if done.returncode != 0:
        yield f"{COPY}: {done.stdout}{done.stderr}".strip()


# Names in one object that must be in another

def by_kind(objects, kind):
    return [found for found in objects if found["kind"] == kind]


def workload(objects):
    return (by_kind(objects, "Deployment") + by_kind(objects, "StatefulSet"))[0]


def links(objects):
    """Faults of the objects of one set."""
    service, = by_kind(objects, "Service")
    pod = workload(objects)["spec"]["template"]
    wanted = service["spec"]["selector"]
    if not wanted.items() <= pod["metadata"]["labels"].items():
        yield f"the Service selects {wanted}, which the pods are not labelled"
    named = {port["name"] for port in service["spec"]["ports"]}
    listening = {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    for port in service["spec"]["ports"]:
        if port["targetPort"] not in listening:
            yield f"the Service uses port {port['targetPort']} of the pods, which has no such name"
    for ingress in by_kind(objects, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                if backend["name"] != service["metadata"]["name"] or backend["port"]["name"] not in named:
                    yield f"the Ingress leads to {backend['name']}:{backend['port']['name']}, which no Service has"
        yield from host_names(ingress, pod)
    for monitor in by_kind(objects, "ServiceMonitor"):
        yield from monitored(monitor, service, named)


def host_names(ingress, pod):
    variables = {entry["name"]: entry.get("value", "") for entry in pod["spec"]["containers"][0]["env"]}
    hosts = {rule["host"] for rule in ingress["spec"]["rules"]}
    if not hosts <= set(variables.get("TRIAGE_NAMES", "").split(",")):
        yield f"TRIAGE_NAMES lacks a host of the Ingress: {', '.join(sorted(hosts))}"
    if hosts != {host for entry in ingress["spec"]["tls"] for host in entry["hosts"]}:
        yield "the Ingress has other hosts in its rules than in its certificates"


def monitored(monitor, service, named):
    labels = monitor["spec"]["selector"]["matchLabels"]
    if not labels.items() <= service["metadata"]["labels"].items():
        yield f"the ServiceMonitor selects {labels}, which the Service is not labelled"
    for endpoint in monitor["spec"]["endpoints"]:
        if endpoint["port"] not in named:
            yield f"the ServiceMonitor uses port {endpoint['port']}, which the Service has not"
        host = endpoint["tlsConfig"]["serverName"]
        if host != f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc":
            yield f"the ServiceMonitor expects a certificate for {host}, which is another service's name"


def containers(root, sets=None):
    """The service's container of each set, as .service has it."""
    for place, objects in sets or rendered(root):
        if isinstance(objects, str):
            continue
        pod = workload(objects)["spec"]["template"]["spec"]
        container = pod["containers"][0]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        files = [f"{mounts[volume['name']]}/{file}" for volume in pod["volumes"] if volume["name"] in mounts
                 for file in files_of(volume, objects)]
        pause = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        probes = [container[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")]
        yield Container(
            place=place, arguments=container["args"], port=next(iter(ports.values())),
            environment={entry["name"]: entry.get("value", "") for entry in container["env"]},
            grace=pod["terminationGracePeriodSeconds"] - pause, files=files, folders=list(mounts.values()),
            probes=[Probe(probe["path"], ports.get(probe["port"], 0), probe["scheme"].lower()) for probe in probes])


# Files of the secrets that README.md has people create by kubectl.
BY_HAND = {"triage-keys": ["keys.json"], "triage-tls": ["tls.crt", "tls.key"], "triage-redis": ["url"]}


def files_of(volume, objects):
    """The names of the files in a volume: from an ExternalSecret or a SecretProviderClass where the objects have one."""
    import yaml
    if "csi" in volume:
        wanted = volume["csi"]["volumeAttributes"]["secretProviderClass"]
        for found in by_kind(objects, "SecretProviderClass"):
            if found["metadata"]["name"] == wanted:
                return class_files(found["spec"]["parameters"], yaml)
    if "secret" in volume:
        wanted = volume["secret"]["secretName"]
        for found in by_kind(objects, "ExternalSecret"):
            if found["spec"]["target"]["name"] == wanted:
                return [entry["secretKey"] for entry in found["spec"]["data"]]
        return BY_HAND.get(wanted, [])
    return []


def class_files(parameters, yaml):
    """The files that a SecretProviderClass makes. Azure's list is a text that holds texts."""
    listed = yaml.safe_load(parameters.get("objects") or parameters.get("secrets"))
    if isinstance(listed, dict):
        listed = [yaml.safe_load(entry) for entry in listed["array"]]
    return [entry.get("objectAlias") or entry.get("path") or entry["objectName"] for entry in listed]
