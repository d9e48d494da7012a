"""The parts list of a package (sbom.json, CycloneDX 1.6) and what is known of their vulnerabilities (vex.json, the same form).

Names, licences and addresses come from NOTICE, revisions from the build, versions and repaired vulnerabilities of the carried
libraries from Debian's package database and changelogs on this machine. vulnerabilities.json has what somebody examined.
"""
import datetime
import gzip
import json
import pathlib
import re
import shutil
import subprocess
import uuid

import notice

from . import libraries, manual, tree

SPDX = {"Apache-2.0 with Runtime Library Exception": "Apache-2.0 WITH Swift-exception"}
# The libraries that the program loads from the system, and where NOTICE has their licence.
TARGETS = {"libcrypto.so": "CLibCrypto", "libhiredis.so": "CHiredis", "libopenblas.so": "COpenBLAS", "libz.so": "CZlib",
           "libsqlite3.so": "GRDB.swift's GRDBSQLite"}
# A copy inside a package: its path there, the package's file that names its version, and the pattern of the version's parts.
# cpp_magic.h names none.
COPIES = {"BoringSSL": ("Sources/CNIOBoringSSL", "Sources/CNIOBoringSSL/hash.txt", r"revision (\w+)"),
          "cpp_magic.h of uSHET": ("Sources/CNIOAtomics/src/cpp_magic.h", None, None),
          "libyaml": ("Sources/CYaml", "CHANGELOG.md", r"\A[\s\S]*?libyaml/compare/\w+\.\.\.(\w+)"),
          "llhttp": ("Sources/CNIOLLHTTP", "Sources/CNIOLLHTTP/include/c_nio_llhttp.h",
                     r"LLHTTP_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)"),
          "sha1 of FreeBSD": ("Sources/CNIOSHA1", "Sources/CNIOSHA1/c_nio_sha1.c", r"sha1\.c,v ([\d.]+)"),
          "zlib": ("Sources/CNIOExtrasZlib", "Sources/CNIOExtrasZlib/vendored-zlib.version", r"(\S+)")}
GCC = [{"expression": "GPL-3.0-or-later WITH GCC-exception-3.1"}]
GNU = {"libc6": [{"expression": "LGPL-2.1-or-later"}], "libgcc-s1": GCC, "libstdc++6": GCC}
# What libraries.py does to a library of Debian.
STRIPPED = "Debian's file without symbols for debugging, and with a path that leads to the libraries beside it."
LINKED = ("Linked anew from Debian's static archive, with the functions that the program calls. The compiled code is Debian's, the "
          "file is not.")


def licence(text):
    """A licence as CycloneDX has it: an SPDX expression, else a name."""
    if text == "public domain":
        return [{"license": {"name": text}}]
    return [{"expression": SPDX.get(text, text)}]


def component(kind, name, reference, **more):
    return {"type": kind, "bom-ref": reference, "name": name} | {key: value for key, value in more.items() if value}


def sha256(file):
    return [{"alg": "SHA-256", "content": tree.digest(file)}]


def properties(**values):
    return [{"name": f"triage:{name}", "value": str(value)} for name, value in values.items()]


def source(address, revision=None):
    """Where a part's code is; the hash is git's name of the commit."""
    found = {"type": "vcs", "url": address}
    return [found | ({"hashes": [{"alg": "SHA-1", "content": revision}]} if revision else {})]


# Swift


def resolved(program):
    """The packages that the build of a program resolved: one without the service has a folder of its own."""
    has_service = re.search(r"^  serve ", manual.ask(program, "--help"), re.MULTILINE)
    return notice.resolved(".build" if has_service else ".build-core")


def checkout(package):
    """The sources that a build compiled, if there is one here."""
    return next((folder for build in (".build", ".build-core")
                 if (folder := tree.ROOT / build / "checkouts" / package).is_dir()), None)


def copied_version(name, sources):
    """The version of a copy inside a package, where the build's sources have it."""
    _, file, pattern = COPIES.get(name, (None, None, None))
    path = sources / file if sources and file else None
    return ".".join(re.findall(pattern, path.read_text(encoding="utf-8"))) if path and path.is_file() else None


def content(sources, path=""):
    """git's hash of the content of a package's sources, or of a folder or file of them."""
    if not sources or path is None:
        return None
    shown = subprocess.run(["git", "-C", str(sources), "rev-parse", f"HEAD:{path}"], capture_output=True, text=True)
    return properties(**{"git-content": shown.stdout.strip()}) if shown.returncode == 0 else None


