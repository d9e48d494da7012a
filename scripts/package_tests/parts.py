"""The parts list against its schema, and against what the loader, dpkg and the build say of the package's files."""
import json
import re
import subprocess

import notice
from release import libraries, parts, tree

from .root import expect

VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
faults = [JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(file).read()) for file in sys.argv[1:]]
sys.exit("\\n".join(str(fault) for fault in faults if fault) or 0)
"""


def check_schema(folder, checkers):
    command = [checkers / "python", "-c", VALIDATE, folder / "sbom.json", folder / "vex.json"]
    done = subprocess.run(command, capture_output=True, text=True)
    expect("sbom.json and vex.json are CycloneDX 1.6", done.returncode == 0, done.stderr)


def property_of(part, name):
    return next((value["value"] for value in part.get("properties", []) if value["name"] == f"triage:{name}"), "")


def owner(path):
    """The Debian package that a library here belongs to, with its version, as dpkg has them."""
    for name in (str(path), str(path.resolve()), str(path.resolve()).removeprefix("/usr")):
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
        if found.returncode == 0:
            package = found.stdout.split(": ")[0].split(",")[0]
            version = subprocess.check_output(["dpkg-query", "-W", "-f", "${Version}", package], text=True)
            return package.split(":")[0], version
    return None


def check_libraries(folder, listed):
    """Every library that ldd finds, for the program and for each carried library, is listed with dpkg's name and version of it."""
    carried = sorted((folder / libraries.FOLDER).iterdir())
    files = {property_of(part, "file"): part for part in listed}
    missing = [file.name for file in carried if {"alg": "SHA-256", "content": tree.digest(file)}
               not in files.get(str(file.relative_to(folder)), {}).get("hashes", [])]
    expect(f"the parts list has each of {len(carried)} carried libraries with its hash", not missing, missing)
    system = {name: part for part in listed for name in property_of(part, "libraries").split()}
    wrong = []
    for file in [folder / "bin/triage", *carried]:
        for name, path in libraries.needed(file).items():
            if (folder / libraries.FOLDER / name).exists():
                continue
            part = system.get(name)
            if not part or (part["name"], part["version"]) != owner(path):
                wrong.append(f"{file.name} needs {name}: {part and (part['name'], part['version'])}, dpkg: {owner(path)}")
    expect(f"and each of {len(system)} libraries of the system, as dpkg has it", system and not wrong, wrong)
    gone = [name for name in files if name and not (folder / name).exists()]
    expect("and no file that is not there", not gone, gone)


def check_packages(binary, listed):
    """Every package that the build resolved and compiled, with its version and commit; and no other."""
    states = {path: state for path, state in parts.resolved(binary).items() if path.split("/")[1] not in notice.not_compiled()}
    found = {}
    for part in listed:
        if match := re.fullmatch(r"pkg:swift/github\.com/(\S+)@(\S+)", part.get("purl", "")):
            hashes = [entry["content"] for link in part["externalReferences"] for entry in link.get("hashes", [])]
            found[match[1].lower()] = (match[2], hashes)
    wanted = {path: (state["version"], [state["revision"]]) for path, state in states.items()}
    wrong = sorted(path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path))
    expect(f"and each of {len(wanted)} packages that the build resolved, with its commit, and no other", wanted and not wrong, wrong)


def check_entries(listed):
    """Each component has a version, a licence, and a hash of its own, of its source or of its files."""
    for key in ("version", "licenses"):
        lacking = [part["name"] for part in listed if not part.get(key)]
        expect(f"each of {len(listed)} components has {key}", not lacking, lacking)
    lacking = [part["name"] for part in listed if part.get("scope") != "excluded" and '"hashes"' not in json.dumps(part)]
    expect("each component that the package carries has a hash", not lacking, lacking)


def check_origins(listed):
    """A library that was changed is marked so; system libraries and models have the licences of their own sources."""
    terms = {part["name"]: part["licenses"][0].get("expression") for part in listed}
    expect("libc6 has its licence, and libgcc and libstdc++ have theirs", terms["libc6"] == "LGPL-2.1-or-later"
           and terms["libgcc-s1"] == terms["libstdc++6"] == "GPL-3.0-or-later WITH GCC-exception-3.1", terms)
    unmarked = [part["name"] for part in listed if property_of(part, "source") and not part["pedigree"]["notes"]]
    expect("each carried library is marked as changed", not unmarked, unmarked)
    notes = {part["name"]: part["pedigree"]["notes"] for part in listed if part["type"] == "machine-learning-model"}
    expect(f"each of {len(notes)} models names the licences of its training data", notes and all("CC BY" in text for text in notes.values()),
           notes)
    packages = [part for part in listed if part.get("purl", "").startswith("pkg:swift/")]
    if all(parts.checkout(part["purl"].split("/")[3].partition("@")[0]) for part in packages):
        inner = [part for package in packages for part in [package, *package.get("components", [])]]
        lacking = [part["name"] for part in inner if not property_of(part, "git-content")]
        expect(f"each of {len(inner)} packages and copies inside them has a hash of its content", not lacking, lacking)


def check_exploitability(folder, listed):
    """What the VEX file is about is in the parts list."""
    entries = json.loads((folder / "vex.json").read_text())["vulnerabilities"]
    references = {part["bom-ref"] for part in listed}
    unknown = [entry["id"] for entry in entries for place in entry["affects"] if place["ref"].partition("#")[2] not in references]
    expect(f"{len(entries)} vulnerabilities are about parts that are listed", entries and not unknown, unknown)


def run(folder, binary, checkers):
    check_schema(folder, checkers)
    listed = json.loads((folder / "sbom.json").read_text())["components"]
    check_libraries(folder, listed)
    check_packages(binary, listed)
    check_entries(listed)
    check_origins(listed)
    check_exploitability(folder, listed)
