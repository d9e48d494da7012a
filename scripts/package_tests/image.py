"""The container image, without a container engine."""
import json
import subprocess

import bare_root
from release import tree

from .root import SAMPLES, expect


def run(package, scratch):
    """skopeo reads it in both forms and copies it, umoci validates and unpacks it, and its program runs as its user."""
    for transport in ("oci-archive", "docker-archive"):
        shown = json.loads(subprocess.check_output(["skopeo", "inspect", f"{transport}:{package.image}"]))
        expect(f"skopeo reads the image as {transport}, {len(shown['Layers'])} layers",
               shown["Labels"]["org.opencontainers.image.version"] == package.version)
    layout, bundle = scratch / "layout", scratch / "bundle"
    # skopeo verifies the hash and the size of each blob that it copies.
    copy = ["skopeo", "copy", "--quiet", "--insecure-policy", f"oci-archive:{package.image}", f"oci:{layout}:{package.version}"]
    done = subprocess.run(copy, capture_output=True, text=True)
    expect("skopeo copies the image, so every hash in it is right", done.returncode == 0, done.stderr)
    bare_root.run("umoci", "unpack", "--image", f"{layout}:{package.version}", bundle, stdout=subprocess.DEVNULL)
    run_program(bundle / "rootfs")
    check_list(bundle / "rootfs")


def check_list(root):
    """The image's own parts list: the C library is in it, with the hash of each file."""
    listed = json.loads((root / "usr/local" / tree.DOC / "sbom.json").read_text())["components"]
    files = [file for part in listed for file in part.get("components", []) if file["name"].startswith("lib")
             and "x86" in file["name"]]
    wrong = [file["name"] for file in files if file["hashes"][0]["content"] != tree.digest(root / file["name"])]
    there = {str(file.relative_to(root)) for folder in ("lib/x86_64-linux-gnu", "lib64") for file in (root / folder).iterdir()}
    expect(f"the image's parts list has each of its {len(there)} system libraries, and leaves none to a system", not wrong
           and {file["name"] for file in files} == there and not any(part.get("scope") for part in listed), wrong)


def run_program(root):
    # A container has /proc, where the loader learns which folder $ORIGIN is.
    inside = "mkdir -p $0/proc && mount -t proc proc $0/proc && exec chroot --userspec=10001:10001 $0 /usr/local/bin/triage $@"
    command = ["unshare", "-m", "sh", "-c", inside, root, "classify", "--json", "--input", f"/usr/local/{SAMPLES}"]
    done = subprocess.run(command, env={"PATH": "/usr/sbin:/usr/bin"}, capture_output=True, text=True)
    expect("the image's program decides the samples", done.stdout.count('"category":') >= 12, done.stderr)
