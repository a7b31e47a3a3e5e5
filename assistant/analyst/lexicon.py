"""The analyst's vocabulary: phrase books and rulebook names compiled into one table of token runs.

A phrase may mean several things (a metric, a cue, a portfolio measure); the longest phrase at a place wins and keeps all its
meanings, so that "interest cover" never leaves a stray "interest" behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.analyst.words import Token, has_cjk, phrase_key, singular, tokens
from prompts.library import phrase_book

COLLOQUIAL = frozenset("了多钱")
"""Phrases of everyday words ("卖了多少") are no names a slip could hide: "放了多少" is another question."""

EntryKind = Literal["metric", "cue", "family", "measure", "operator", "stop"]
_STRENGTH: Mapping[str, int] = {"metric": 4, "family": 3, "measure": 3, "operator": 3, "cue": 2, "stop": 1}


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a phrase."""

    kind: EntryKind
    id: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a text at `start`..`end`, with every meaning it has."""

    start: int
    end: int
    text: str
    entries: tuple[Entry, ...]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Ids of the meanings of one kind."""
        return tuple(entry.id for entry in self.entries if entry.kind == kind)


@dataclass(frozen=True, slots=True)
class MetricName:
    """What a metric is called and is: `kind` item, ratio or block; `unit` as a figure's; `flow` when it is earned over a period."""

    id: str
    kind: str
    zh: str
    en: str
    unit: str
    flow: bool
    phrases: tuple[str, ...] = ()


@dataclass(slots=True)
class Lexicon:
    """Built once per rulebook; `vocabulary` holds every English word known, for spelling."""

    metrics: Mapping[str, MetricName]
    families: Mapping[str, Sequence[str]]
    family_show: Mapping[str, Sequence[str]]
    higher_is_worse: frozenset[str]
    table: dict[tuple[str, ...], tuple[Entry, ...]] = field(default_factory=dict)
    longest: int = 1
    vocabulary: set[str] = field(default_factory=set)
    zh_phrases: list[str] = field(default_factory=list)
    abbreviations: Mapping[str, str] = field(default_factory=dict)

    def add(self, phrase: str, entry: Entry) -> None:
        """Let `phrase` mean `entry` as well."""
        key = phrase_key(phrase)
        if not key:
            return
        known = self.table.get(key, ())
        if entry not in known:
            self.table[key] = (*known, entry)
        self.longest = max(self.longest, len(key))
        if has_cjk(phrase):
            if entry.kind == "metric" and len(phrase) >= 4 and not set(phrase) & COLLOQUIAL:
                self.zh_phrases.append(phrase)
        elif entry.kind != "stop":
            self.vocabulary.update(word for word in key if word.isalpha())
        else:
            self.vocabulary.update(key)

    def find(self, text: str, hidden: Sequence[tuple[int, int]] = ()) -> list[Hit]:
        """All phrases in a normalised text, longest first at each place, none overlapping, outside the hidden spans."""
        stream = [t for t in tokens(text) if not any(t.start < b and a < t.end for a, b in hidden)]
        return list(self._scan(text, stream, hidden))

    def _scan(self, text: str, stream: list[Token], hidden: Sequence[tuple[int, int]]) -> Iterator[Hit]:
        index = 0
        while index < len(stream):
            for size in range(min(self.longest, len(stream) - index), 0, -1):
                entries = self._meanings(tuple(token.norm for token in stream[index : index + size]))
                if entries:
                    first, last = stream[index], stream[index + size - 1]
                    if any(first.start < b and a < last.end for a, b in hidden):
                        continue
                    yield Hit(first.start, last.end, text[first.start : last.end], entries)
                    index += size
                    break
            else:
                index += 1

    def _meanings(self, key: tuple[str, ...]) -> tuple[Entry, ...] | None:
        """What a run of words means, as written or with its shortened words in full ("int cover")."""
        known = self.table.get(key)
        if known or not any(word in self.abbreviations for word in key):
            return known
        return self.table.get(tuple(self.abbreviations.get(word, word) for word in key))

    def strongest(self, hit: Hit) -> int:
        """How much a hit says: a metric more than a cue, a cue more than a filler word."""
        return max(_STRENGTH[entry.kind] for entry in hit.entries)


def _both(words: object) -> Iterable[str]:
    if isinstance(words, Mapping):
        for side in words.values():
            yield from (str(word) for word in side)


def build_lexicon(metrics: Iterable[MetricName]) -> Lexicon:
    """Compile prompts/lexicon.yaml and the rulebook's own names. Ratios and blocks come before items of the same name."""
    book = phrase_book("lexicon")
    names = {metric.id: metric for metric in metrics}
    lexicon = Lexicon(
        metrics=names,
        families={k: tuple(i for i in v if i in names) for k, v in book["families"].items()},
        family_show={k: tuple(i for i in v if i in names) for k, v in book["family_show"].items()},
        higher_is_worse=frozenset(book["higher_is_worse"]),
        abbreviations=book["abbreviations"],
    )
    extra = book["metrics"]
    for kind in ("ratio", "block", "item"):
        for metric in names.values():
            if metric.kind != kind:
                continue
            spoken = [*_both(extra.get(metric.id)), metric.id, metric.zh, metric.en, *metric.phrases]
            for phrase in spoken:
                # "ETR", "Altman", "OCI": written so on purpose; a label of one word is just a word
                short = phrase[:1].isupper() and (kind != "item" or phrase.isupper())
                _add_metric(lexicon, phrase, metric.id, own=short or phrase in spoken[: len(spoken) - len(metric.phrases)])
    for family, words in book["family_words"].items():
        for phrase in _both(words):
            lexicon.add(phrase, Entry("family", family))
    for section, entry_kind in (("measures", "measure"), ("operators", "operator"), ("cues", "cue")):
        for key, words in book[section].items():
            for phrase in _both(words):
                lexicon.add(phrase, Entry(entry_kind, str(key)))  # type: ignore[arg-type]
                for cue in book["measure_cues"].get(key, ()) if section == "measures" else ():
                    lexicon.add(phrase, Entry("cue", cue))
    for phrase in (*book["stop"]["zh"], *book["stop"]["en"]):
        lexicon.add(str(phrase), Entry("stop", ""))
    lexicon.vocabulary = {singular(word) for word in lexicon.vocabulary}
    return lexicon


def _add_metric(lexicon: Lexicon, phrase: str, metric: str, *, own: bool) -> None:
    """A statement label may belong to several items ("Other"): only the first owner keeps it, unless it is the item's own name."""
    key = phrase_key(phrase)
    taken = any(entry.kind == "metric" and entry.id != metric for entry in lexicon.table.get(key, ()))
    if key and not taken and (own or len(key) > 1):
        lexicon.add(phrase, Entry("metric", metric))
