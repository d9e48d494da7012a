"""The Debian package, made from the tree with dpkg-deb alone."""
import datetime
import email.utils
import gzip
import hashlib
import os
import pathlib
import shutil
import subprocess

from . import tree

SOURCES = tree.FILES / "debian"
SCRIPTS = ("preinst", "postinst", "prerm", "postrm")
CONFFILE = pathlib.Path("etc/triage/triage.yaml")


def git(form):
    return subprocess.run(["git", "-C", str(tree.ROOT), "log", "-1", f"--format={form}"], capture_output=True, text=True,
                          check=True).stdout.strip()


def maintainer():
    """DEBFULLNAME and DEBEMAIL, as Debian's tools have them; else who made the newest commit."""
    return f"{os.environ.get('DEBFULLNAME') or git('%an')} <{os.environ.get('DEBEMAIL') or git('%ae')}>"


def libstdcxx():
    """The C++ library's version here, without its revision: an older one may lack functions that the program uses."""
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libstdc++6"], capture_output=True, text=True, check=True)
    return shown.stdout.split(".")[0]


def compress(file):
    """Replaces a file by its .gz, without a name or a time in it."""
    file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    file.unlink()


def arrange(package, root):
    """The tree below /usr, as Debian wants it."""
    usr, doc = root / "usr", root / "usr" / tree.DOC
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / part, usr / part)
    for name in ("sbom.json", "vex.json"):
        shutil.copy(package / name, doc)
    (usr / tree.UNIT).write_text(tree.unit("/usr"), encoding="utf-8")
    (usr / "share/zsh/site-functions").rename(usr / "share/zsh/vendor-completions")
    tree.copy(tree.ROOT / "scripts/deploy/systemd/triage.yaml", root / CONFFILE)
    for page in (usr / "share/man/man1").iterdir():
        compress(page)
    tree.copy(SOURCES / "copyright", doc / "copyright")
    tree.copy(SOURCES / "lintian-overrides", usr / "share/lintian/overrides/triage")


def describe(root, values):
    """The package's own description, scripts and changelog."""
    control = root / "DEBIAN"
    changelog = root / "usr" / tree.DOC / "changelog"
    tree.fill(SOURCES / "changelog", changelog, values)
    compress(changelog)
    content = [file for file in tree.files(root) if control not in file.parents]
    values |= {"KILOBYTES": str(sum(file.stat().st_size for file in content) // 1024)}
    tree.fill(SOURCES / "control", control / "control", values)
    for name in SCRIPTS:
        tree.fill(SOURCES / name, control / name, values, executable=True)
    (control / "conffiles").write_text(f"/{CONFFILE}\n", encoding="utf-8")
    sums = [f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(root)}\n"
            for file in content if file.relative_to(root) != CONFFILE]
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")


def write(package, output, version, glibc, epoch, level, scratch):
    """Makes triage_VERSION_amd64.deb of a package's folder."""
    root, target = scratch / "deb", output / f"triage_{version}_amd64.deb"
    arrange(package, root)
    date = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)
    describe(root, {"VERSION": version, "MAINTAINER": maintainer(), "GLIBC": glibc, "LIBSTDCXX": libstdcxx(),
                    "COMMIT": git("%H"), "RESTART": tree.restart(), "DATE": email.utils.format_datetime(date)})
    tree.settle(root, epoch)
    # One thread: with several, the bytes depend on how many.
    form = ["-Zxz", "-z9"] if level else ["-Zgzip", "-z1"]
    subprocess.run(["dpkg-deb", "--root-owner-group", *form, "--threads-max=1", "--build", str(root), str(target)],
                   check=True, stdout=subprocess.DEVNULL, env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch)})
    return target
