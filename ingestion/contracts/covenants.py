"""Financial covenants of a contract as proposed code: metric, direction, limits over time, test dates, basis, scope.

Only an obligation that names a measure, a bound and a limit becomes a covenant. Pricing grids, conditions of permitted
acts and definitions bound the same measures and are passed over: proposing what the contract does not demand is worse than
missing it. Everything stays `proposed` until a named person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingestion.contracts.clauses import Clause, without_clause_numbers
from ingestion.contracts.comparisons import AFTERWARDS, Comparison, comparisons
from ingestion.contracts.duties import (
    DEFAULT_WORDS,
    ELSEWHERE,
    FORMER,
    FORMER_QUOTED,
    HEADED,
    LEAD_FORBIDS,
    NOT_A_TEST,
    OBLIGED,
    ONLY_IF,
    PRICED,
    SET_AT,
    TOPPED_UP,
    WAIVED,
    before_bound,
    excused,
    holds,
    is_default,
    only_when,
    piece_of,
    reach,
    turned,
)
from ingestion.contracts.listings import BELOW, column_of, headed_table, row_sentences
from ingestion.contracts.measures import RATIO_OF, metric_of, pair_in, sides_named
from ingestion.contracts.ordinals import first_day, ordinal_steps
from ingestion.contracts.proposals import YEAR_NAMED, Covenant, first_of, frequency_in, proposal
from ingestion.contracts.schedules import scheduled
from ingestion.contracts.steps import FROM, Step, bounded_steps, inline_steps, respective_steps, table_steps
from ingestion.contracts.thresholds import kind_of
from ingestion.contracts.units import DEFINING, POINT, Unit, chinese_marks, intro_of, lead_of, obligations_in, units
from ingestion.contracts.vocabulary import Metric, Vocabulary
from ingestion.quantities import dates, quantities
from ingestion.text_passages import sentences

BY_SO_MUCH = re.compile(r"[^.;,\d]{0,60}\bby\s+\d", re.I)
"""How far one amount lies above another is no limit of their ratio."""


def maintenance_covenants(clauses: Sequence[Clause], vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """Every financial maintenance test of the contract; an amended clause replaces the one it amends."""
    found: list[Covenant] = []
    begun = first_day(clauses)
    for unit in units(clauses):
        for covenant in _of_unit(replace(unit, begun=begun), vocabulary, definitions):
            _settle(found, covenant)
    return found


def _of_unit(unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """What the clause demands in words, and what only its table says."""
    if any(ELSEWHERE.search(node.title) for node in unit.clause.lineage()):
        return []
    out = _in_words(unit, vocabulary, definitions)
    for row in scheduled(unit, vocabulary, definitions) if unit.rows else []:
        told = next((covenant for covenant in out if covenant.metric == row.metric.id), None)
        if told is not None and len(told.steps) < len(row.steps):
            told.steps = row.steps  # the words name the measure, its limits stand in the columns
        if told is None:
            head = f"{row.head}, {row.period} "
            bound = Comparison(row.operator, len(head), len(head))
            covenant = proposal(head, unit, row.metric, row.definition, bound, row.steps, vocabulary, definitions)
            covenant.test_frequency = covenant.test_frequency or row.frequency
            out.append(covenant)
    return out


def _in_words(unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    out = _of_rows(unit, vocabulary, definitions) if unit.rows else []
    text = " ".join(
        chinese_marks(without_clause_numbers(paragraph).strip())
        for paragraph in unit.paragraphs
        if not DEFINING.match(paragraph)
    )
    if not (comparisons(text) or SET_AT.search(text)) or not (
        vocabulary.metric_at(text)
        or RATIO_OF.search(text)
        or "/" in text
        or pair_in(text, vocabulary)
        or sides_named(text, vocabulary) > 1
        or any(term in text.lower() for term in definitions if len(term) > 2)
    ):
        return [*out, *_tabled(text, unit, vocabulary, definitions)] if unit.rows and not out else out
    intro = intro_of(unit)
    for covenant in (
        c
        for at, sentence in enumerate(obligations_in(text, vocabulary))
        for c in _of_sentence(sentence, unit, vocabulary, definitions, intro if at else "")
    ):
        same = next((c for c in out if c.metric == covenant.metric and c.operator == covenant.operator), None)
        if same is None:
            out.append(covenant)
        else:
            same.steps = _merged(same.steps, covenant.steps)
            same.test_frequency = same.test_frequency or covenant.test_frequency
            same.basis = covenant.basis if covenant.basis == "ltm" else same.basis
    return out


def _of_rows(unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """Tests listed in a table, one a row."""
    out: list[Covenant] = []
    for said in row_sentences(unit, vocabulary):
        out += _of_sentence(chinese_marks(said), unit, vocabulary, definitions, "借款人应：")
    return out if len({c.metric for c in out}) == len(out) else []


def _tabled(text: str, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """A measure whose limits stand in the table under it, which also says which way they bound."""
    for sentence in sentences(text):
        headed = None if NOT_A_TEST.search(sentence) or PRICED.search(text) else headed_table(sentence, unit, vocabulary)
        steps = table_steps(unit.rows, headed[0].unit) if headed else []
        if headed is not None and steps:
            return [proposal(sentence, unit, headed[0], "", headed[1], steps, vocabulary, definitions)]
    return []


def _of_sentence(
    sentence: str, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str], intro: str = ""
) -> list[Covenant]:
    lead = f"{lead_of(unit.clause)}{intro}"
    listed = is_default(unit.clause, lead, "")
    event = listed or is_default(unit.clause, lead, sentence)
    if WAIVED.search(sentence):
        return []
    sentence = FORMER_QUOTED.sub(before_bound, FORMER.sub("", without_clause_numbers(sentence)))
    sentence = POINT.sub(lambda mark: " " * len(mark.group()), sentence)
    if ONLY_IF.search(sentence) and first_of(vocabulary.actions, sentence):
        return []  # a test of an act, not of every period (ingestion.contracts.obligations)
    headed = any(HEADED.search(text) for text in (intro, intro_of(unit), *(node.title for node in unit.clause.lineage())))
    if not (OBLIGED.search(lead + sentence) or SET_AT.search(sentence) or event or headed) or NOT_A_TEST.search(sentence):
        return []
    # each bound with whether the sentence makes a default of being beyond it, instead of demanding to be within it
    bounds = []
    stated = _forbidden(sentence) if LEAD_FORBIDS.search(lead) else comparisons(sentence)
    stated = stated or _set_at(sentence, vocabulary)
    for bound in stated:
        demanded = not (excused(lead, sentence[: bound.start]) or only_when(sentence, bound))
        demanded = demanded and holds(lead, sentence, bound)
        piece = piece_of(sentence, bound)
        beyond = event and (listed or bool(DEFAULT_WORDS.search(piece))) and not TOPPED_UP.search(piece)
        bounds.append((bound, demanded, beyond))
    named = []
    for bound, demanded, beyond in bounds:
        if not (demanded or beyond) or BY_SO_MUCH.match(sentence[bound.end :]):
            continue
        further = next((other.start for other in stated if other.start >= bound.end + 2), len(sentence))
        kind = kind_of(reach(sentence, bound, further)) or kind_of(reach(sentence, bound, len(sentence)))
        measure = _nearest(sentence, bound, stated, kind, unit, vocabulary, definitions, beyond)
        straight = demanded and measure is not None and vocabulary.bounds(measure[0].id, bound.operator)
        named.append((turned(bound) if beyond and not straight else bound, measure))
    out: list[Covenant] = []
    for at, (bound, found) in enumerate(named):
        if found is None or (out and found[0].id == out[-1].metric and bound.operator == out[-1].operator):
            continue
        metric, definition = found
        if not vocabulary.bounds(metric.id, bound.operator):
            continue
        others = [b.start for b, m in named[at + 1 :] if m is not None and m[0].id != metric.id]
        words = reach(sentence, bound, others[0] if others else len(sentence))
        same = [b for b, m in named[at:] if m is not None and m[0].id == metric.id and b.operator == bound.operator]
        steps = bounded_steps(sentence, [(b.start, b.end) for b in same], metric.unit) or inline_steps(words, metric.unit)
        if not steps and (BELOW.search(sentence) or len(unit.paragraphs) <= 3):
            steps = table_steps(unit.rows, metric.unit, column_of(unit.rows, metric, vocabulary))
        steps = _begun(sentence[: bound.start], steps)
        steps = respective_steps(sentence, metric.unit) or steps
        steps = ordinal_steps(sentence, metric.unit, unit.begun, _how_often(sentence, unit, vocabulary, definitions)) or steps
        if steps:
            covenant = proposal(sentence, unit, metric, definition, bound, steps, vocabulary, definitions)
            last = max(other.start for other in stated)
            named_next = [
                start
                for start, _, other in vocabulary.metric_at(sentence)
                if bound.end < start < last and other.id != metric.id
            ]
            own_words = reach(sentence, bound, min([*others[:1], *named_next], default=len(sentence)))
            before = YEAR_NAMED.sub("", sentence[named[at - 1][0].end if at else 0 : bound.end])
            behind = YEAR_NAMED.sub("", own_words)
            own = frequency_in(behind, vocabulary)
            own = own if own == "at_any_time" else frequency_in(before + behind, vocabulary)
            covenant.test_frequency = own or covenant.test_frequency
            out.append(covenant)
    return out


def _forbidden(point: str) -> list[Comparison]:
    """The bounds of a point under "The Borrower shall not permit:"."""
    ahead = "shall not permit "
    found = comparisons(ahead + point)
    return [replace(bound, start=bound.start - len(ahead), end=bound.end - len(ahead)) for bound in found]


def _set_at(sentence: str, vocabulary: Vocabulary) -> list[Comparison]:
    """ "The level of Leverage is reset to 4.00:1": a test of a measure that lenders bound one way only."""
    found = SET_AT.search(sentence)
    named = vocabulary.metric_at(sentence[: found.start()]) if found else []
    operator = vocabulary.directions.get(named[-1][2].id) if named else None
    if found is None or operator is None or kind_of(sentence[found.end() :][:20]) is None:
        return []
    return [Comparison(operator, found.start(), found.end())]


def _nearest(
    sentence: str, bound: Comparison, stated: Sequence[Comparison], kind: str | None, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str],
    beyond: bool,
) -> tuple[Metric, str] | None:  # fmt: skip
    """The measure named since the limit before, else the nearest of the whole sentence."""
    title = unit.clause.title
    former = [other for other in stated if other.end <= bound.start]
    if former:
        begins = former[-1].end
        value = next(iter(quantities(sentence[begins : bound.start])), None)
        if value is not None and not AFTERWARDS.fullmatch(sentence[former[-1].start : begins]):
            begins += value.end
        own = metric_of(" " * begins + sentence[begins:], bound, "", vocabulary, definitions, kind)
        ways = (bound.operator, turned(bound).operator) if beyond else (bound.operator,)
        if own is not None and any(vocabulary.bounds(own[0].id, way) for way in ways):
            return own
    return metric_of(sentence, bound, title, vocabulary, definitions, kind)


def _how_often(sentence: str, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> str | None:
    said = (frequency_in(text, vocabulary) for text in (sentence, unit.text, *definitions.values()))
    return next((frequency for frequency in said if frequency not in (None, "at_any_time")), None)


def _begun(head: str, steps: list[Step]) -> list[Step]:
    """A single limit that begins on the day before it: "From and after 1 January 2028 the Current Ratio will not drop below 1.05"."""
    if len(steps) != 1 or steps[0].since is not None:
        return steps
    hit = next((hit for hit in dates(head) if FROM.search(head[: hit.start])), None)
    return [replace(steps[0], since=hit.day)] if hit is not None and not hit.whole_month else steps


def _merged(first: list[Step], second: list[Step]) -> list[Step]:
    known = {(step.since, step.until) for step in first}
    return [*first, *(step for step in second if (step.since, step.until) not in known and (step.since or step.until))]


def _settle(found: list[Covenant], covenant: Covenant) -> None:
    """Adds a covenant; one in an amendment takes the place of the clause it names, one in a waiver is kept beside it."""
    clause = covenant.clause
    former = next((c for c in found if clause.target and c.clause.number == clause.target and not c.waived), None)
    if clause.edit == "amendment" and former is not None and clause.number == clause.target:
        covenant.supersedes = former
        covenant.remarks.append(f"as amended; replaces clause {former.clause.number} of the original text")
        found[found.index(former)] = covenant
        return
    if clause.edit == "waiver":
        if former is not None:
            former.remarks.append(f"clause {clause.number} waives it in part: {' '.join(covenant.text.split())[:300]}")
        return
    twin = next(
        (c for c in found if c.metric == covenant.metric and c.steps == covenant.steps and c.operator == covenant.operator),
        None,
    )
    if twin is None:
        found.append(covenant)
