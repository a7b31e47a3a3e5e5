"""The wording of covenants as data: loaded once, every entry's own examples checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tools.errors import RulebookError

FILE = Path(__file__).with_name("covenant_terms.yaml")


@dataclass(frozen=True, slots=True)
class Metric:
    """One testable measure. `unit` is x, ratio, money or days; `define` lists the ids its definition may turn it into."""

    id: str
    unit: str
    basis: str
    pattern: re.Pattern[str]
    define: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Compiled wording. `pairs` maps (numerator, denominator) to a metric."""

    metrics: tuple[Metric, ...]
    sides: Mapping[str, re.Pattern[str]]
    pairs: Mapping[tuple[str, str], Metric]
    frequencies: tuple[tuple[str, re.Pattern[str]], ...]
    bases: tuple[tuple[str, re.Pattern[str]], ...]
    scopes: tuple[tuple[str, re.Pattern[str]], ...]
    actions: tuple[tuple[str, re.Pattern[str]], ...]
    reports: tuple[tuple[str, re.Pattern[str]], ...]
    directions: Mapping[str, str]

    def bounds(self, metric: str, operator: str) -> bool:
        """Whether a lender bounds `metric` this way; a measure without an entry may be bounded either way."""
        return self.directions.get(metric, operator) == operator

    def metric_at(self, text: str) -> list[tuple[int, int, Metric]]:
        """(start, end, metric) of every named metric, longest phrase first where they overlap, in order."""
        hits = [(m.start(), m.end(), metric) for metric in self.metrics for m in metric.pattern.finditer(text)]
        hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
        kept: list[tuple[int, int, Metric]] = []
        for hit in hits:
            if all(hit[1] <= other[0] or hit[0] >= other[1] for other in kept):
                kept.append(hit)
        return sorted(kept, key=lambda hit: hit[0])


@lru_cache(maxsize=4)
def load_vocabulary(path: Path = FILE) -> Vocabulary:
    """The wording in `path`. Raises RulebookError naming the entry that is wrong."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        metrics = tuple(
            Metric(entry["id"], entry["unit"], entry["basis"], _phrases(entry), tuple(entry.get("define", ())))
            for entry in data["metrics"]
        )
        sides = {name: _phrases(entry) for name, entry in data["sides"].items()}
        pairs = {
            (entry["over"], entry["under"]): Metric(entry["metric"], entry["unit"], entry["basis"], re.compile(r"(?!)"))
            for entry in data["pairs"]
        }
        lists = {
            key: tuple((entry["id"], _patterns(entry)) for entry in data[key])
            for key in ("frequencies", "bases", "scopes", "actions", "reports")
        }
        directions = {name: operator for operator, names in data["directions"].items() for name in names}
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise RulebookError(
            f"the covenant wording cannot be used: {error!r}", where=path.name, fix="Correct the entry"
        ) from error
    vocabulary = Vocabulary(metrics, sides, pairs, directions=directions, **lists)
    for entry in data["metrics"]:
        _check(vocabulary, entry, path)
    return vocabulary


def _check(vocabulary: Vocabulary, entry: Mapping[str, Any], path: Path) -> None:
    for expected, texts in ((True, entry["examples"]["match"]), (False, entry["examples"]["miss"])):
        for text in texts:
            found = any(metric.id == entry["id"] for _, _, metric in vocabulary.metric_at(text))
            if found is not expected:
                raise RulebookError(
                    f"metric {entry['id']} {'misses' if expected else 'wrongly finds'} its example {text!r}",
                    where=path.name, fix="Correct the phrases or the example",
                )  # fmt: skip


def _phrases(entry: Mapping[str, Any]) -> re.Pattern[str]:
    """Literal phrases and patterns (`en_re`, `zh_re`): word edges for English, any white space between words."""
    parts = []
    for phrase in sorted((*entry.get("en", ()), *entry.get("zh", ())), key=len, reverse=True):
        escaped = r"\s*".join(re.escape(word) for word in phrase.split()) if not phrase.isascii() else None
        parts.append(escaped or r"(?<![A-Za-z])" + r"\s+".join(re.escape(word) for word in phrase.split()) + r"(?![A-Za-z])")
    for pattern in entry.get("en_re", ()):
        parts.append(r"(?<![A-Za-z])(?:" + pattern.replace(" ", r"\s+") + r")(?![A-Za-z])")
    parts += entry.get("zh_re", ())
    return re.compile("|".join(parts), re.I)


def _patterns(entry: Mapping[str, Any]) -> re.Pattern[str]:
    return re.compile("|".join((*entry.get("en", ()), *entry.get("zh", ()))), re.I)
