"""Runs a command and writes its cost as JSON: wall, user and system seconds, peak memory in MB, exit status.

    python3 -S -E launch.py COST_FILE COMMAND [ARGUMENT…]

A process of its own, because a child's peak memory starts at what its parent held when it was forked: this parent
holds a few MB only, so that the peak is the command's.
"""
import json
import os
import sys
import time


def main():
    cost_file, command = sys.argv[1], sys.argv[2:]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    cost = {"wall_s": wall, "user_s": usage.ru_utime, "system_s": usage.ru_stime,
            "peak_mb": usage.ru_maxrss * 1024 / 1e6, "status": os.waitstatus_to_exitcode(status)}
    with open(cost_file, "w", encoding="utf-8") as file:
        json.dump(cost, file)


main()
