"""The program itself: what its file reveals, and that an installed one opens no socket."""
import re
import subprocess

from manifest import ROOT

from .root import expect


def has_command(binary, name):
    return f"\n  {name} " in subprocess.check_output([binary, "--help"], text=True)


def check_paths(binary):
    """A release build has no path of the folder where it was built: one in another folder has the same bytes."""
    content = binary.read_bytes()
    # setup.sh makes paths below the root relative, so that of a checkout begins with none of its folders.
    found = {path.decode() for path in re.findall(rb"(?<![\w./-])/[!-~]*/checkouts/[!-~]*", content)}
    found |= {str(ROOT)} if str(ROOT).encode() in content else set()
    if b".debug_info" in content:
        print(f"not checked: {binary.name} has debugging information, so paths too")
    else:
        expect("the program has no path of the folder where it was built", not found, found)


def check_silence(program):
    """scripts/airgap with the program of an unpacked package: the kernel ends every command that opens a socket."""
    done = subprocess.run([ROOT / "scripts/airgap", program], capture_output=True, text=True)
    count = sum(line.startswith("ok ") for line in done.stdout.splitlines())
    expect(f"{count} commands of the package's program open no socket", done.returncode == 0 and count > 40,
           done.stdout + done.stderr)
