"""Made-up tickets and articles of any number, the same every time: words by Zipf's law, each label with words it likes."""
import itertools
import json
import random

VOCABULARY_SIZE = 50_000
LABELS = 20
WORDS = 20
OWN_WORDS = 300      # words that a label likes, of 2,000, so that each is liked by three labels
OWN_SHARE = 0.3      # of a ticket's words: six of twenty
WRONG_LABELS = 0.05  # labels that are drawn anew


def vocabulary():
    """Distinct words of three syllables; the factor is coprime to the million, so that neighbours look unlike."""
    syllables = [consonant + vowel for consonant in "bcdfghjklmnpqrstvwxz" for vowel in "aeiou"]
    numbers = (index * 7919 % 1_000_000 for index in range(VOCABULARY_SIZE))
    return [syllables[n // 10_000] + syllables[n // 100 % 100] + syllables[n % 100] for n in numbers]


class Language:
    def __init__(self):
        self.words = vocabulary()
        self.cumulated = list(itertools.accumulate(1 / (rank + 10) for rank in range(VOCABULARY_SIZE)))
        source = random.Random(11)
        liked = self.words[500:2500]
        self.own = [source.sample(liked, OWN_WORDS) for _ in range(LABELS)]

    def common(self, source, count):
        return source.choices(self.words, cum_weights=self.cumulated, k=count)

    def tickets(self, count, seed):
        source = random.Random(seed)
        chance, choice = source.random, source.choice
        for number in range(count):
            label = source.randrange(LABELS)
            own = self.own[label]
            words = [choice(own) if chance() < OWN_SHARE else word for word in self.common(source, WORDS)]
            if chance() < WRONG_LABELS:
                label = source.randrange(LABELS)
            yield number, f"label-{label:02}", " ".join(words)

    def write_tickets(self, path, count, seed):
        """JSON Lines, written as they are made: a million rows never stand in memory."""
        with open(path, "w", encoding="utf-8") as file:
            for number, label, text in self.tickets(count, seed):
                file.write(f'{{"id": "s{number}", "text": "{text}", "category": "{label}"}}\n')
        return path

    def write_articles(self, folder, count, questions, seed=3):
        """A KB of `count` articles with a title of 6 words and a text of 80, and questions of 12 words, 5 of them
        from an article."""
        folder.mkdir(parents=True)
        source = random.Random(seed)
        about = []
        with open(folder / "corpus.jsonl", "w", encoding="utf-8") as file:
            for number in range(count):
                title = source.sample(self.words, 6)
                text = title + source.sample(self.words, 14) + self.common(source, 60)
                about.append(text[:20])
                file.write(json.dumps({"id": f"a{number}", "title": " ".join(title), "text": " ".join(text)}) + "\n")
        for number in range(questions):
            words = source.sample(source.choice(about), 5) + self.common(source, 7)
            yield {"id": f"q{number}", "text": " ".join(words)}
