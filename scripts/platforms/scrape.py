"""The ServiceMonitor for Kubernetes, carried out: a Prometheus scrapes a running service with its path, key and certificate."""
import contextlib
import json
import pathlib
import subprocess
import tempfile
import urllib.request

from . import kubernetes, network
from .service import free_port


def job(endpoint, port, folder):
    """What the operator makes of an endpoint, with a service on loopback."""
    tls = endpoint["tlsConfig"]
    return {"job_name": "triage", "scheme": endpoint["scheme"], "metrics_path": endpoint["path"], "scrape_interval": "1s",
            "tls_config": {"ca_file": str(folder / tls["ca"]["secret"]["key"]), "server_name": tls["serverName"]},
            "authorization": {"type": endpoint["authorization"]["type"], "credentials_file": str(folder / "metrics.key")},
            "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}


@contextlib.contextmanager
def prometheus(folder, jobs):
    """The address of a Prometheus with these jobs."""
    import yaml
    (folder / "prometheus.yml").write_text(yaml.safe_dump({"scrape_configs": jobs}))
    address = f"127.0.0.1:{free_port()}"
    with open(folder / "prometheus.log", "w") as log:
        process = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                    f"--web.listen-address={address}"], stdout=log, stderr=log)
    try:
        yield address
    finally:
        process.kill()
        process.wait()


def targets(address):
    """What Prometheus knows of its targets; nothing before it has started."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{address}/api/v1/targets", timeout=10) as answer:
        return json.load(answer)["data"]["activeTargets"]
    return []


def known(address):
    """Whether each target was scraped, with whatever result."""
    found = targets(address)
    return found and all(target["health"] != "unknown" for target in found)


def faults(root, running, keys, secrets):
    """Why a scrape fails, for each endpoint of the ServiceMonitor."""
    objects = kubernetes.render(root, "stateless", ("monitoring",), None)
    monitors = kubernetes.by_kind(objects, "ServiceMonitor")
    endpoints = [endpoint for monitor in monitors for endpoint in monitor["spec"]["endpoints"]]
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "tls.crt").write_bytes(secrets["tls.crt"])
        (folder / "metrics.key").write_text(keys["metrics"])
        with prometheus(folder, [job(endpoint, running.port, folder) for endpoint in endpoints]) as address:
            network.wait(lambda: known(address))
            found = targets(address)
            if not known(address):
                yield f"Prometheus scraped nothing: {(folder / 'prometheus.log').read_text()[-500:]}"
            yield from (f"{target['scrapeUrl']}: {target['lastError']}" for target in found if target["health"] == "down")
