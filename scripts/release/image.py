"""The container image: an OCI image layout in a tar file, made without a container engine and without a registry.

Two layers: the C library and what else the program takes from a base system, copied from this machine; and the package's tree
below /usr/local. There is no shell and no package manager in it. manifest.json beside the layout lets an older `docker load`
read it too.
"""
import datetime
import gzip
import hashlib
import io
import json
import pathlib
import shutil
import subprocess
import tarfile

from . import archive, libraries, parts, tree

USER = 10001
LOADER = pathlib.Path("/lib64/ld-linux-x86-64.so.2")
CERTIFICATES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
ACCOUNTS = {
    "etc/passwd": f"root:x:0:0:root:/root:/usr/sbin/nologin\ntriage:x:{USER}:{USER}::/var/lib/triage:/usr/sbin/nologin\n",
    "etc/group": f"root:x:0:\ntriage:x:{USER}:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}


def base_files(package):
    """What the program loads and the package does not carry, as {path in the image: file here}."""
    found = {LOADER: LOADER.resolve()}
    for file in [package / "bin/triage", *(package / libraries.FOLDER).iterdir()]:
        for name, path in libraries.needed(file).items():
            if name in libraries.SYSTEM:
                found[pathlib.Path("/lib/x86_64-linux-gnu") / name] = path.resolve()
    return found


def write_base(package, root):
    for path, source in base_files(package).items():
        tree.copy(source, root / path.relative_to("/"), executable=True)
        if name := tree.package_of(source):
            tree.copy(pathlib.Path(f"/usr/share/doc/{name}/copyright"), root / "usr/share/doc" / name / "copyright")
    for name, text in ACCOUNTS.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    if CERTIFICATES.exists():
        tree.copy(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
    for folder in ("tmp", "var/lib/triage"):
        (root / folder).mkdir(parents=True)


def write_lists(package, base, folder):
    """The parts list of the image, which carries what the package leaves to the system; and what is known of vulnerabilities."""
    bill = json.loads((package / "sbom.json").read_text(encoding="utf-8"))
    for part in bill["components"]:
        names = [value for value in part.get("properties", []) if value["name"] == "triage:libraries"]
        if part.get("scope") == "excluded":
            del part["scope"]
            part["properties"] = names + [{"name": "triage:carried", "value": "as Debian built it"}]
            files = [f"lib/x86_64-linux-gnu/{name}" for name in names[0]["value"].split()]
            files += [str(LOADER).lstrip("/")] if part["name"] == "libc6" else []
            part["components"] = [parts.file_component(base / file, file, part["bom-ref"]) for file in files]
    # Its number stays, because vex.json names the parts by it.
    (folder / "sbom.json").write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.copyfile(package / "vex.json", folder / "vex.json")


def own(entry):
    """Folders that the image's user, or everybody, may write."""
    if entry.name == "var/lib/triage":
        entry.uid = entry.gid = USER
        entry.mode = 0o700
    elif entry.name == "tmp":
        entry.mode = 0o1777


class Layout:
    """Blobs by their hash, and the index over them."""

    def __init__(self):
        self.blobs = {}

    def add(self, content, media):
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[f"blobs/sha256/{digest}"] = content
        return {"mediaType": media, "digest": f"sha256:{digest}", "size": len(content)}

    def add_json(self, value, media):
        return self.add(json.dumps(value, indent=1).encode(), media)

    def write(self, target, epoch, files):
        with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as out:
            for folder in ("blobs", "blobs/sha256"):
                entry = tarfile.TarInfo(folder)
                entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, epoch
                out.addfile(entry)
            for name, content in sorted((self.blobs | files).items()):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), 0o644, epoch
                out.addfile(entry, io.BytesIO(content))


def configuration(version, commit, when, layers):
    """What a container of the image is, as the Dockerfile has it."""
    return {
        "created": when, "architecture": "amd64", "os": "linux",
        "config": {
            "User": f"{USER}:{USER}", "ExposedPorts": {"8080/tcp": {}}, "Entrypoint": ["/usr/local/bin/triage"], "Cmd": ["serve"],
            "Env": ["PATH=/usr/local/bin", "TRIAGE_HOST=0.0.0.0", "TRIAGE_STORE=/var/lib/triage/store"],
            "WorkingDir": "/var/lib/triage", "StopSignal": "SIGTERM", "Volumes": {"/var/lib/triage": {}},
            "Healthcheck": {"Test": ["CMD", "/usr/local/bin/triage", "health"], "Interval": 10_000_000_000,
                            "Timeout": 4_000_000_000, "StartPeriod": 10_000_000_000},
            "Labels": {"org.opencontainers.image.title": "triage", "org.opencontainers.image.version": version,
                       "org.opencontainers.image.revision": commit, "org.opencontainers.image.licenses": "Apache-2.0"}},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]},
        "history": [{"created": when, "created_by": "scripts/package: base libraries"},
                    {"created": when, "created_by": "scripts/package: triage"}],
    }


def write(package, output, version, commit, epoch, level, scratch):
    """Makes triage-VERSION-linux-x86_64.oci.tar of a package's folder."""
    base, program = scratch / "image-base", scratch / "image-program"
    write_base(package, base)
    for part in ("bin", "lib/triage", "share"):
        shutil.copytree(package / part, program / "usr/local" / part)
    write_lists(package, base, program / "usr/local" / tree.DOC)
    for folder in (base, program):
        tree.settle(folder, epoch)
    layers = [archive.tar(folder, ".", epoch, own) for folder in (base, program)]
    when = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    layout = Layout()
    config = layout.add_json(configuration(version, commit, when, layers), "application/vnd.oci.image.config.v1+json")
    packed = [layout.add(gzip.compress(layer, level, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip") for layer in layers]
    manifest = layout.add_json(
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": packed},
        "application/vnd.oci.image.manifest.v1+json")
    manifest["annotations"] = {"org.opencontainers.image.ref.name": version,
                               "io.containerd.image.name": f"docker.io/library/triage:{version}"}
    index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [manifest]}

    def blob(entry):
        return "blobs/" + entry["digest"].replace(":", "/")

    older = [{"Config": blob(config), "RepoTags": [f"triage:{version}"], "Layers": [blob(layer) for layer in packed]}]
    target = output / f"triage-{version}-linux-x86_64.oci.tar"
    layout.write(target, epoch, {
        "oci-layout": json.dumps({"imageLayoutVersion": "1.0.0"}).encode(), "index.json": json.dumps(index, indent=1).encode(),
        "manifest.json": json.dumps(older, indent=1).encode()})
    return target
