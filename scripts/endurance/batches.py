"""Batches of tickets, one row in a thousand broken: the scripts for Spark and GNU parallel give what `triage classify` gives."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

from . import checkers
from .server import BINARY, ROOT, environment

SCRIPTS = ROOT / "scripts" / "batches"
OPTIONS = ("--kb", "none", "--fields", "category,severity")
KEEP = ("--json", "--bad-rows", "keep")
LEAST_SHARE = 0.8  # of the rate of two processes

sys.path.append(str(SCRIPTS))
from classify_rows import Classifier  # noqa: E402  (its folder is not a package)


def batches(folder, size, say):
    """A process that stays alive, and GNU parallel, against one `triage classify`."""
    os.environ.update(environment())
    source = write(folder / "in.jsonl", size)
    subprocess.run(classify(source, folder / "direct.jsonl"), check=True, stderr=subprocess.DEVNULL)
    expected = (folder / "direct.jsonl").read_text().splitlines()
    with Classifier(*OPTIONS, program=str(BINARY)) as classifier:
        rows = source.read_text().splitlines()
        found = [line for begin in range(0, size, 997) for line in classifier.lines(rows[begin:begin + 997])]
    counted = {"rows": size, "bad rows": sum('"error":{' in line for line in expected),
               "a process that stays alive, answers lost": differing(found, expected)}
    if shutil.which("parallel"):
        command = ["parallel", "--pipepart", "-a", source, "--block", "-1", "-j", "2", "-k", str(BINARY), "classify", "--input", "-",
                   *KEEP, *OPTIONS]
        found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        counted["GNU parallel, answers lost"] = differing(found.splitlines(), expected)
    return counted


def spark(folder, size, say):
    """The Spark jobs on two cores, against two processes of `triage classify` side by side."""
    os.environ.update(environment(), TRIAGE=str(BINARY), SPARK_LOCAL_IP="127.0.0.1")
    tools = programs()
    source = write(folder / "in.jsonl", size)
    say("two processes of triage classify")
    begin = time.monotonic()
    halves = split(source, folder)
    runs = [subprocess.Popen(classify(half, half.with_suffix(".out")), stderr=subprocess.DEVNULL) for half in halves]
    if any(run.wait() for run in runs):
        raise RuntimeError("triage classify failed")
    plain = time.monotonic() - begin
    expected = [line for half in halves for line in half.with_suffix(".out").read_text().splitlines()]
    say("Spark's pipe")
    begin = time.monotonic()
    run_spark(tools, "spark_pipe.py", source, folder / "pipe", *OPTIONS)
    pipe = time.monotonic() - begin
    found = [line for part in sorted((folder / "pipe").glob("part-*")) for line in part.read_text().splitlines()]
    lost = differing(found, expected)
    # In a table no row is broken.
    good = [line for line in expected if '"error":{' not in line]
    del found
    say("Spark's mapInArrow")
    make_parquet(tools, source, folder / "in.parquet")
    begin = time.monotonic()
    run_spark(tools, "spark_arrow.py", folder / "in.parquet", folder / "arrow", "--field", "category", "--", "--kb", "none")
    arrow = time.monotonic() - begin
    return {"rows": size, "rows a second, two processes": round(size / plain), "Spark's pipe": round(size / pipe),
            "Spark's mapInArrow": round(size / arrow), "pipe, answers lost": lost,
            "mapInArrow, answers lost": differing(read_parquet(tools, folder / "arrow"), good, label),
            "pipe, too slow": int(plain / pipe < LEAST_SHARE)}


def write(path, size):
    """`size` tickets, every thousandth one broken."""
    samples = [json.loads(line)["body"] for line in (ROOT / "scripts" / "sample_tickets.jsonl").open()]
    sentences = [part for body in samples for part in re.split(r"\s*\n+\s*", body) if len(part) > 30]
    with path.open("w") as file:
        for number in range(size):
            text = f"{sentences[number % len(sentences)]} {sentences[number // 7 % len(sentences)]} {number}"
            file.write(f'{{"id": "{number}", broken\n' if number % 1000 == 500 else json.dumps({"id": str(number), "text": text}) + "\n")
    return path


def classify(source, target):
    return [BINARY, "classify", "--input", source, "--output", target, *KEEP, *OPTIONS]


def differing(found, expected, view=lambda line: line):
    """How many answers differ; the line of a bad row counts from the beginning of its part."""
    without = re.compile(r'"line":\d+,')
    pairs = zip(found, expected)
    return abs(len(found) - len(expected)) + sum(
        without.sub("", view(one)) != without.sub("", view(other)) for one, other in pairs)


def label(line):
    """An answer's labels: what the table has of it."""
    answer = json.loads(line)
    return f'{answer["id"]} {answer["category"]} {answer["severity"]}'


def split(source, folder):
    """The two halves of a file, at a line."""
    data = source.read_bytes()
    middle = data.index(b"\n", len(data) // 2) + 1
    halves = folder / "first.jsonl", folder / "second.jsonl"
    for half, part in zip(halves, (data[:middle], data[middle:])):
        half.write_bytes(part)
    return halves


# MARK: Spark


def programs():
    """Spark's programs from PyPI; it needs a Java runtime."""
    if not shutil.which("java"):
        raise RuntimeError("Spark needs Java; install default-jre-headless")
    folder = checkers.install("spark")
    os.environ["PYSPARK_PYTHON"] = str(folder / "python")
    return folder


def run_spark(tools, script, *words):
    command = [tools / "spark-submit", "--master", "local[2]", "--driver-memory", "4g", SCRIPTS / script, *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{script} failed: {done.stderr[-2000:]}")


def make_parquet(tools, source, target):
    """The tickets as columns, without the broken rows."""
    program = ("import sys, json, pyarrow as pa, pyarrow.parquet as pq\n"
               "rows = [json.loads(line) for line in open(sys.argv[1]) if 'broken' not in line]\n"
               "pq.write_table(pa.Table.from_pylist(rows), sys.argv[2], row_group_size=100_000)\n")
    subprocess.run([tools / "python", "-c", program, source, target], check=True)


def read_parquet(tools, folder):
    """The table's answers as lines of JSON, by id."""
    program = ("import sys, json, pyarrow.parquet as pq\n"
               "for r in sorted(pq.read_table(sys.argv[1]).to_pylist(), key=lambda r: int(r['id'])):\n"
               " print(json.dumps({'id': r['id'], 'category': r['category'], 'severity': r['severity']}))\n")
    done = subprocess.run([tools / "python", "-c", program, folder], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()
