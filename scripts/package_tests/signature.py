"""Signatures of the package's files, checked with Debian's minisign and with the packaged program."""
import os
import pty
import shutil
import signal
import subprocess

from release import tree

from .root import SAMPLES, expect, flip


def make_keys(folder):
    """A pair of keys without a password; returns the secret key's file and the public key as text."""
    folder.mkdir()
    secret, public = folder / "secret.key", folder / "triage.pub"
    subprocess.run(["minisign", "-G", "-W", "-f", "-s", secret, "-p", public], check=True, stdout=subprocess.DEVNULL)
    return secret, public.read_text().splitlines()[1]


def holds(file, key, program):
    """Whether a file's signature is accepted, on which minisign and the packaged program must agree."""
    minisign = subprocess.run(["minisign", "-Vm", file, "-P", key], capture_output=True)
    own = subprocess.run([program, "sign", "verify", file, "--key", key], capture_output=True)
    agree = (minisign.returncode == 0) == (own.returncode == 0)
    if not agree:
        expect(f"minisign and the program agree about {file.name}", False, [minisign.stderr, own.stderr])
    return own.returncode == 0


def run(package, key, scratch, program):
    """Every file that the maker hands out is signed, and no file with a changed byte is accepted."""
    folder = scratch / "signed"
    shutil.copytree(package.output, folder)
    files = sorted(file for file in folder.iterdir() if file.suffix != ".minisig")
    unsigned = [file.name for file in files if not holds(file, key, program)]
    expect(f"minisign and the program accept each of {len(files)} files", len(files) == 4 and not unsigned, unsigned)
    for file in files:
        flip(file)
    accepted = [file.name for file in files if holds(file, key, program)]
    expect("and none of them with a changed byte", not accepted, accepted)
    for file in files:
        flip(file)
        flip_signature(file.with_name(file.name + ".minisig"))
    accepted = [file.name for file in files if holds(file, key, program)]
    expect("nor one with another's signature", not accepted, accepted)
    shutil.rmtree(folder)
    try_terminal(program, scratch / "typed")


def on_terminal(command, *answers):
    """Runs a command on a terminal and answers each prompt; returns its exit code, or the signal's negative number."""
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a program started in the background may ignore it
        os.execv(command[0], [os.fspath(part) for part in command])
    rest = list(answers)
    while True:
        try:
            shown = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not shown:
            break
        if shown.rstrip(b" ").endswith(b":") and rest:
            os.write(terminal, rest.pop(0))
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def try_terminal(program, folder):
    """A password typed on a terminal; Ctrl-C ends the command there."""
    folder.mkdir()
    secret, public, text = folder / "secret.key", folder / "triage.pub", folder / "text"
    text.write_text("text")
    make = [program, "sign", "keygen", "--secret-key", secret, "--public-key", public]
    sign = [program, "sign", "file", text, "--secret-key", secret]
    codes = [on_terminal(make, b"right\n", b"wrong\n"), on_terminal(make, b"right\n", b"right\n")]
    codes += [on_terminal(sign, typed) for typed in (b"wrong\n", b"ri\x03", b"\x04", b"right\n")]
    expect("a password typed on a terminal signs, another does not, and Ctrl-C ends the command",
           codes == [65, 0, 65, -signal.SIGINT, 65, 0], codes)


def check_unpacked(folder, key, program):
    """The list of the package's own files is signed, so that each file can be traced to its maker where it was unpacked."""
    sums = folder / tree.SUMS
    listed = {line[66:] for line in sums.read_text().splitlines()}
    there = {str(file.relative_to(folder)) for file in tree.files(folder)}
    expect("the unpacked package has a signed list of its files", holds(sums, key, program) and
           there == listed | {tree.SUMS, tree.SUMS + ".minisig"}, there ^ listed)
    flip(sums)
    expect("and a list with a changed byte is not accepted", not holds(sums, key, program))
    flip(sums)


def flip_signature(file):
    """Another signature in the same form."""
    lines = file.read_text().splitlines()
    swapped = "A" if lines[1][40] != "A" else "B"
    lines[1] = lines[1][:40] + swapped + lines[1][41:]
    file.write_text("\n".join(lines) + "\n")


def check_parts(folder, key, program):
    """A site that trusts the maker's key decides with the models and the knowledge base as they come."""
    parts = tree.signed_parts(folder)
    words = [folder / "bin/triage", "classify", "--json", "--signed-by", key, "--input", folder / SAMPLES]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    expect(f"{len(parts)} parts are signed, and decide where only the maker's key is trusted",
           done.returncode == 0 and all(holds(part / tree.SUMS, key, program) for part in parts), done.stderr)
    article = sorted((folder / "share/triage/kb").glob("*.md"))[0]
    flip(article)
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    expect("and an article with a changed byte is refused", done.returncode == 65 and article.name in done.stderr, done.stderr)
    flip(article)
