"""Package.swift as SwiftPM describes it."""
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def manifest():
    # In a folder of its own: .build may be locked by a build.
    command = ["swift", "package", "--package-path", ROOT, "--scratch-path", ROOT / ".build-core", "dump-package"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
