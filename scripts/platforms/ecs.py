"""The files for ECS, against the service models of botocore, which the AWS command line itself uses."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

from .service import Container, Probe

FOLDER = "scripts/deploy/ecs"
# Which call of which service each file is the input of.
CALLS = {
    "task-definition.json": ("ecs", "RegisterTaskDefinition"),
    "service.json": ("ecs", "CreateService"),
    "task-definition-store.json": ("ecs", "RegisterTaskDefinition"),
    "service-store.json": ("ecs", "CreateService"),
    "target-group.json": ("elbv2", "CreateTargetGroup"),
    "scaling-target.json": ("application-autoscaling", "RegisterScalableTarget"),
    "scaling-policy.json": ("application-autoscaling", "PutScalingPolicy"),
}
TASKS = {"task-definition.json": "service.json", "task-definition-store.json": "service-store.json"}
# Sizes of a task on Fargate in CPU units and MiB, from its user guide.
FARGATE = {"256": (512, 2048), "512": (1024, 4096), "1024": (2048, 8192), "2048": (4096, 16384), "4096": (8192, 30720)}


def read(root, name):
    return json.loads((root / FOLDER / name).read_text(encoding="utf-8"))


def rules(root):
    """Every fault of the files."""
    for name, (service, operation) in CALLS.items():
        yield from (f"{FOLDER}/{name}: {fault}" for fault in of_model(read(root, name), service, operation))
    for task, service in TASKS.items():
        yield from (f"{FOLDER}/{task}: {fault}" for fault in links(read(root, task), read(root, service)))
    for fault in scaling(root):
        yield f"{FOLDER}: {fault}"


def of_model(content, service, operation):
    """Unknown names, wrong types and missing parts, as botocore reports them; and values that are in no list of the model."""
    import botocore.loaders
    import botocore.model
    import botocore.validate
    model = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model(service, "service-2"))
    shape = model.operation_model(operation).input_shape
    report = botocore.validate.ParamValidator().validate(content, shape)
    if report.has_errors():
        yield from report.generate_report().splitlines()
    else:
        yield from unlisted(content, shape, operation)


def unlisted(content, shape, place):
    """botocore's own check leaves lists of values to the service."""
    if shape.type_name == "structure":
        for name, part in content.items():
            yield from unlisted(part, shape.members[name], f"{place}.{name}")
    elif shape.type_name == "list":
        for part in content:
            yield from unlisted(part, shape.member, place)
    elif shape.type_name == "string" and shape.enum and content not in shape.enum:
        yield f"{place} is {content!r}, not one of {', '.join(shape.enum)}"


def links(task, service):
    """Names in a task that its service uses, and the reverse; sizes that Fargate has."""
    containers = {container["name"]: container for container in task["containerDefinitions"]}
    if service["taskDefinition"] != task["family"]:
        yield f"the service runs {service['taskDefinition']}, the task is called {task['family']}"
    for balancer in service.get("loadBalancers", []):
        ports = {entry["containerPort"] for entry in containers.get(balancer["containerName"], {}).get("portMappings", [])}
        if balancer["containerPort"] not in ports:
            yield f"the load balancer uses {balancer['containerName']}:{balancer['containerPort']}, which no container has"
    volumes = {volume["name"] for volume in task.get("volumes", [])}
    for container in containers.values():
        for mount in container.get("mountPoints", []):
            if mount["sourceVolume"] not in volumes:
                yield f"{container['name']} mounts {mount['sourceVolume']}, which is no volume"
        for entry in container.get("dependsOn", []):
            if entry["containerName"] not in containers:
                yield f"{container['name']} depends on {entry['containerName']}, which is no container"
    if "FARGATE" in task["requiresCompatibilities"]:
        least, most = FARGATE.get(task["cpu"], (1, 0))
        if not least <= int(task["memory"]) <= most:
            yield f"Fargate has no task with {task['cpu']} CPU units and {task['memory']} MiB"


def scaling(root):
    target, policy, service = (read(root, name) for name in ("scaling-target.json", "scaling-policy.json", "service.json"))
    wanted = f"service/{service['cluster']}/{service['serviceName']}"
    for name, content in (("scaling-target.json", target), ("scaling-policy.json", policy)):
        if content["ResourceId"] != wanted:
            yield f"{name} scales {content['ResourceId']}, the service is {wanted}"
    if target["MinCapacity"] > service["desiredCount"]:
        yield "scaling-target.json: MinCapacity is above the service's desiredCount"


def containers(root):
    """The service's container of each task, as .service has it; the load balancer's check is one of its probes."""
    group = read(root, "target-group.json")
    for name in TASKS:
        task = read(root, name)
        found = {container["name"]: container for container in task["containerDefinitions"]}
        triage = found["triage"]
        variables = {entry["name"]: entry["value"] for entry in triage["environment"]}
        mounted = {mount["sourceVolume"]: mount["containerPath"] for mount in triage["mountPoints"]}
        # The container secrets writes these files into the first volume that it mounts.
        written = re.findall(r">(\S+?\.\w+)", found["secrets"]["command"][0])
        shared = mounted.get(found["secrets"]["mountPoints"][0]["sourceVolume"], "nowhere")
        port = triage["portMappings"][0]["containerPort"]
        probe = Probe(group["HealthCheckPath"], group["Port"], group["HealthCheckProtocol"].lower())
        yield Container(
            place=f"{FOLDER}/{name}", arguments=triage["command"], environment=variables, port=port,
            grace=triage["stopTimeout"], files=[f"{shared}/{file}" for file in written],
            folders=list(mounted.values()), probes=[probe], health=triage["healthCheck"]["command"][1:])


def unwritten(root, secrets):
    """Files that the container `secrets` does not write as they are in Secrets Manager, for the service's user alone."""
    user = os.geteuid()
    for name in TASKS:
        container, triage = (next(entry for entry in read(root, name)["containerDefinitions"] if entry["name"] == wanted)
                             for wanted in ("secrets", "triage"))
        contents = {"KEYS": "keys.json", "TLS_CERTIFICATE": "tls.crt", "TLS_KEY": "tls.key"}
        variables = {entry["name"]: secrets[contents[entry["name"]]].decode().rstrip("\n") for entry in container["secrets"]}
        with tempfile.TemporaryDirectory() as folder:
            script = container["command"][0].replace(container["mountPoints"][0]["containerPath"], folder)
            # Only root may give files away.
            script = script if user == 0 else script.replace("chown", ": chown")
            subprocess.run([*container["entryPoint"], script], env=variables | {"PATH": os.environ["PATH"]}, check=True)
            for file in contents.values():
                path = pathlib.Path(folder) / file
                if not path.exists() or path.read_bytes() != secrets[file].rstrip(b"\n") + b"\n":
                    yield f"{FOLDER}/{name}: {file} is not what Secrets Manager has"
                elif path.stat().st_mode & 0o077 or user == 0 and path.stat().st_uid != int(triage["user"].split(":")[0]):
                    yield f"{FOLDER}/{name}: {file} can be read by others than the service"
