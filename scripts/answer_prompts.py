#!/usr/bin/env python3
"""Lets a language model answer the prompts that `triage compare --export` wrote, on the machine where the model is.

    python3 answer_prompts.py prompts.jsonl --url http://127.0.0.1:8080/v1 --model NAME --output answers.jsonl

Needs Python 3.8 or newer and nothing else: copy this file and the prompts to that machine, and bring the answers back to
`triage compare --answers answers.jsonl`. Any server with the chat-completions protocol will do. Each answer is written as
it comes: after an interruption the same command continues, and asks again where there was no answer.

An answer without a label of the bundle leads to one more question, as in `triage compare` itself. The key of a server that
wants one is read from a file (--key-file).
"""
import argparse
import collections
import concurrent.futures
import http.client
import json
import os
import signal
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

MAXIMUM_ANSWER_BYTES = 1 << 20
TRANSIENT = {408, 429} | set(range(500, 600))
# Seconds for which a server that cannot be reached is waited for.
PATIENCE = 60
# Failures in a row after which the server, not the tickets, is at fault.
MAXIMUM_FAILURES = 10


def fail(message, status=1):
    sys.stderr.write(f"answer_prompts.py: {message}\n")
    sys.exit(status)


def parse():
    parser = argparse.ArgumentParser(
        prog="answer_prompts.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", help="the file that triage compare --export wrote")
    parser.add_argument("--url", required=True, help="the server, such as http://127.0.0.1:8080/v1")
    parser.add_argument("--model", required=True, help="the model's name, as the server knows it")
    parser.add_argument("--output", required=True, help="where the answers go; an earlier run is continued")
    parser.add_argument("--key-file", help="a file with the API key")
    parser.add_argument("--ca", help="a PEM file of authorities to trust instead of the system's")
    parser.add_argument("--timeout", type=float, default=60, help="seconds for one call, retries included (default: 60)")
    parser.add_argument("--retries", type=int, default=2, help="retries of a call that may succeed later (default: 2)")
    parser.add_argument("--concurrency", type=int, default=4, help="calls at once (default: 4)")
    options = parser.parse_args()
    address = urllib.parse.urlsplit(options.url)
    if address.scheme not in ("http", "https") or not address.hostname:
        parser.error("--url takes an address such as http://127.0.0.1:8080/v1")
    if not options.model.strip():
        parser.error("--model takes a name")
    if options.timeout <= 0 or options.retries < 0 or not 1 <= options.concurrency <= 256:
        parser.error("--timeout takes seconds above 0, --retries a number from 0, --concurrency one from 1 to 256")
    return options


# --- Files


