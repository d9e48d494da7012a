#!/usr/bin/env python3
"""Decide a folder or file of JSON Lines with Spark: each partition goes through one `triage classify`.

    spark-submit scripts/batches/spark_pipe.py INPUT OUTPUT [option of triage classify…]

INPUT has one ticket a line; OUTPUT, a new folder, has one answer a line, in the order of the partitions. A row that cannot be
read has {"id", "line", "error"} in its place; the job goes on, and the number of such rows is printed at the end. `triage` must
be on the PATH of every worker; the environment variable TRIAGE names another place.
"""
import os
import shlex
import sys

from pyspark.sql import SparkSession


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    source, target, *options = sys.argv[1:]
    spark = SparkSession.builder.appName("triage").getOrCreate()
    bad = spark.sparkContext.accumulator(0)
    program = os.environ.get("TRIAGE", "triage")
    command = [program, "classify", "--input", "-", "--json", "--bad-rows", "keep", *options]

    def counted(line):
        if '"error":{' in line:
            bad.add(1)
        return line

    tickets = spark.sparkContext.textFile(source)
    # checkCode: a partition whose process fails, fails the job.
    tickets.pipe(shlex.join(command), env=dict(os.environ), checkCode=True).map(counted).saveAsTextFile(target)
    print(f"{bad.value} rows could not be read", file=sys.stderr)
    spark.stop()


main()
