#!/usr/bin/env python3
"""Write the rows that the language identifier is trained on, as JSON Lines with text and language.

    scripts/language_rows.py DATASETS CORPUS [--hold-out N]

DATASETS holds langid_lingua, clinc150 and endava_tickets_subset; CORPUS is sentences.tsv.gz. Word frequencies,
translated messages and stop words are read from the packages of build_language.requirements.txt, and words of the service desk, as
written for this project, from language_desk.tsv. Real texts are cut into pieces of
one to sixteen words, and words are drawn by their frequency, so that short texts are learned as well as sentences. Loan
words of the desk are put into texts of every language, so that they count for none. --hold-out N leaves out every fifth
text of langid_lingua, beginning with the N-th, to measure on.
"""
import argparse
import bisect
import collections
import gzip
import importlib.util
import itertools
import json
import pathlib
import random
import re
import sys
import unicodedata

import msgpack

# Rows that a language is raised or cut to. English has most kinds of text, and is what most tickets are.
ROWS, ENGLISH_ROWS = 6000, 16000
# Words drawn from a language's list: how many of the commonest ones, and the powers of their frequency that they are
# weighed by. Texts of up to three words need many words more than the right share of each.
LISTED, SHORT, POWERS = 25000, 3, (0.5, 0.75)
LENGTHS = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 13, 16)
LISTS = {"tl": "fil", "hr": "sh"}  # what wordfreq calls a language
LOCALES = {"zh": "zh_Hans"}  # what Django calls a language
UNSPACED = {"ja", "zh", "th"}
# Programs, makers and loan words that tickets of every language hold.
LOANS = """outlook excel word teams windows office sharepoint onedrive microsoft google chrome firefox edge android
iphone ipad apple samsung linux ubuntu docker github jira confluence slack zoom skype whatsapp facebook
sap salesforce oracle citrix vmware adobe acrobat photoshop dell lenovo hp cisco vpn wlan wifi lan usb
hdmi bluetooth pdf csv xml json html api url sql ssl ip dns pc laptop desktop server router login logout
email mail e online offline internet web website browser app software hardware update upgrade download
upload backup cloud account admin support ticket chat code bug error link link blog spam hacker firewall
malware phishing token pin sms mfa id ok crm erp it hr sla cpu ram ssd bios react python java javascript
swift tensorflow opencv bitcoin paypal visa mastercard""".split()
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
PLACE = re.compile(r"%\([^)]*\)[a-z]|%[a-z]|\{[^}]*\}|<[^>]*>|&[a-z]+;")


def desk_words():
    """{language: words of the service desk}."""
    lines = (pathlib.Path(__file__).parent / "language_desk.tsv").read_text(encoding="utf-8").splitlines()
    return {language: words.split() for language, words in (line.split("\t") for line in lines)}


def package(name):
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        sys.exit(f"no package {name}: pip install --no-deps -r scripts/build_language.requirements.txt")
    return pathlib.Path(spec.submodule_search_locations[0])


def rows_of(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def word_list(language):
    """{word: frequency} of the commonest words of a language that are letters only; empty without a list."""
    name = LISTS.get(language, language)
    folder = package("wordfreq") / "data"
    file = next((path for size in ("large", "small") if (path := folder / f"{size}_{name}.msgpack.gz").is_file()), None)
    if file is None:
        return {}
    steps = msgpack.unpackb(gzip.decompress(file.read_bytes()), raw=False)[1:]
    words = ((word, 10 ** (-step / 100)) for step, group in enumerate(steps) for word in group)
    return dict(itertools.islice(((word, share) for word, share in words if WORD.fullmatch(word)), LISTED))


def own_words(lists):
    """Each list without words that another language uses ten times as often: names of films, quotations."""
    most = collections.defaultdict(float)
    for words in lists.values():
        for word, share in words.items():
            most[word] = max(most[word], share)
    return {language: {word: share for word, share in words.items() if share * 10 >= most[word]}
            for language, words in lists.items()}


def messages(language):
    """The translated messages of Django in a language, without their places for values."""
    found = []
    for file in sorted(package("django").glob(f"**/locale/{LOCALES.get(language, language)}/LC_MESSAGES/*.po")):
        for entry in re.split(r"\n\n", file.read_text(encoding="utf-8"))[1:]:
            for translation in re.findall(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\n?)+)', entry, re.MULTILINE):
                text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', translation)).replace("\\n", " ").replace('\\"', '"')
                text = " ".join(PLACE.sub(" ", text).split())
                if len(WORD.findall(text)) > 0:
                    found.append(text)
    return list(dict.fromkeys(found))


