#!/usr/bin/env python3
"""Decide a table of tickets with Spark: columns in, columns out, with one `triage classify` for each worker.

    spark-submit scripts/batches/spark_arrow.py INPUT OUTPUT [--text COLUMN] [--id COLUMN] [--field NAME]… [-- option of triage classify…]

INPUT and OUTPUT are Parquet. A row of OUTPUT has the ticket's id, category and severity as decided, for each --field its label,
probability and level, and the error of a row that could not be read. A worker keeps its process from task to task, so that a
partition costs no start.
"""
import argparse
import json
import pathlib
import sys

import pyarrow
from pyspark.sql import SparkSession

FOLDER = str(pathlib.Path(__file__).resolve().parent)


def row(answer, fields):
    """An answer as a row of the output."""
    cells = {name: answer.get(name) for name in ("id", "category", "severity")}
    cells["error"] = answer.get("error", {}).get("message")
    for name in fields:
        prediction = answer.get("predictions", {}).get(name, {})
        for part in ("label", "probability", "level"):
            cells[f"{name}_{part}"] = prediction.get(part)
    return cells


def decide(batches, text, identifier, fields, options):
    """Decides Arrow batches one after the other."""
    sys.path.append(FOLDER)
    import classify_rows  # Here, so that Spark need not send it along: the worker's own module keeps the process.

    process = classify_rows.shared("--fields", "category,severity,predictions", *options)
    schema = pyarrow.schema(
        [(name, pyarrow.string()) for name in ("id", "category", "severity", "error")]
        + [(f"{name}_{part}", pyarrow.float64() if part == "probability" else pyarrow.string())
           for name in fields for part in ("label", "probability", "level")])
    for batch in batches:
        columns = batch.to_pydict()
        ids = columns.get(identifier) or [None] * batch.num_rows
        lines = [json.dumps({"id": None if key is None else str(key), "text": body}) for key, body in zip(ids, columns[text])]
        answers = [row(json.loads(line), fields) for line in process.lines(lines)]
        yield pyarrow.RecordBatch.from_pylist(answers, schema=schema)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--text", default="text", metavar="COLUMN")
    parser.add_argument("--id", default="id", metavar="COLUMN")
    parser.add_argument("--field", action="append", default=[], metavar="NAME")
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    given, options = parser.parse_args(words[:end]), tuple(words[end + 1:])
    fields = tuple(given.field)
    spark = SparkSession.builder.appName("triage").getOrCreate()
    columns = [f"{name} string" for name in ("id", "category", "severity", "error")]
    columns += [f"{name}_label string, {name}_probability double, {name}_level string" for name in fields]
    tickets = spark.read.parquet(given.input)
    answers = tickets.mapInArrow(
        lambda batches: decide(batches, given.text, given.id, fields, options), ", ".join(columns))
    answers.write.parquet(given.output)
    spark.stop()


main()
