"""Checkers from PyPI in a virtual environment of the project's."""
import hashlib
import subprocess
import sys

from .server import ROOT


def install(name):
    """The folder of programs of `.venv-NAME`, with what scripts/NAME.requirements.txt pins."""
    venv, requirements = ROOT / f".venv-{name}", ROOT / "scripts" / f"{name}.requirements.txt"
    stamp, wanted = venv / "requirements.sha256", hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"installing the checkers into {venv.name}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", "-r", requirements], check=True)
        stamp.write_text(wanted)
    return venv / "bin"