def english(datasets, corpus, draw):
    """Questions and tickets in English; banking77 and the issue sets are left for measuring."""
    texts = [row["text"] for row in rows_of(datasets / "clinc150" / "train.jsonl")[::10]]
    for row in rows_of(datasets / "endava_tickets_subset" / "train.jsonl")[::4]:
        texts += [row["subject"], row["body"]]
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        sentences = [line.rstrip("\n").split("\t", 1)[1] for line in lines]
    return texts + draw.sample(sentences, 3000)


def piece(text, length, draw):
    """A run of so many words of a text, or all of it when it is shorter."""
    words = text.split()
    start = draw.randrange(max(1, len(words) - length + 1))
    return " ".join(words[start:start + length])


def drawer(words, language, draw):
    """What draws a text of some words of a list."""
    names = list(words)
    both = [list(itertools.accumulate(share ** power for share in words.values())) for power in POWERS]
    join = "" if language in UNSPACED else " "

    def drawn(length):
        sums = both[length > SHORT]
        places = (bisect.bisect(sums, draw.random() * sums[-1]) for _ in range(length))
        return join.join(names[min(place, len(names) - 1)] for place in places)
    return drawn


def unaccented(text):
    """As it is typed on a keyboard without accents; scripts other than Latin as they are."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return plain if plain.isascii() else text


def varied(text, draw):
    """Now and then without accents, or with loan words in it."""
    if draw.random() < 0.1:
        text = unaccented(text)
    if draw.random() < 0.25 and len(text) > 3:
        words = text.split()
        for loan in draw.choices(LOANS, k=draw.choice((1, 1, 2))):
            words.insert(draw.randrange(len(words) + 1), loan)
        text = " ".join(words)
    return text


def rows(language, real, words, stops, desk, draw):
    """The rows of one language: its real texts, then pieces of them and drawn words in turn up to the size."""
    size = ENGLISH_ROWS if language == "en" else ROWS
    texts = list(real)
    if len(texts) > size // 2:
        texts = draw.sample(texts, size // 2)
    texts = [piece(text, 24, draw) for text in texts]
    listed = drawer(words, language, draw) if words else None
    while len(texts) < size:
        length = draw.choice(LENGTHS)
        kind = draw.random()
        if listed and kind < 0.7:
            texts.append(listed(length))
        elif desk and kind < 0.8:
            texts.append(" ".join(draw.choices(desk, k=min(length, 3))))
        elif stops and kind > 0.9:
            texts.append(" ".join(draw.choices(stops, k=min(length, 3))))
        elif language in UNSPACED:
            text = draw.choice(real)
            start = draw.randrange(max(1, len(text) - 2 * length))
            texts.append(text[start:start + 2 * length])
        else:
            texts.append(piece(draw.choice(real), length, draw))
    return [varied(text, draw) for text in texts if WORD.search(text)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", type=pathlib.Path)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--hold-out", type=int, metavar="N", default=-1)
    arguments = parser.parse_args()
    real = collections.defaultdict(list)
    for kind in ("sentences", "word_pairs", "single_words"):
        for number, row in enumerate(rows_of(arguments.datasets / "langid_lingua" / f"public_{kind}.jsonl")):
            if number % 5 != arguments.hold_out:
                real[row["language"]].append(row["text"])
    lists = own_words({language: word_list(language) for language in real})
    stops = json.loads((package("stopwordsiso") / "stopwords-iso.json").read_text(encoding="utf-8"))
    desk = desk_words()
    for language in sorted(real):
        draw = random.Random(language)
        texts = real[language] + messages(language)
        if language == "en":
            texts += english(arguments.datasets, arguments.corpus, draw)
        unlisted = stops.get(language, []) if not lists[language] else []
        for text in rows(language, texts, lists[language], unlisted, desk.get(language), draw):
            print(json.dumps({"text": text, "language": language}, ensure_ascii=False))


main()
