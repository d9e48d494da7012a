"""Manual pages and completions, made from the command line that the program describes itself."""
import datetime
import json
import re
import subprocess

COMPLETIONS = {  # shell: where its completions are below share
    "bash": "bash-completion/completions/triage",
    "fish": "fish/vendor_completions.d/triage.fish",
    "zsh": "zsh/site-functions/_triage",
}


def ask(program, *words):
    """What the program prints."""
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def escape(text):
    """Text as roff: no character of it is an instruction."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def paragraphs(text):
    """Running text; an empty line begins a paragraph."""
    return "\n.PP\n".join(escape(part.strip()) for part in re.split(r"\n\s*\n", text))


def spelled(name):
    """An option as it is typed."""
    return ("--" if name["kind"] == "long" else "-") + name["name"]


def value(argument):
    return rf"\fI{escape(argument['valueName'])}\fR"


def usage(argument):
    """An argument in the synopsis."""
    if argument["kind"] == "positional":
        text = value(argument)
    else:
        text = rf"\fB{escape(spelled(argument['preferredName']))}\fR"
        if argument["kind"] == "option":
            text += " " + value(argument)
    text += " ..." if argument["isRepeating"] else ""
    return f"[{text}]" if argument["isOptional"] else text


def described(argument):
    """An argument with its meaning."""
    if argument["kind"] == "positional":
        head = value(argument)
    else:
        head = ", ".join(rf"\fB{escape(spelled(name))}\fR" for name in argument["names"])
        if argument["kind"] == "option":
            head += " " + value(argument)
    text = argument.get("abstract", "")
    if argument.get("defaultValue"):
        text += f" (default: {argument['defaultValue']})"
    if argument.get("allValues") and "allValueDescriptions" not in argument:
        text += f" Values: {', '.join(argument['allValues'])}."
    return f".TP\n{head}\n{escape(text.strip()) or '.br'}"


def shown(things):
    return [thing for thing in things or [] if thing.get("shouldDisplay", True)]


def page(command, words, version, date, codes):
    """One manual page: of `triage WORDS`."""
    name = "-".join(words)
    arguments = shown(command.get("arguments"))
    commands = [sub for sub in shown(command.get("subcommands")) if sub["commandName"] != "help"]
    parts = [f'.TH "{escape(name.upper())}" 1 "{date}" "triage {version}" "triage"',
             ".SH NAME", f"{escape(name)} \\- {escape(command.get('abstract', '').rstrip('.'))}",
             ".SH SYNOPSIS", rf"\fB{escape(' '.join(words))}\fR " + " ".join(
                 [*([r"\fIcommand\fR"] if commands else []), *(usage(argument) for argument in arguments)])]
    if discussion := command.get("discussion"):
        parts += [".SH DESCRIPTION", paragraphs(discussion)]
    if commands:
        parts += [".SH COMMANDS"] + [
            rf".TP{chr(10)}\fB{escape(sub['commandName'])}\fR{chr(10)}{escape(sub.get('abstract', ''))}" for sub in commands]
    if arguments:
        parts += [".SH OPTIONS", *(described(argument) for argument in arguments)]
    if len(words) > 1 and codes:
        parts += [".SH EXIT STATUS", escape(codes[1])]
    others = [f"{name}-{sub['commandName']}" for sub in commands] or ["-".join(words[:-1])]
    parts += [".SH SEE ALSO", " ,\n".join(f".BR {escape(other)} (1)" for other in others)]
    return "\n".join(parts) + "\n"


def pages(program, epoch):
    """Every manual page as {name: text}: one a command."""
    described_program = json.loads(ask(program, "--experimental-dump-help"))["command"]
    version = ask(program, "--version").strip()
    date = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc).strftime("%Y-%m-%d")
    codes = re.search(r"^Exit codes: (.*)$", described_program.get("discussion", ""), re.MULTILINE)
    found, waiting = {}, [(described_program, ["triage"])]
    for command, words in waiting:
        found[f"{'-'.join(words)}.1"] = page(command, words, version, date, codes)
        waiting += [(sub, [*words, sub["commandName"]]) for sub in shown(command.get("subcommands"))
                    if sub["commandName"] != "help"]
    return found


def write(program, share, epoch):
    """Writes manual pages and completions below `share`."""
    for name, text in pages(program, epoch).items():
        file = share / "man" / "man1" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for shell, path in COMPLETIONS.items():
        file = share / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # A completion is read by a shell and is not a program.
        text = re.sub(r"\A#!.*\n", "", ask(program, "--generate-completion-script", shell))
        file.write_text(text, encoding="utf-8")
