"""A network of one's own: a command in namespaces where hosts of the internet are servers on loopback. Needs root."""
import os
import pathlib
import ssl
import subprocess
import sys
import time

SCRIPTS = pathlib.Path(__file__).resolve().parents[1]


def start(module, *arguments):
    """`python3 -m platforms.MODULE ARGUMENTS` in a network and with mounts of its own."""
    return subprocess.Popen(["unshare", "--mount", "--net", sys.executable, "-m", f"platforms.{module}", *map(str, arguments)],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env=os.environ | {"PYTHONPATH": str(SCRIPTS)})


def faults(place, process, most=10):
    """The lines of a command that failed."""
    output = process.communicate()[0]
    if process.returncode != 0:
        yield from (f"{place}: {line}" for line in output.splitlines()[:most] or [f"ended with {process.returncode}"])


def prepare(folder, hosts):
    """Inside: the loopback interface with these hosts. Returns the context of a server with a certificate for them."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    (folder / "hosts").write_text(f"127.0.0.1 localhost {' '.join(hosts)}\n")
    mount(folder / "hosts", "/etc/hosts")
    certify(folder / "cert.pem", folder / "key.pem", hosts)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def mount(source, target):
    subprocess.run(["mount", "--bind", source, target], check=True)


def certify(certificate, key, hosts):
    """A certificate for hosts, signed by itself."""
    names = "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={hosts[0]}",
                    "-addext", names, "-keyout", key, "-out", certificate], check=True, capture_output=True)


def wait(holds, seconds=180):
    """Whether something holds in time. A loaded machine is slow, so the time is long; it is used up only by a fault."""
    for _ in range(seconds * 10):
        if holds():
            return True
        time.sleep(0.1)
    return False
