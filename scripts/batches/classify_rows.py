"""Decisions on batches of rows, by one `triage classify` that stays alive from batch to batch.

    with Classifier("--fields", "category,severity") as triage:
        for answer in triage.answers([{"id": "T-1", "text": "charged twice"}]):
            print(answer)

Needs Python's standard library alone. A row that cannot be read has {"id", "line", "error"} in its place.
"""
import atexit
import functools
import json
import os
import subprocess
import threading


class Classifier:
    """A running `triage classify`; `options` are further options of it. `TRIAGE` names another program than `triage`."""

    def __init__(self, *options, program=None):
        command = [program or os.environ.get("TRIAGE", "triage"), "classify", "--input", "-", "--json", "--bad-rows", "keep"]
        self._process = subprocess.Popen([*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def answers(self, rows):
        """The answer to each row, as a dictionary, in order."""
        return [json.loads(line) for line in self.lines([json.dumps(row) for row in rows])]

    def lines(self, rows):
        """The answer to each line of JSON, as a line of JSON, in order."""
        # A line break inside a row would be two rows, an empty line none.
        data = b"".join(b" ".join(row.encode("utf-8", "replace").splitlines()) + b"\n" if row.strip() else b"{}\n" for row in rows)
        writer = threading.Thread(target=self._write, args=(data,))
        writer.start()
        try:
            answers = [self._process.stdout.readline() for _ in rows]
        finally:
            writer.join()
        if rows and not answers[-1].endswith(b"\n"):
            raise RuntimeError(f"triage ended with exit code {self._process.wait()} in the middle of a batch")
        return [answer.decode().rstrip("\n") for answer in answers]

    def close(self):
        """Ends the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        if code := self._process.wait():
            raise RuntimeError(f"triage ended with exit code {code}")

    def _write(self, data):
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # The reader meets the end of the output and names the exit code.


@functools.cache
def shared(*options):
    """The process with these options that lives as long as this Python."""
    classifier = Classifier(*options)
    atexit.register(classifier.close)
    return classifier
