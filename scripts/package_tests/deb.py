"""The .deb in a bare root."""
from . import service, store
from .root import NEWER, SAMPLES, check_libraries, decisions, expect

UNIT = "/usr/lib/systemd/system/triage.service"


def command(package):
    return f"dpkg -i /media/stick/{package.output.name}/{package.deb.name}"


def install(root, package):
    root.run(command(package))


def run(root, older, newer):
    before = root.listing()
    install(root, older)
    check_libraries(root, "/usr/bin/triage")
    samples = "/usr/" + SAMPLES
    expected = decisions(root, "triage", samples)
    expect(f"{root.suite}: dpkg -i, the samples are decided", expected.count('"category":') >= 12, expected)
    (root.folder / "etc/triage/triage.yaml").open("a").write("# the site's own line\n")
    serves = service.can_serve(root, "triage")
    if serves:
        service.serve_once(root, UNIT, "/usr/bin/triage")
    for package in (newer, older, newer):
        install(root, package)
        shown = root.run("dpkg-query -W -f '${Version}' triage")
        expect(f"{root.suite}: dpkg -i of {package.version}", shown.strip().endswith(package.version), shown)
    expect(f"{root.suite}: settings are kept", "the site's own line" in (root.folder / "etc/triage/triage.yaml").read_text())
    if serves:
        expect(f"{root.suite}: the store was backed up", (root.folder / f"var/lib/triage/before-{NEWER}/triage.sqlite").exists())
        install(root, older)
        store.check_older(root, UNIT, "/usr/bin/triage", command(newer))
    expect(f"{root.suite}: the same decisions", decisions(root, "triage", samples) == expected)
    root.run("dpkg -r triage")
    expect(f"{root.suite}: dpkg -r keeps settings and data", (root.folder / "etc/triage/triage.yaml").exists()
           and (root.folder / "var/lib/triage").exists() and not (root.folder / "usr/bin/triage").exists())
    root.run("dpkg -P triage; rm -rf ~/.cache /home/desk/.cache")
    root.expect_unchanged(f"{root.suite}: dpkg -P", before)
