"""Bare roots of the systems that triage runs on, made by debootstrap once and kept as archives in .build."""
import os
import pathlib
import subprocess
import tempfile

from manifest import ROOT

DEBIAN, UBUNTU = "http://deb.debian.org/debian", "http://archive.ubuntu.com/ubuntu"
MIRRORS = {"bookworm": DEBIAN, "trixie": DEBIAN, "noble": UBUNTU}
UBUNTU_KEYS = pathlib.Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
# What slim images leave out.
LEFT_OUT = ("var/cache/apt/*", "var/lib/apt/lists/*", "var/log/*", "usr/share/doc/*", "usr/share/man/*", "usr/share/info/*",
            "usr/share/locale/*")


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, **options)


def options(suite):
    """debootstrap's arguments for a suite. Debian has no keys of Ubuntu's archive: its root, which only tests use, is not verified
    without them."""
    if MIRRORS[suite] == DEBIAN:
        return [], []
    keys = [f"--keyring={UBUNTU_KEYS}"] if UBUNTU_KEYS.exists() else ["--no-check-gpg"]
    # An older debootstrap has no script of a newer Ubuntu's name; all of them are this one.
    return keys, ["gutsy"]


def archive(suite):
    """The archive of a bare root; made once."""
    made = ROOT / ".build" / f"debootstrap-{suite}.tar"
    if made.exists():
        return made
    made.parent.mkdir(exist_ok=True)
    before, after = options(suite)
    with tempfile.TemporaryDirectory() as folder:
        run("debootstrap", "--variant=minbase", *before, suite, folder, MIRRORS[suite], *after, stdout=subprocess.DEVNULL)
        for pattern in LEFT_OUT:
            run("rm", "-rf", *pathlib.Path(folder).glob(pattern))
        # An archive that is cut off by an interruption must not be found by the next run.
        run("tar", "-C", folder, "-cf", f"{made}.part", ".")
        os.replace(f"{made}.part", made)
    return made


def unpack(suite, root):
    """Fills a folder with a bare root."""
    run("tar", "-C", root, "-xf", archive(suite))
    # Temporary folders are the owner's alone, and a root is everybody's.
    os.chmod(root, 0o755)
