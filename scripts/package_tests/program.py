"""The program itself: what its file reveals, and that an installed one opens no socket."""
import subprocess

from manifest import ROOT

from .root import expect


def check_paths(binary):
    """A release build has no path of the folder where it was built: one in another folder has the same bytes."""
    content = binary.read_bytes()
    found = {name for name in (str(ROOT), "/checkouts/") if name.encode() in content}
    if b".debug_info" in content:
        print(f"not checked: {binary.name} has debugging information, so paths too")
    else:
        expect("the program has no path of the folder where it was built", not found, found)


def check_silence(root, program):
    """scripts/airgap with an installed program: a filter of the kernel ends every command that opens a socket."""
    command = [ROOT / "scripts/airgap", root.folder / program.lstrip("/")]
    done = subprocess.run(command, capture_output=True, text=True)
    count = done.stdout.count("\nok ") + done.stdout.startswith("ok ")
    expect(f"{root.suite}: {count} commands of the installed program open no socket", done.returncode == 0 and count > 40,
           done.stdout + done.stderr)
