"""Stores of other versions: an older one is migrated after a backup, a newer one is refused with its remedy."""
import pathlib
import re
import shutil
import sqlite3

from manifest import ROOT

from . import service
from .root import NEWER, expect

GOLDEN = ROOT / "Tests/TriageStoreTests/Golden/store-v2.sql"
# The key of the store on record, as its test has it.
GOLDEN_KEY = bytes.fromhex("6f4f6872cb1298c1088996f8c226cb6d742bddd0bb3c2d7a3d368fc770909d40")
DATA = pathlib.Path("var/lib/triage")


def make_older(root):
    """The store of the second version that the store's own tests keep, in the service's place."""
    folder = root.folder / DATA / "store"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "key").write_bytes(GOLDEN_KEY)
    with sqlite3.connect(folder / "triage.sqlite") as database:
        database.executescript(GOLDEN.read_text(encoding="utf-8"))
    database.close()
    root.run("chown -R triage:triage /var/lib/triage/store; chmod -R go= /var/lib/triage/store")


def migrations(folder):
    """The names of a store's migrations."""
    database = sqlite3.connect(f"file:{folder}/triage.sqlite?immutable=1", uri=True)
    names = [name for name, in database.execute("SELECT identifier FROM grdb_migrations")]
    database.close()
    return names


def decided(root, program, folder):
    """Rows of the ledger that a version verifies."""
    output = root.run(f"setpriv --reuid triage --regid triage --clear-groups env HOME=/nonexistent {program} ledger verify "
                      f"--store {folder}")
    return int(re.search(r"(\d+) rows", output)[1])


def follow_rollback(root, output):
    """The command that --rollback prints puts the copy from before the upgrade back, and the service can write it."""
    line = next(line for line in output.splitlines() if " store restore " in line)
    command = line.partition(": ")[2]
    root.run(command)
    root.run("rm -r /var/lib/triage/store.previous")


def check_older(root, unit, program, upgrade):
    """`upgrade` with an older store in place: a copy first, then the service brings the store up to date."""
    make_older(root)
    root.run(upgrade)
    copy = root.folder / DATA / f"before-{NEWER}"
    expect(f"{root.suite}: an older store was copied before the upgrade", migrations(copy) == ["v1", "v2"])
    service.serve_once(root, unit, program)
    expect(f"{root.suite}: and was brought up to date, {decided(root, program, '/var/lib/triage/store')} rows verified",
           migrations(root.folder / DATA / "store")[:2] == ["v1", "v2"] and len(migrations(root.folder / DATA / "store")) > 2)
    expect(f"{root.suite}: the copy is as it was", migrations(copy) == ["v1", "v2"])


def check_newer(root, unit):
    """A store that a version of the future has opened."""
    database = sqlite3.connect(root.folder / DATA / "store/triage.sqlite")
    with database:
        database.execute("INSERT INTO grdb_migrations VALUES ('v99')")
    database.close()
    root.run("chown -R triage:triage /var/lib/triage/store")
    service.Service(root, unit).refuses("a newer store", ["newer version of triage", "triage store restore"])


def run(root, unit, program, second):
    check_older(root, unit, program, f"{second}/install.sh --upgrade")
    check_newer(root, unit)
