"""The package's folder: the tree that lies below a prefix, and what installs it there.

    bin/triage, lib/triage (libraries), share/triage (models, kb), share/man, completions, share/doc/triage (licences, pages),
    lib/systemd/system/triage.service; beside them START.txt, install.sh, SHA256SUMS, sbom.json and vex.json
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

from . import libraries, manual

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FILES = pathlib.Path(__file__).resolve().parent / "files"
DOC = pathlib.Path("share/doc/triage")
UNIT = pathlib.Path("lib/systemd/system/triage.service")
SUMS = "SHA256SUMS"


def tracked(*patterns):
    """Files of the project as git lists them, so that nothing else that lies about is shipped."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--", *patterns]
    listed = subprocess.run(command, capture_output=True, check=True, text=True)
    return [pathlib.Path(name) for name in listed.stdout.split("\0") if name]


def copy(source, target, executable=False):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o755 if executable else 0o644)


def fill(source, target, values, executable=False):
    """Copies a text with @NAME@ replaced."""
    text = re.sub(r"@([A-Z_]+)@", lambda match: values[match[1]], source.read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    target.chmod(0o755 if executable else 0o644)


def unit(prefix):
    """The systemd unit for a program below a prefix, with the permanent user that the package makes.

    A permanent user lets an operator run `triage store …` as the service's user.
    """
    text = (ROOT / "scripts/deploy/systemd/triage.service").read_text(encoding="utf-8")
    for old, new in (
        ("ExecStart=/usr/local/bin/", f"ExecStart={prefix}/bin/"),
        ("# A user of its own for as long as it runs, who", "# A user of its own, who"),
        ("DynamicUser=yes\n", "User=triage\nGroup=triage\n"),
        ("Documentation=man:systemd.exec(5)", "Documentation=man:triage-serve(1)"),
        ("Install: see ../README.md.", "Each installation writes this file anew: changes belong into systemctl edit triage."),
    ):
        text = text.replace(old, new)
    return text


def build(program, folder, version, epoch):
    """Makes the tree; returns where each library came from, and the glibc that is needed."""
    origins = libraries.carry(program, folder)
    elf = [folder / "bin" / "triage", *origins]
    for file in elf:
        file.chmod(0o755 if file.parent.name == "bin" else 0o644)
    for file in tracked("models", "kb"):
        copy(ROOT / file, folder / "share" / "triage" / file)
    # Every page, in the folders where the pages' links lead.
    for file in tracked("*.md", "Sources/triage/Manual.docc/*.png", "LICENSE", "NOTICE", "scripts/deploy/systemd",
                        "scripts/batches", "scripts/sample_tickets.jsonl"):
        if file.parts[0] not in ("models", "kb", "Tests"):
            copy(ROOT / file, folder / DOC / file)
    copy(ROOT / "scripts/sample_tickets.jsonl", folder / DOC / "examples" / "sample_tickets.jsonl")
    # The pages link to the models' cards.
    for file in tracked("models/**/MODEL_CARD.md"):
        copy(ROOT / file, folder / DOC / file)
    # For the machine where a language model is: triage compare --export writes what it answers.
    copy(ROOT / "scripts/answer_prompts.py", folder / DOC / "examples" / "answer_prompts.py")
    copy(ROOT / "scripts/deploy/systemd/triage.yaml", folder / DOC / "examples" / "triage.yaml")
    for name, source in licences(origins):
        copy(source, folder / DOC / "licences" / name)
    manual.write(folder / "bin" / "triage", folder / "share", epoch)
    (folder / UNIT).parent.mkdir(parents=True)
    (folder / UNIT).write_text(unit("/usr/local"), encoding="utf-8")
    glibc = libraries.glibc_needed(elf)
    fill(FILES / "START.txt", folder / "START.txt", {"VERSION": version, "GLIBC": glibc})
    return origins, glibc


def restart():
    """What install.sh and the .deb share: a restart of the service that waits until it accepts work."""
    return (FILES / "restart.sh").read_text(encoding="utf-8").strip()


def write_installer(folder, version, glibc):
    """install.sh, when every other file is there: it knows how many SHA256SUMS lists, so that a list cut short is found."""
    (folder / "install.sh").touch()
    values = {"VERSION": version, "GLIBC": glibc, "FILES": str(len(summed(folder))), "RESTART": restart()}
    fill(FILES / "install.sh", folder / "install.sh", values, executable=True)


def licences(origins):
    """Debian's copyright file of each carried library that comes from a package."""
    for origin in origins.values():
        if name := package_of(origin):
            yield f"{name}.copyright", pathlib.Path(f"/usr/share/doc/{name}/copyright")


def package_of(file):
    """The Debian package that a file belongs to, without its architecture; None for one of no package."""
    for path in (file, pathlib.Path(str(file).removeprefix("/usr")), pathlib.Path("/usr" + str(file))):
        found = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True)
        if found.returncode == 0:
            return found.stdout.split(":")[0]
    return None


def files(folder):
    """Every file below a folder, sorted by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def summed(folder):
    """What SHA256SUMS of a folder lists: every file but itself and its signature. Signed parts have lists of their own inside."""
    return [file for file in files(folder) if not (file.parent == folder and file.name.startswith(SUMS))]


def signed_parts(folder):
    """The folders that the setting signed-by wants signed, each for itself: models, matrices and the knowledge base."""
    share = folder / "share/triage"
    models = {file.parent for file in share.glob("models/**/*") if file.suffix == ".safetensors"}
    return [*sorted(models), share / "kb"]


def write_sums(folder, listed=None):
    """SHA256SUMS of a folder, in the form that sha256sum -c reads."""
    sums = folder / SUMS
    listed = sorted(listed) if listed else summed(folder)
    sums.write_text("".join(f"{digest(file)}  {file.relative_to(folder)}\n" for file in listed), encoding="utf-8")
    return sums


def settle(folder, epoch):
    """The same times and modes for every machine."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) and path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
