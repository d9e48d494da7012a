"""One machine, several installations: each removes what it made, and the service's settings and store have one owner."""
from . import deb
from .root import expect

UNIT = "etc/systemd/system/triage.service"
# Prefixes that systemd or sh would read as something else.
ODD = ("/opt/mit leer", "/opt/a&b", "/opt/50%x", "/opt/a|b", '/opt/a"b', "/opt/a\\b", "/opt/a$b", "/opt/it's")


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def has_data(root):
    return all((root.folder / name).exists() for name in ("etc/triage/triage.yaml", "var/lib/triage")) \
        and "\ntriage:" in (root.folder / "etc/passwd").read_text()


def check_prefixes(root, install):
    """Without the service any prefix works, and the folders above it go too where the installation made them."""
    before = root.listing()
    for prefix in ODD:
        root.refuses(f"{root.suite}: --service below {prefix}", f"{install} --prefix {quoted(prefix)} --service", 64, "without --service")
    root.expect_unchanged(f"{root.suite}: after these refusals", before)
    for place, prefix in (("/opt", "/opt/mit leer zeichen/größe ü"), ("/opt", "rel/a"), ("/opt", "/opt/50%x & 'so'")):
        root.run(f"cd {place} && {install} --prefix {quoted(prefix)} && cd {quoted(prefix)} && bin/triage --version")
        root.run(f"cd {place} && {install} --prefix {quoted(prefix)} --uninstall")
        root.expect_unchanged(f"{root.suite}: {prefix} installed and removed", before)


def check_two_at_once(root, install):
    """One of two first installations may be refused; neither damages the other."""
    before = root.listing()
    both = [root.start(f"{install} --prefix /opt/both") for _ in range(2)]
    outputs = [process.communicate(timeout=600)[0] for process in both]
    codes = sorted(process.returncode for process in both)
    expect(f"{root.suite}: two first installations at once: {codes}", codes in ([0, 0], [0, 78])
           and not any("tar:" in output for output in outputs), outputs)
    root.run(f"/opt/both/bin/triage --version && {install} --prefix /opt/both --uninstall")
    root.expect_unchanged(f"{root.suite}: and both removed", before)


def check_second_prefix(root, install):
    """A second prefix cannot take the service, and its purge leaves the first one's data."""
    unit = (root.folder / UNIT).read_text()
    root.refuses(f"{root.suite}: a second service", f"{install} --prefix /opt/second --service", 78, "--prefix /usr/local --upgrade")
    expect(f"{root.suite}: nothing was written for it", (root.folder / UNIT).read_text() == unit
           and not (root.folder / "opt/second").exists())
    root.run(f"{install} --prefix /opt/second")
    output = root.run(f"{install} --prefix /opt/second --uninstall --purge")
    expect(f"{root.suite}: a purge of a second prefix keeps the service's data, and reports it", has_data(root)
           and "kept: /etc/triage, /var/lib/triage: " in output and "below /usr/local" in output, output)
    code, output = root.attempt(f"{install} --user && mkdir -p .cache/triage && {install} --user --uninstall --purge", "desk")
    expect(f"{root.suite}: a user's purge removes the user's cache, and the service's data stay", code == 0 and has_data(root)
           and "removed: /home/desk/.cache/triage" in output and "denied" not in output, output)
    root.run("rmdir /home/desk/.cache 2>/dev/null || true")


def check_deb_after(root, install, package):
    """The .deb is refused beside a service of install.sh; one that came with force takes none of its data along."""
    root.refuses(f"{root.suite}: the .deb beside a service of install.sh", deb.command(package), 1, "install.sh --upgrade")
    expect(f"{root.suite}: nothing of it is there", not (root.folder / "usr/bin/triage").exists() and has_data(root))
    root.run(f"{install} --uninstall")
    output = root.run(f"{install} --prefix /opt/second --uninstall --purge")
    expect(f"{root.suite}: data of an uninstalled service stay too", has_data(root) and "below /usr/local" in output, output)
    root.run(f"rm /etc/triage/.installed && {deb.command(package)} && touch /etc/triage/.installed && dpkg -P triage")
    expect(f"{root.suite}: dpkg -P spares what install.sh marked", (root.folder / "etc/triage").exists()
           and (root.folder / "var/lib/triage").exists())
    output = root.run(f"{install} --uninstall --purge")
    expect(f"{root.suite}: and its own purge removes it", "removed: /etc/triage, /var/lib/triage" in output, output)


def check_deb_before(root, install, package):
    """A service of the .deb is not taken over, and its data are not reported as removed."""
    deb.install(root, package)
    root.refuses(f"{root.suite}: --service beside the .deb", f"{install} --service", 78, "dpkg -P triage")
    expect(f"{root.suite}: nothing was installed for it", not (root.folder / "usr/local/bin/triage").exists())
    output = root.run(f"{install} && {install} --uninstall --purge")
    expect(f"{root.suite}: a purge beside the .deb keeps its data, and reports it", has_data(root)
           and "belong to the .deb" in output and "removed: /etc" not in output, output)
    root.run("dpkg -P triage")


def run(root, folder, package):
    before, install = root.listing(), f"{folder}/install.sh"
    check_prefixes(root, install)
    check_two_at_once(root, install)
    root.run(f"{install} --service")
    check_second_prefix(root, install)
    check_deb_after(root, install, package)
    check_deb_before(root, install, package)
    root.run("rm -rf ~/.cache; rmdir /etc/systemd/system /etc/systemd 2>/dev/null || true")
    root.expect_unchanged(f"{root.suite}: several installations", before)