def swift_packages(program):
    """The packages that the program is linked from, with the foreign code inside them."""
    states = resolved(program)
    inside = notice.entries("CODE INSIDE")
    left_out = notice.not_compiled()
    for name, version, terms, path in notice.PACKAGE.findall(notice.read()):
        if states and path.lower() not in states or name in left_out:
            continue
        reference = f"pkg:swift/github.com/{path}@{version}"
        sources = checkout(path.split("/")[1])
        parts = [component("library", part, f"{reference}#{part.split()[0]}", version=copied_version(part, sources),
                           licenses=licence(part_terms), externalReferences=source(address),
                           properties=content(sources, COPIES.get(part, [None])[0]))
                 for part, part_terms, address, package in inside if package == name]
        yield component(
            "library", name, reference, version=version, purl=reference, licenses=licence(terms), components=parts,
            properties=content(sources),
            externalReferences=source(f"https://github.com/{path}", states.get(path.lower(), {}).get("revision")))


# The toolchain's archives of each part, by the name of its repository.
RUNTIME = {"swift": "libswift*.a", "swift-corelibs-libdispatch": "lib[dB]*.a", "swift-foundation-icu": "*ICU.a",
           "swift-corelibs-foundation": "lib*Foundation*.a"}


def data_version(file):
    """ICU's own version, which its archive has in the names of its data."""
    found = re.search(rb"icudt(\d+)", file.read_bytes())
    return found[1].decode() if found else None


def swift_runtime():
    """The parts of the toolchain that a release build links in, with the hashes of their archives."""
    shown = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"Swift version ([\d.]+)", shown)[1]
    archives = pathlib.Path(shutil.which("swift")).resolve().parent.parent / "lib/swift_static/linux"
    for name, terms, address in (entry[:3] for entry in notice.entries("SWIFT'S RUNTIME")):
        repository = address.rsplit("/", 1)[1]
        files = [file for file in sorted(archives.glob(RUNTIME[repository]))
                 if repository == "swift-foundation-icu" or not file.match(RUNTIME["swift-foundation-icu"])]
        own = data_version(files[0]) if repository == "swift-foundation-icu" and files else version
        reference = f"swift-runtime:{repository}@{own}"
        yield component("library", name, reference, version=own, licenses=licence(terms),
                        externalReferences=source(address), properties=properties(toolchain=version),
                        components=[file_component(file, file.name, reference) for file in files])


def file_component(file, name, reference):
    """A file that is a part of a component."""
    return component("file", str(name), f"{reference}#{name}", hashes=sha256(file))


# Debian


def dpkg(name, field):
    shown = subprocess.run(["dpkg-query", "-W", "-f", f"${{{field}}}\n", name], capture_output=True, text=True, check=True)
    return shown.stdout.splitlines()[0]


def release():
    """The Debian that this machine runs, as debian-12."""
    text = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    values = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.MULTILINE))
    return values["ID"], f"{values['ID']}-{values.get('VERSION_ID', 'unstable')}"


def debian(name, **more):
    """A component of a Debian package."""
    system, distribution = release()
    version = dpkg(name, "Version")
    reference = f"pkg:deb/{system}/{name}@{version}?arch={dpkg(name, 'Architecture')}&distro={distribution}"
    return component("library", name, reference, version=version, purl=reference,
                     supplier={"name": "Debian"}, **more)


def licence_of(library):
    for start, target in TARGETS.items():
        if library.startswith(start):
            return next(licence(terms) for _, terms, _, where in notice.entries("SYSTEM LIBRARIES") if where == target)
    return None


def changed(name, file):
    """That a library is not Debian's file byte for byte: what it was made from, and how."""
    original = {key: value for key, value in debian(name).items() if key != "bom-ref"}
    return {"ancestors": [original], "notes": LINKED if file.name == libraries.OPENBLAS else STRIPPED}


def carried(origins, folder):
    """The libraries in the package, each with the Debian package it comes from."""
    for file, origin in sorted(origins.items()):
        path = str(file.relative_to(folder))
        if name := tree.package_of(origin):
            known = {"source": dpkg(name, "source:Package"), "source-version": dpkg(name, "source:Version")}
            yield debian(name, hashes=sha256(file), licenses=licence_of(file.name), pedigree=changed(name, file),
                         properties=properties(file=path, **known))
        else:
            # A debug build's: the toolchain's own libraries, which a release build links in.
            yield component("library", file.name, f"file:{path}", hashes=sha256(file), properties=properties(file=path))


def required(elf):
    """What the program takes from the system: not in the package."""
    names = {}
    for file in elf:
        for library, path in libraries.needed(file).items():
            if library in libraries.SYSTEM and (name := tree.package_of(path.resolve())):
                names.setdefault(name, set()).add(library)
    for name, found in sorted(names.items()):
        terms = licence_of(sorted(found)[0]) or GNU[name]
        yield debian(name, scope="excluded", licenses=terms, properties=properties(
            carried="no", libraries=" ".join(sorted(found))))


# Data


