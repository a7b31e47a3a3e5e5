"""What things are called in an answer, in both languages, and the analyst's vocabulary: both made from the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.analyst.lexicon import Lexicon, MetricName, build_lexicon
from prompts.library import phrase_book
from tools.domain.definitions import Definition, Layer, Rulebook


@dataclass(frozen=True, slots=True)
class Glossary:
    """Names by id. What has no name is shown by its id, so that nothing is ever left out."""

    metrics: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, Mapping[str, str]]
    flags: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    layers: tuple[Layer, ...] = ()
    """The bank's own rules, whose signals have names too."""

    def metric(self, id: str, language: str) -> str:
        """A line item's or ratio's name."""
        return self.metrics.get(id, {}).get(language) or id.replace("_", " ")

    def reason(self, id: str, language: str) -> str:
        """Why a figure is not meaningful."""
        return self.reasons.get(id, {}).get(language) or id.replace("_", " ")

    def flag(self, id: str, language: str) -> str:
        """What a flag on a figure means; empty for one without words."""
        return self.flags.get(id.partition(":")[0], {}).get(language, "")

    def word(self, table: str, id: str | None, language: str) -> str:
        """A code of the loan book or of a status in words (prompts/codes.yaml)."""
        if not id:
            return ""
        known = self.words.get(table, {}).get(id)
        return known[language] if known is not None else id.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Tongue:
    """Vocabulary and glossary of one rulebook, made once."""

    lexicon: Lexicon
    glossary: Glossary
    digest: str


_MADE: dict[str, Tongue] = {}


def tongue_of(rulebook: Rulebook) -> Tongue:
    """The tongue for a rulebook, kept by its digest."""
    if rulebook.digest not in _MADE:
        _MADE.clear()
        _MADE[rulebook.digest] = Tongue(build_lexicon(metric_entries(rulebook)), glossary_of(rulebook), rulebook.digest)
    return _MADE[rulebook.digest]


def metric_entries(rulebook: Rulebook) -> Iterator[MetricName]:
    """Every metric and line item with all its names. Spoken Chinese names come from the index too (it has no spaces to lose)."""
    spoken: dict[str, list[str]] = {}
    for phrase, id in rulebook.metric_index.items():
        if not phrase.isascii():
            spoken.setdefault(id, []).append(phrase)
    for item in rulebook.items.values():
        labels = [label for labels in item.labels.values() for label in labels]
        yield MetricName(
            item.id,
            "item",
            item.name["zh"],
            item.name["en"],
            "currency",
            not item.stock,
            tuple([*labels, *spoken.get(item.id, ())]),
        )
    for kind, group in (("ratio", rulebook.ratios), ("ratio", rulebook.scores), ("block", rulebook.blocks)):
        for definition in group.values():
            yield _entry(kind, definition, spoken)


def _entry(kind: str, definition: Definition, spoken: Mapping[str, list[str]]) -> MetricName:
    said = [word for words in definition.synonyms.values() for word in words]
    return MetricName(
        definition.id, kind, definition.name["zh"], definition.name["en"], definition.unit, not definition.point,
        tuple([*said, *spoken.get(definition.id, ())]),
    )  # fmt: skip


def glossary_of(rulebook: Rulebook) -> Glossary:
    """Names from the rulebook, code words from the phrase book."""
    names: dict[str, Mapping[str, str]] = {item.id: item.name for item in rulebook.items.values()}
    for group in (rulebook.blocks, rulebook.scores, rulebook.ratios):
        names |= {definition.id: definition.name for definition in group.values()}
    return Glossary(
        names,
        {r.id: r.name for r in rulebook.reasons.values()},
        {f.id: f.name for f in rulebook.flags.values()},
        _codes(),
        rulebook.layers,
    )


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    tables: Mapping[str, Mapping[str, list[str]]] = phrase_book("codes")["codes"]
    return {table: {code: {"zh": said[0], "en": said[1]} for code, said in codes.items()} for table, codes in tables.items()}
