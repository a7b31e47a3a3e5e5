"""A proposed covenant: what was read of it, how sure the reading is, and what a confirming person should look at.

Confidence falls with every thing the wording leaves open; each has its remark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ingestion.blocks import Block
from ingestion.contracts.clauses import Clause
from ingestion.contracts.comparisons import Comparison
from ingestion.contracts.counts import COUNT, count_of
from ingestion.contracts.duties import CONDITION
from ingestion.contracts.steps import MOVES, Step
from ingestion.contracts.units import Unit, chinese_marks, intro_of, lead_of
from ingestion.contracts.vocabulary import Metric, Vocabulary
from ingestion.quantities import dates, quantities
from ingestion.text_passages import sentences

ENTITY = re.compile(r"\b(?:calculated|computed|determined)\s+for\s+(?P<e>[A-Z][\w&.' -]{2,40}?)\s+on\s+a\s+stand-?alone", re.I)

TESTING = re.compile(r"\b(?P<t>(?:Covenant|Financial|Cash Dominion) (?:Testing|Trigger|Test) (?:Period|Event))\b", re.I)

GRACE = re.compile(
    rf"(?:(?:unremedied|not remedied|not cured|uncured|cure[ds]?|remed(?:y|ied)|put right|made good|grace period)[^.;]{{0,40}}?\b(?P<n>{COUNT})\s*(?:calendar\s+)?(?P<u>Business\s+|Banking\s+|Working\s+)?Days?)"
    rf"|(?:(?P<n2>{COUNT})\s*(?:个)?(?P<u2>工作日|营业日|银行日|日历日|自然日|日|天)(?:之)?内(?:未能?)?(?:予以|进行|加以|自行)?(?:纠正|整改|补救|补足|恢复|改正|补正))"
    rf"|(?:(?P<n4>{COUNT})\s*(?:个)?(?P<u4>工作日|营业日|银行日|日历日|自然日|日|天)的?(?:宽限期|补救期|整改期|纠正期))"
    rf"|(?:(?:宽限期|补救期|整改期)(?:为|限为)?\s*(?P<n3>{COUNT})\s*(?:个)?(?P<u3>工作日|营业日|银行日|日历日|自然日|日|天))",
    re.I,
)

WORKING = frozenset({"工作日", "营业日", "银行日"})

NO_FREQUENCY = "the clause does not say how often it is tested"

WHEN = re.compile(r"\b(?:dates?|periods?)$|日$|期间$|期$", re.I)
"""Defined terms that say when a test is made: "Test Date", "Relevant Period"."""

YEAR_NAMED = re.compile(r"(?:19|20)\d\d\s*年度?")

SUBJECT = re.compile(
    r"(?P<g>保证人|担保人|\bGuarantors?\b)|借款(?:人|企业|单位|方)|受信(?:人|企业)|授信申请人|甲方|乙方|公司|企业|集团|债务人|\b(?:Borrowers?|Company|Parent|Group|Obligors?|Issuer|Loan Part(?:y|ies))\b"
)
"""Whose figures a test speaks of: the last of these named before the measure."""
STEADY = re.compile(r"\bat (?:all|any|no) times?\b|\bnever\b|任何时[候点间]|任[一意]时[点间]|始终|时刻", re.I)
TESTED_ON = re.compile(
    r"\btest(?:ed|s|ing)?\b|\bmeasured\b|\bcalculated\b|\bdetermined\b|\bcomputed\b|测算|测试|考核|检测|计算|核算|按[月季年半]",
    re.I,
)

ADJUSTED = re.compile(r"剔除|扣除[^，。；]{1,12}后|\bexcluding\b", re.I)
SENIOR = re.compile(r"\b(?:senior|secured|first[- ]lien)\b[\w\s]{0,20}\b(?:leverage|debt|indebtedness)\b|优先级债务", re.I)


@dataclass(slots=True)
class Covenant:
    """One proposed test. `remarks` name what a confirming person should look at."""

    name: str
    type: str
    clause: Clause
    metric: str | None = None
    unit: str = ""
    operator: str | None = None
    steps: list[Step] = field(default_factory=list)
    currency: str | None = None
    basis: str | None = None
    scope: str = "consolidated"
    test_frequency: str | None = None
    grace_days: int | None = None
    grace_unit: str = "day"
    grace_text: str = ""
    grace_place: Block | None = None
    definition: str = ""
    entity: str = ""
    condition: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    confidence: Decimal = Decimal("0.95")
    text: str = ""
    place: Block | None = None
    supersedes: Covenant | None = None
    waived: bool = False


def proposal(
    sentence: str, unit: Unit, metric: Metric, definition: str, bound: Comparison, steps: list[Step],
    vocabulary: Vocabulary, definitions: dict[str, str],
) -> Covenant:  # fmt: skip
    whole = unit.text
    clause = unit.clause
    printed = [sentence[start:end] for start, end, other in vocabulary.metric_at(sentence) if other.id == metric.id]
    titled = clause.title if not re.search(r"\d", clause.title) else ""
    spoken = re.match(r"[（(\d）)、.\s]*([一-鿿]{2,16})(?=[（(：:])", sentence)
    own = titled or (printed[0] if printed else "") or (spoken.group(1) if spoken else "")
    name = own or next((c.title for c in clause.lineage() if c.title), metric.id)
    covenant = Covenant(name, "maintenance", clause, metric.id, metric.unit, bound.operator, steps)
    begins = sentence.strip()[:60]
    covenant.place = next((block for block in clause.blocks if begins in chinese_marks(block.text)), covenant.place)
    covenant.text = "\n".join((*unit.paragraphs, *(row.text for row in unit.rows)))
    covenant.definition = definition
    # 「2026年度」 is when a limit holds, not how often it is tested
    undated = (YEAR_NAMED.sub("", text) for text in (sentence, whole))
    covenant.test_frequency = next((f for f in (frequency_in(text, vocabulary) for text in undated) if f), None)
    governed = f"{lead_of(clause)}{intro_of(unit)}{sentence}"
    covenant.test_frequency = covenant.test_frequency or frequency_in(governed, vocabulary)
    if covenant.test_frequency is None:
        said = (text for term, text in definitions.items() if WHEN.search(term) and term in governed.lower())
        covenant.test_frequency = next((f for f in (first_of(vocabulary.frequencies, text) for text in said) if f), None)
    covenant.basis = metric.basis
    if metric.basis != "point":
        covenant.basis = first_of(vocabulary.bases, sentence) or first_of(vocabulary.bases, governed) or metric.basis
    covenant.scope = first_of(vocabulary.scopes, sentence) or first_of(vocabulary.scopes, governed) or "consolidated"
    if metric.unit == "money":
        amounts = [q.currency for q in quantities(covenant.text) if q.unit == "money" and q.currency]
        covenant.currency = amounts[0] if amounts else None
    entity = ENTITY.search(sentence)
    if entity:
        covenant.entity = entity.group("e").strip()
        covenant.metric = f"{metric.id}_subsidiary"
        covenant.remarks.append(f"tests {covenant.entity} alone, not the borrower")
    guarantor = guarantor_in(_roles(f"{clause.title} {lead_of(clause)} {sentence[: bound.start]}", definitions))
    if guarantor:
        covenant.entity = guarantor
        covenant.metric = f"{metric.id}_guarantor"
        covenant.remarks.append("tests the guarantor, not the borrower")
    give_grace(covenant, whole)
    trigger = TESTING.search(sentence)
    if trigger:
        covenant.condition = definitions.get(trigger.group("t").lower(), "") or f"only in a {trigger.group('t')}"
        covenant.remarks.append(f"springing: tested only in a {trigger.group('t')}")
    if SENIOR.search(sentence):
        covenant.remarks.append("tests senior or secured debt only: the measure named here counts all debt")
        covenant.confidence -= Decimal("0.30")
    if ADJUSTED.search(sentence[: bound.start]):
        covenant.remarks.append("the measure is taken after adjustments the rulebook's does not make: read its definition")
        covenant.confidence -= Decimal("0.10")
    if bound.strict:
        covenant.remarks.append("the wording excludes equality")
        covenant.confidence -= Decimal("0.05")
    if covenant.test_frequency is None:
        covenant.remarks.append(NO_FREQUENCY)
        covenant.confidence -= Decimal("0.10")
    if not definition:
        covenant.confidence -= Decimal("0.05")
    if CONDITION.search(sentence[bound.end :]) or re.search(r"\bprovided\b", sentence, re.I):
        covenant.remarks.append("the clause carries a proviso that changes the limit: read it")
        covenant.confidence -= Decimal("0.05")
    if len(steps) == 1 and steps[0].since is None and MOVES.search(sentence[bound.end :]) and dates(sentence[bound.end :]):
        covenant.remarks.append("the clause moves the limit on a day that could not be read: read it")
        covenant.confidence -= Decimal("0.20")
    if not all(fits_unit(step, metric) for step in steps):
        covenant.confidence -= Decimal("0.20")
    return covenant


def give_grace(covenant: Covenant, text: str) -> bool:
    """Sets the days a failure may be cured in, when `text` gives them."""
    grace = GRACE.search(text)
    if grace is None:
        return False
    days = count_of(grace.group("n") or grace.group("n2") or grace.group("n3") or grace.group("n4"))
    covenant.grace_days = days
    covenant.grace_text = next((piece for piece in sentences(text) if grace.group() in piece), grace.group())
    business = grace.group("u") or (grace.group("u2") or grace.group("u3") or grace.group("u4")) in WORKING
    covenant.grace_unit = "business_day" if business else "day"
    return bool(days)


def frequency_in(text: str, vocabulary: Vocabulary) -> str | None:
    """How often `text` says a test is made; "at all times" wins over a period that is only named."""
    if STEADY.search(text) and not TESTED_ON.search(text):
        return "at_any_time"
    return first_of(vocabulary.frequencies, text)


def _roles(text: str, definitions: dict[str, str]) -> str:
    """「丙方」 as the guarantor it is in this contract."""
    for alias in ("甲方", "乙方", "丙方", "丁方", "戊方"):
        if definitions.get(alias, "").endswith("保证人"):
            text = text.replace(alias, "保证人")
    return text


def guarantor_in(text: str) -> str:
    """The guarantor, when the last party named before a measure is one and stands alone."""
    parties = list(SUBJECT.finditer(text))
    if not parties or not parties[-1]["g"]:
        return ""
    between = text[parties[-2].end() : parties[-1].start()] if len(parties) > 1 and not parties[-2]["g"] else "none"
    return (
        ""
        if re.fullmatch(r"\s*(?:[、/,，和及与]|以及|或|and|or|and (?:the|each)|or (?:the|any))*\s*", between)
        else parties[-1].group()
    )


def fits_unit(step: Step, metric: Metric) -> bool:
    """A plausible size: a multiple or a number of days below 1,000, a share below 10, money above 1,000."""
    limits = {"x": (Decimal(0), Decimal(1000)), "ratio": (Decimal(0), Decimal(10)), "money": (Decimal(1000), Decimal(10) ** 13)}
    limits["days"] = (Decimal(1), Decimal(1000))
    low, high = limits[metric.unit]
    return low <= step.threshold < high


def first_of(entries: Sequence[tuple[str, re.Pattern[str]]], text: str) -> str | None:
    """The first entry whose pattern occurs."""
    return next((name for name, pattern in entries if pattern.search(text)), None)
