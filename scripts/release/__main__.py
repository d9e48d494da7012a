"""The part of scripts/package that needs no build: see there."""
import argparse
import concurrent.futures
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

from . import archive, deb, image, manual, parts, sign, tree


def source_date():
    """The time that every file gets: SOURCE_DATE_EPOCH, else that of the newest commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    shown = subprocess.run(["git", "-C", str(tree.ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=True)
    return int(shown.stdout)


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/package", add_help=False)
    parser.add_argument("--binary", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, default=tree.ROOT / ".build" / "package")
    parser.add_argument("--version")
    parser.add_argument("--key", type=pathlib.Path)
    parser.add_argument("--key-password", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    if given.key and not given.key.is_file():
        sys.exit(f"--key {given.key}: no such file; triage sign keygen makes a key, away from this machine if you can")
    if given.key_password and not given.key:
        sys.exit("--key-password is the password of a --key")
    return given


def checked_version(given, program):
    version = given or manual.ask(program, "--version").strip()
    if not re.fullmatch(r"[0-9][0-9A-Za-z.+~]*", version):
        sys.exit(f"{version}: a version begins with a digit and has letters, digits and . + ~ only")
    return version


def main():
    if platform.machine() != "x86_64":
        sys.exit(f"packages are made on x86_64, and this machine is {platform.machine()}")
    given = arguments()
    given.binary = given.binary.resolve()
    if not os.access(given.binary, os.X_OK):
        sys.exit(f"{given.binary} is not a program; build it first, or leave --binary out")
    version, epoch = checked_version(given.version, given.binary), source_date()
    given.output.mkdir(parents=True, exist_ok=True)
    name = f"triage-{version}-linux-x86_64"
    with tempfile.TemporaryDirectory(prefix="triage-package-") as scratch:
        folder = pathlib.Path(scratch) / name
        folder.mkdir()
        origins, glibc = tree.build(given.binary, folder, version, epoch)
        commit = deb.git("%H")
        parts.write(given.binary, folder, origins, version, epoch, commit)
        if given.key:
            sign.sign(given.binary, tree.signed_parts(folder), given.key, given.key_password)
        tree.write_installer(folder, version, glibc)
        sums = tree.write_sums(folder)
        if given.key:
            sign.sign(given.binary, [sums], given.key, given.key_password)
        tree.settle(folder, epoch)
        level, layers, scratch = 0 if given.quick else 9, 1 if given.quick else 9, pathlib.Path(scratch)
        # Each compresses with one thread of its own, so that the bytes do not depend on how many there are.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            written = [pool.submit(archive.write_tar_xz, folder, given.output / f"{name}.tar.xz", epoch, level),
                       pool.submit(deb.write, folder, given.output, version, glibc, epoch, level, scratch),
                       pool.submit(image.write, folder, given.output, version, commit, epoch, layers, scratch)]
        made = [file.result() for file in written]
        made.append(tree.write_sums(given.output, made))
        for file in made:
            sign.beside(file).unlink(missing_ok=True)
        if given.key:
            sign.sign(given.binary, made, given.key, given.key_password)
        for file in made:
            print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")
        print(f"needs glibc {glibc} or newer")


main()
