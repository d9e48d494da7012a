"""A bare system, the packages that are carried into it, and how a test says what it found."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import bare_root
from manifest import ROOT
from release import tree

NEWER = "9.0.0"
# What a package manager, useradd and the loader change in any root.
OWN_RECORDS = ("var/lib/dpkg/", "var/log/", "var/cache/", "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-",
               "etc/subuid", "etc/subgid", "etc/.pwd.lock", "run/", "tmp/", "media", "mnt", "proc/", "dev/")
SAMPLES = "share/doc/triage/examples/sample_tickets.jsonl"
DESK = "/home/desk"
# Programs of this machine, for what a page takes from the target's own system and a minimal root lacks.
BORROWED = ("curl", "minisign", "openssl", "xz")
LOADER = pathlib.Path("/lib64/ld-linux-x86-64.so.2")
SUDO = """#!/bin/sh
if [ "$1" = -u ]; then
    user=$2
    shift 2
    exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"
fi
HOME=/root exec "$@"
"""
TRACE = ("strace", "-f", "-DDD", "--seccomp-bpf", "-qq", "-e", "trace=%network,io_uring_setup", "-e", "signal=none")


def expect(what, holds, detail=""):
    print(f"{'ok  ' if holds else 'FAIL'} {what}", flush=True)
    if not holds:
        sys.exit(str(detail)[-4000:])


def write_tools(folder):
    """Programs of this machine for a root, with their own loader and libraries. `sudo` runs what follows it, because a test changes
    the user before."""
    folder.mkdir()
    libraries = ":".join(f"/mnt/host{path}" for path in ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu"))
    begin = f"#!/bin/sh\nOPENSSL_CONF=/mnt/host/etc/ssl/openssl.cnf exec /mnt/host{LOADER.resolve()} --library-path {libraries}"
    for name in BORROWED:
        found = pathlib.Path(shutil.which(name) or sys.exit(f"{name} is missing; install its package"))
        (folder / name).write_text(f'{begin} /mnt/host{found.resolve()} "$@"\n')
    (folder / "sudo").write_text(SUDO)
    for file in folder.iterdir():
        file.chmod(0o755)


class Root:
    """A bare root with a user `desk`, the packages on a read-only stick, and a folder of tools that a script may borrow.

    With `traces`, a folder, the kernel's calls about sockets of everything that runs inside are written there.
    """

    def __init__(self, suite, folder, stick, tools):
        self.suite, self.folder, self.stick, self.tools = suite, folder, stick, tools
        self.traces = None
        bare_root.unpack(suite, folder)
        for name in ("media/stick", "mnt/small", "mnt/tools", "mnt/host"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.run("useradd --create-home --home-dir /home/desk desk")

    def start(self, script, user="root", home=None, borrow=False, **options):
        """A shell script inside, in a mount namespace of its own; with `borrow` it finds the folder of tools."""
        mounts = ('mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && mount --bind "$1" "$0/media/stick" && '
                  'mount -o remount,ro,bind "$0/media/stick" && mount -t tmpfs -o size=60m small "$0/mnt/small" && '
                  'mount --bind "$4" "$0/mnt/tools" && mount --bind / "$0/mnt/host" && '
                  'mount -o remount,ro,bind "$0/mnt/host" && exec chroot --userspec="$2" "$0" /bin/sh -c "$3"')
        home = home or ("/root" if user == "root" else DESK)
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" + (":/mnt/tools" if borrow else "")
        environment = {"PATH": path, "HOME": home, "LC_ALL": "C.UTF-8"}
        ids = "0:0" if user == "root" else ":".join(self.ids(user))
        command = ["unshare", "-m", "sh", "-c", mounts, self.folder, self.stick, ids, f"cd {home}\n{script}", self.tools]
        return subprocess.Popen([*self.tracer(), *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, **options)

    def tracer(self):
        """What a command begins with while calls are traced."""
        if not self.traces:
            return []
        number = len(list(self.traces.iterdir()))
        file = self.traces / f"{number}.trace"
        file.touch()
        return [*TRACE, "-o", file]

    def ids(self, user):
        accounts = (self.folder / "etc/passwd").read_text().splitlines()
        return next(line.split(":")[2:4] for line in accounts if line.startswith(user + ":"))

    def attempt(self, script, user="root", **options):
        process = self.start(script, user, **options)
        output = process.communicate(timeout=600)[0]
        return process.returncode, output

    def run(self, script, user="root", **options):
        code, output = self.attempt(script, user, **options)
        if code:
            sys.exit(f"{self.suite}: {script}: exit code {code}\n{output[-4000:]}")
        return output

    def refuses(self, what, script, code, word, user="root"):
        got, output = self.attempt(script, user)
        expect(f"{what}: exit code {code}", got == code and word in output, f"exit code {got}\n{output}")

    def listing(self):
        """Every path with its kind, mode and size, and of settings the content."""
        found = {}
        for path in self.folder.rglob("*"):
            name, info = str(path.relative_to(self.folder)), path.lstat()
            if not name.startswith(OWN_RECORDS):
                settings = name.startswith("etc/") and path.is_file() and not path.is_symlink()
                found[name] = (info.st_mode, info.st_uid, info.st_size if path.is_file() else 0,
                               path.read_bytes() if settings else os.readlink(path) if path.is_symlink() else None)
        return found

    def expect_unchanged(self, what, before):
        after = self.listing()
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        expect(f"{what}: nothing is left behind", not changed, changed[:20])


class Package:
    """A folder of packages, and the version in it."""

    def __init__(self, output, version):
        self.output, self.version = output, version
        self.name = f"triage-{version}-linux-x86_64"
        self.archive, self.deb = output / f"{self.name}.tar.xz", output / f"triage_{version}_amd64.deb"
        self.image = output / f"{self.name}.oci.tar"


def make(output, binary, version, short, key=None):
    """Runs scripts/package; with a secret key the files are signed."""
    command = [ROOT / "scripts/package", "--output", output, "--binary", binary, "--version", version]
    bare_root.run(*command, *(["--quick"] if short else []), *(["--key", key] if key else []))
    return Package(output, version)


def renamed(package, unpacked, output, version):
    """The same package as another version, without compressing it again: for --short."""
    made, old, new = Package(output, version), package.version, version
    output.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / made.name
        shutil.copytree(unpacked, folder)
        script = folder / "install.sh"
        script.write_text(script.read_text().replace(f"version='{old}'", f"version='{new}'"))
        tree.write_sums(folder)
        (folder / f"{tree.SUMS}.minisig").unlink(missing_ok=True)
        bare_root.run("tar", "-C", scratch, "-cf", made.archive.with_suffix(""), made.name)
        root = pathlib.Path(scratch) / "deb"
        bare_root.run("dpkg-deb", "-R", package.deb, root)
        for name in ("control", "preinst", "postinst"):
            file = root / "DEBIAN" / name
            file.write_text(file.read_text().replace(f"Version: {old}\n", f"Version: {new}\n").replace(
                f"before-{old}", f"before-{new}").replace(f"'{old}'", f"'{new}'").replace(f"with {old},", f"with {new},"))
        bare_root.run("dpkg-deb", "--root-owner-group", "-Znone", "--build", root, made.deb, stdout=subprocess.DEVNULL)
    return made


def decisions(root, program, samples, user="desk"):
    """The decisions of the samples by an installed program."""
    return root.run(f"{program} classify --json --input {samples}", user)


def check_libraries(root, program):
    text = root.run(f"ldd {program}")
    expect(f"{root.suite}: no library is missing", "not found" not in text, text)


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def rows(file, count):
    """An export to train on."""
    texts = {"Login": "password login locked", "Billing": "invoice refund charged", "Bug": "crash error broken",
             "Access": "folder rights share"}
    severities = {"Login": "High", "Billing": "Low", "Bug": "Medium", "Access": "Low"}
    labels = list(texts)
    with file.open("w") as out:
        for number in range(count):
            label = labels[number % len(labels)]
            text = f"{texts[label]} number {number} in room {number * 7919 % 997} please"
            out.write(json.dumps({"text": text, "category": label, "severity": severities[label]}) + "\n")
    file.chmod(0o644)