def read_prompts(path):
    """The header, and each ticket's questions."""
    try:
        with open(path, encoding="utf-8") as lines:
            header = json.loads(lines.readline() or "null")
            if not isinstance(header, dict) or header.get("triage_prompts") != 1:
                fail(f"{path}: line 1 is not the header that triage compare --export writes; give the file that it wrote", 65)
            tickets = [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        fail(f"{path}: {error.strerror}; name the file that triage compare --export wrote", 66)
    except (UnicodeDecodeError, ValueError):
        fail(f"{path}: not whole JSON Lines; copy the file again", 65)
    return header, tickets


def answers_header(header, options):
    head = {"triage_replies": 1}
    head.update((name, value) for name, value in header.items()
                if name not in ("triage_prompts", "tickets", "labels"))
    head.update(model=options.model, concurrency=options.concurrency)
    return head


def open_answers(path, head):
    """The output to append to, and the replies that it has; what a crash cut off is taken away."""
    found = {}
    try:
        file = open(path, "a+b")
        file.seek(0)
        text = file.read()
        end = text.rfind(b"\n") + 1
        lines = text[:end].splitlines()
        if not lines and text:
            fail(f"{path}: not a file of answers; name another", 65)
        if lines:
            first = json.loads(lines[0])
            different = sorted(name for name in set(head) | set(first) if head.get(name) != first.get(name)) \
                if isinstance(first, dict) else ["header"]
            if different:
                fail(f"{path}: its answers belong to another run ({', '.join(different)}); use what was used then, or name "
                     "another file", 78)
            for line in lines[1:]:
                reply = json.loads(line)
                found[reply["question"]] = reply
        file.truncate(end)
        if not lines:
            file.write(encoded(head))
            file.flush()
    except OSError as error:
        fail(f"{path}: {error.strerror}; name a file that can be written", 73)
    except (ValueError, KeyError, TypeError):
        fail(f"{path}: not a file of answers; name another", 65)
    return file, found


def encoded(value):
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


# --- Answers


def text_of(reply):
    """The text of a reply that follows the protocol; None of any other."""
    try:
        answer = json.loads(reply["response"] or "")
        choice = answer["choices"][0]
        message = choice["message"]
        if answer.get("error") is not None or message.get("tool_calls") or message.get("function_call"):
            return None
        if choice.get("finish_reason") in ("tool_calls", "function_call"):
            return None
        text = message["content"]
        return text if isinstance(text, str) and text.strip() else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None


def unanswered(text, fields, labels):
    """The fields for which a text has no label: one JSON object, whose labels may differ in case."""
    start, end = text.find("{"), text.rfind("}")
    try:
        answer = json.loads(text[start:end + 1]) if 0 <= start < end else {}
    except (ValueError, RecursionError):
        answer = {}
    missing = []
    for field in fields:
        label = answer.get(field) if isinstance(answer, dict) else None
        label = label.strip() if isinstance(label, str) else None
        alike = [] if label is None else [one for one in labels[field] if one.lower() == label.lower()]
        if label not in labels[field] and len(alike) != 1:
            missing.append(field)
    return missing


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Server:
    """The model's server, asked from several threads."""

    def __init__(self, options, key):
        self.address = options.url.rstrip("/") + "/chat/completions"
        self.options = options
        self.headers = {"Content-Type": "application/json"}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"
        context = ssl.create_default_context(cafile=options.ca) if options.url.startswith("https") else None
        handlers = [NoRedirect(), urllib.request.ProxyHandler({})]
        if context:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self.opener = urllib.request.build_opener(*handlers)
        self.takes_schema = True
        self.stopped = threading.Event()

    def ask(self, question, body):
        """The line for a question; a server that cannot be reached is waited for."""
        end = time.monotonic() + PATIENCE
        while True:
            reply = self.call(question, body)
            if reply["failure"] != "unreachable" or time.monotonic() > end or self.stopped.wait(2):
                return reply

    def call(self, question, body):
        """What the server answered, or why there is no answer."""
        start = time.monotonic()
        end = start + self.options.timeout
        retries = 0
        while True:
            response, failure, may_pass = self.attempt(dict(body, model=self.options.model), end - time.monotonic())
            if failure is None or not may_pass or retries >= self.options.retries or time.monotonic() + 1 > end \
                    or self.stopped.wait(0.2 * 2 ** retries):
                break
            retries += 1
        return {"question": question, "response": response, "failure": failure,
                "seconds": round(time.monotonic() - start, 6), "retries": retries}

    def attempt(self, body, seconds):
        """The body of an answer, or a code and whether the same call may succeed a moment later."""
        has_schema = self.takes_schema and "response_format" in body
        if not has_schema:
            body.pop("response_format", None)
        request = urllib.request.Request(self.address, encoded(body)[:-1], self.headers)
        try:
            with self.opener.open(request, timeout=max(seconds, 0.001)) as answer:
                data = answer.read(MAXIMUM_ANSWER_BYTES + 1)
        except urllib.error.HTTPError as error:
            error.close()
            if 300 <= error.code < 400:
                return None, "redirected", False
            if has_schema and error.code in (400, 422):
                self.takes_schema = False
                return self.attempt(body, seconds)
            return None, f"http_{error.code}", error.code in TRANSIENT
        except TimeoutError:
            return None, "timeout", False
        except (OSError, http.client.HTTPException) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                return None, "timeout", False
            return None, "unreachable", True
        if len(data) > MAXIMUM_ANSWER_BYTES:
            return None, "too_large", False
        try:
            return data.decode("utf-8"), None, False
        except UnicodeDecodeError:
            return None, "bad_answer", False


class Run:
    """Asks what has no answer yet, and writes each answer as it comes."""

    def __init__(self, server, labels, file, found):
        self.server, self.labels, self.file, self.found = server, labels, file, found
        self.lock = threading.Lock()
        self.failures = 0
        self.problem = None
        # The tickets to which the server gave no answer, with the code.
        self.unanswered = {}

    def reply(self, question, body):
        """A question's reply, from the file or from the server; None when the run ended before."""
        known = self.found.get(question)
        if known and known.get("failure") is None:
            return known
        if self.server.stopped.is_set():
            return None
        reply = self.server.ask(question, body)
        with self.lock:
            # A server that is not there is no answer of the model: the run ends, and the same command continues.
            if reply["failure"] == "unreachable":
                self.stop("the server cannot be reached; check the address and that it runs")
                return None
            if self.server.stopped.is_set() and reply["failure"]:
                return None
            self.file.write(encoded(reply))
            self.file.flush()
            self.found[question] = reply
            self.failures = self.failures + 1 if reply["failure"] else 0
            if self.failures >= MAXIMUM_FAILURES:
                self.stop(f"{self.failures} questions in a row have no answer ({reply['failure']}); see the server's log")
        return reply

    def stop(self, problem=None):
        self.problem = self.problem or problem
        self.server.stopped.set()

    def ticket(self, ticket):
        """Whether a ticket has all its answers."""
        reply = self.reply(ticket["question"], ticket["body"])
        if reply is None:
            return False
        text = text_of(reply)
        if text is None and reply["failure"] not in (None, "bad_answer"):
            return self.is_answered(ticket, reply)
        fields = list(self.labels)
        missing = fields if text is None else unanswered(text, fields, self.labels)
        for again in ticket["repeats"]:
            if missing and sorted(again["fields"]) == sorted(missing):
                reply = self.reply(again["question"], again["body"])
                return reply is not None and self.is_answered(ticket, reply)
        return True

    def is_answered(self, ticket, reply):
        """Whether the server answered; notes the ticket otherwise."""
        if reply["failure"] in (None, "bad_answer"):
            return True
        with self.lock:
            self.unanswered[ticket["question"]] = reply["failure"]
        return False


def main():
    options = parse()
    header, tickets = read_prompts(options.prompts)
    if os.path.exists(options.output) and os.path.samefile(options.prompts, options.output):
        fail(f"{options.output}: it is the input too; name another file", 73)
    key = None
    if options.key_file:
        try:
            with open(options.key_file, encoding="utf-8") as file:
                key = file.read().strip()
        except (OSError, UnicodeDecodeError):
            fail(f"{options.key_file}: cannot be read; name a file with the key alone", 66)
    try:
        server = Server(options, key)
    except (OSError, ssl.SSLError):
        fail(f"{options.ca}: cannot be read as PEM; name a file of authorities", 66)
    file, found = open_answers(options.output, answers_header(header, options))
    run = Run(server, header["labels"], file, found)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: run.stop())
    done, shown = 0, 0.0
    with concurrent.futures.ThreadPoolExecutor(options.concurrency) as threads:
        for is_done in threads.map(run.ticket, tickets):
            done += is_done
            if sys.stderr.isatty() and time.monotonic() - shown > 0.5:
                shown = time.monotonic()
                sys.stderr.write(f"\r{done} of {len(tickets)} tickets ")
    os.fsync(file.fileno())
    file.close()
    if sys.stderr.isatty():
        sys.stderr.write("\r")
    if run.server.stopped.is_set():
        reason = run.problem or "stopped"
        fail(f"{reason}; {done} of {len(tickets)} tickets are answered in {options.output}; the same command continues")
    if run.unanswered:
        codes = collections.Counter(run.unanswered.values())
        listed = ", ".join(f"{count} {code}" for code, count in sorted(codes.items()))
        fail(f"answered {done} of {len(tickets)} tickets in {options.output}; the server failed for "
             f"{len(run.unanswered)} ({listed}): see its log; the same command asks for these again. triage compare --answers "
             "takes the file as it is, and counts them as failures of the server")
    sys.stderr.write(f"answer_prompts.py: answered {done} of {len(tickets)} tickets in {options.output}; give it to "
                     "triage compare --answers\n")


if __name__ == "__main__":
    main()