# How NOTICE begins its paragraph about each model's training data.
TRAINED = {"minilm-256": "The embedding matrix", "starter": "The starter bundle", "language": "The language identifier"}


def trained_on(name):
    """The sources of a model's training data, with their licences."""
    paragraphs = [" ".join(text.split()) for text in notice.read().split("\n\n")]
    found = [text for text in paragraphs if name in TRAINED and text.startswith(TRAINED[name])]
    return {"notes": found[0]} if found else None


def data(folder, version):
    """Models and knowledge base, by their files' hashes; where their training data came from, as NOTICE has it."""
    own = {"version": version, "licenses": licence("Apache-2.0")}
    share = folder / "share" / "triage"
    for file in sorted(share.glob("models/**/*.safetensors")):
        name = file.parent.name
        yield component("machine-learning-model", name, f"model:{name}", hashes=sha256(file),
                        pedigree=trained_on(name), properties=properties(file=file.relative_to(folder)), **own)
    articles = [file_component(file, file.relative_to(folder), "data:kb") for file in tree.files(share / "kb")]
    yield component("data", "kb", "data:kb", components=articles, **own)


# The lists


def frame(version, epoch, commit, subject):
    when = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    tool = {"type": "application", "name": "scripts/package", "version": version}
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
            "version": 1, "metadata": {"timestamp": when, "tools": {"components": [tool]}, "component": subject,
                                       "properties": properties(commit=commit)}}


def seal(bom):
    """Gives a list a number that depends on its content alone."""
    content = json.dumps(bom, sort_keys=True)
    return bom | {"serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"}


def bill(program, folder, origins, version, epoch, commit):
    """The parts list."""
    subject = component("application", "triage", f"triage@{version}", version=version, licenses=licence("Apache-2.0"),
                        hashes=sha256(folder / "bin/triage"))
    parts = [*swift_packages(program), *swift_runtime(), *carried(origins, folder),
             *required([folder / "bin/triage", *origins]), *data(folder, version)]
    references = [part["bom-ref"] for part in parts]
    return seal(frame(version, epoch, commit, subject) | {
        "components": parts, "dependencies": [{"ref": subject["bom-ref"], "dependsOn": references}]})


def repaired(package):
    """Vulnerabilities that Debian's changelog of a package names, with the newest version that repaired each."""
    found, version = {}, None
    path = pathlib.Path(f"/usr/share/doc/{package}/changelog.Debian.gz")
    for line in gzip.open(path, "rt", encoding="utf-8", errors="replace") if path.exists() else ():
        if match := re.match(r"\S+ \((\S+)\)", line):
            version = match[1]
        for name in re.findall(r"CVE-\d{4}-\d{4,}", line):
            found.setdefault(name, version)
    return found


def statement(name, reference, state, detail, **more):
    source_ = {"name": "NVD", "url": f"https://nvd.nist.gov/vuln/detail/{name}"}
    return {"id": name, "source": source_, "analysis": {"state": state, "detail": detail} | more, "affects": [{"ref": reference}]}


def exploitability(bom, version, epoch, commit):
    """What is known of vulnerabilities of the parts: repaired ones, and those that somebody examined."""
    link = f"urn:cdx:{bom['serialNumber'].removeprefix('urn:uuid:')}/{bom['version']}#"
    found = []
    for part in bom["components"]:
        if part["bom-ref"].startswith("pkg:deb/") and part.get("scope") != "excluded":
            found += [statement(name, link + part["bom-ref"], "resolved", f"Debian repaired it in {repair}, or before.")
                      for name, repair in sorted(repaired(part["name"]).items())]
    references = {part["name"]: part["bom-ref"] for part in bom["components"]}
    for entry in json.loads((tree.FILES / "vulnerabilities.json").read_text(encoding="utf-8")):
        if entry["part"] in references:
            found.append(statement(entry["id"], link + references[entry["part"]], entry["state"], entry["detail"],
                                   **({"justification": entry["justification"]} if "justification" in entry else {})))
    return seal(frame(version, epoch, commit, bom["metadata"]["component"]) | {"vulnerabilities": found})


def write(program, folder, origins, version, epoch, commit):
    bom = bill(program, folder, origins, version, epoch, commit)
    vex = exploitability(bom, version, epoch, commit)
    for name, value in (("sbom.json", bom), ("vex.json", vex)):
        (folder / name).write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    # For debsecan, which reads the database of installed packages: the carried libraries as if they were installed.
    status = [f"Package: {part['name']}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {part['version']}\n"
              f"Source: {dpkg(part['name'], 'source:Package')} ({dpkg(part['name'], 'source:Version')})\n"
              for part in bom["components"] if part["bom-ref"].startswith("pkg:deb/") and part.get("scope") != "excluded"]
    (folder / tree.DOC / "libraries.status").write_text("\n".join(status), encoding="utf-8")
