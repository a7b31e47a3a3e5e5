"""Tests listed in a table: one a row, or one measure whose limits stand row by row under its sentence.

A table of margins lists one measure again and again and is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.blocks import Block
from ingestion.contracts.comparisons import Comparison, comparisons
from ingestion.contracts.duties import NOT_A_TEST, PRICED
from ingestion.contracts.measures import pair_in
from ingestion.contracts.units import Unit
from ingestion.contracts.vocabulary import Metric, Vocabulary

BELOW = re.compile(r"\b(?:set forth|following|specified|below|schedule)\b|下表|下列|如下", re.I)

ROW_MOST = re.compile(r"上限|最高|不高于|不超过|\bmaximum\b|\bnot (?:more|greater|higher) than\b", re.I)

ROW_LEAST = re.compile(r"下限|最低|不低于|不少于|\bminimum\b|\bnot (?:less|lower) than\b", re.I)


def column_of(rows: Sequence[Block], metric: Metric, vocabulary: Vocabulary) -> int | None:
    """The column of a table of several measures that is headed by this one."""
    header = next((row.header for row in rows if row.header), "")
    heads = [cell.strip() for cell in header.split("|")] if header else []
    named = {at: {hit[2].id for hit in vocabulary.metric_at(head)} for at, head in enumerate(heads)}
    several = len(set().union(*named.values())) > 1 if named else False
    family = {metric.id, *metric.define}
    return next((at for at, ids in named.items() if ids & family), None) if several else None


def row_sentences(unit: Unit, vocabulary: Vocabulary) -> list[str]:
    """Each row of a table of tests as a sentence: measure, bound, limit, how often."""
    rows = [row for row in unit.rows if len(row.cells) > 1]
    heads = " ".join({row.header for row in rows})
    if not rows or NOT_A_TEST.search(f"{heads} {unit.text}") or PRICED.search(f"{heads} {unit.text}"):
        return []
    out: list[str] = []
    for row in rows:
        said = " ".join(cell for cell in row.cells if cell)
        own = next((cell for cell in row.cells if re.search(r"[A-Za-z一-鿿]", cell)), "")
        named = vocabulary.metric_at(own) or pair_in(f"{own} ", vocabulary)
        bounds = comparisons(said)
        if named and not bounds:
            way = ROW_MOST.search(heads), ROW_LEAST.search(heads)
            word = "不高于" if way[0] and not way[1] else "不低于" if way[1] and not way[0] else ""
            said = f"{own} {word} {' '.join(row.cells[row.cells.index(own) + 1 :])}" if word else ""
        elif named:
            said = " ".join(row.cells[row.cells.index(own) :])
        if named and said:
            out.append(said)
    return out


def headed_table(sentence: str, unit: Unit, vocabulary: Vocabulary) -> tuple[Metric, Comparison] | None:
    """A sentence that names the measure and leaves which way it is bounded to the head of its table: 「上限」, "Maximum"."""
    heads = " ".join(sorted({row.header for row in unit.rows} | {cell for row in unit.rows[:1] for cell in row.cells}))
    most, least = ROW_MOST.search(heads), ROW_LEAST.search(heads)
    pair = pair_in(sentence, vocabulary)
    named = vocabulary.metric_at(sentence)
    if bool(most) == bool(least) or not (named or pair) or not (BELOW.search(sentence) or sentence.endswith((":", "："))):
        return None
    metric = pair[0] if pair is not None and not named else named[-1][2]
    operator = "<=" if most else ">="
    return (metric, Comparison(operator, len(sentence), len(sentence))) if vocabulary.bounds(metric.id, operator) else None
