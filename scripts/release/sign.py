"""Detached signatures in the format of minisign, made by the program that is packaged."""
import subprocess


def beside(file):
    """Where a file's signature is."""
    return file.with_name(file.name + ".minisig")


def sign(program, files, key, password=None):
    """Signs each file; `minisign -Vm FILE -p KEY.pub` and `triage sign verify FILE --key KEY.pub` check it."""
    command = [program, "sign", "file", *files, "--secret-key", key, *(["--password-file", password] if password else [])]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit("the package could not be signed, see above; a file without its .minisig beside it is not signed")
