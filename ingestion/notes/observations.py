"""Observations of one sentence: topic, value, unit, and how the writer knows it (seen, checked, told), with negation kept.

A clause is the stretch between contrasts ("but", 「但」); cue words govern their clause only, so that "he said two lines are
under maintenance, but we counted three idle" gives one hearsay and one check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from ingestion.blocks import Block
from ingestion.notes.vocabulary import DENIED, WORDS, NoteWords, Topic
from ingestion.quantities import MONTH, MONTHS, SCALES, number
from tools.domain.money import plain
from tools.domain.number_words import chinese_number

CONTRAST = re.compile(
    r"[;；]|，?(?:但是|但|然而|不过|而现场|实际上|而实际)|,?\s*\b(?:but|however|although|whereas|yet)\b", re.I
)
PAUSE = re.compile(r"[，,、。；;:：]")
CHANGE = re.compile(
    r"(?:同比|环比|较上年|yoy)?\s*(?P<sign>[-−–+＋]|下降|减少|下滑|增长|增加|上升|down|up)?\s*(?P<v>\d+(?:\.\d+)?)\s*[%％]\s*(?P<b>yoy|year on year|同比|环比)?",
    re.I,
)
DOWN = re.compile(r"[-−–]|下降|减少|下滑|少|down|fall|fell|drop|declin", re.I)
UNITS = {
    "吨": "t", "tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "度": "kWh", "千瓦时": "kWh", "kwh": "kWh", "mwh": "kWh",
    "立方米": "m3", "方": "m3", "公斤": "kg", "千克": "kg", "件": "piece", "pieces": "piece", "pcs": "piece", "units": "piece",
    "台": "set", "套": "set", "米": "m", "箱": "box", "boxes": "box", "元": "CNY", "万元": "CNY", "t": "t", "kg": "kg",
}  # fmt: skip
WITHIN = {"headcount": "social_security_headcount", "production_stopped": "lines_idle"}
BEHAVIOUR = frozenset({"access_refused", "evasive"})
MONTHLY = frozenset({"electricity_kwh", "water_m3", "export_customs_value", "social_security_headcount", "headcount"})
OWN_EYES = re.compile(r"我们?|现场|实际|看到|见到|\b(?:we|I|our)\b|\bon site\b", re.I)
EARLIER = re.compile(r"(?:去年|上年|同期)[^，,。；;]{0,12}$|\b(?:against|versus|vs\.?|compared (?:with|to)|from)\s*$", re.I)
SAID_MONTH = re.compile(
    rf"(?:(?P<y>20\d\d)\s*年\s*)?(?<!\d)(?P<m>1[0-2]|[1-9])\s*月(?!\d)|\b(?P<e>{MONTH})\.?(?:\s+(?P<ey>20\d\d))?(?!\w)", re.I
)
ITEM = re.compile(r"([一-鿿]{2,6}|[A-Za-z]{3,20})\s*$")


def observations_in(
    sentence: str, default: str, section: str, block: Block, visited: date | None, words: NoteWords
) -> list[dict[str, Any]]:
    """All observations of one sentence. `default` is what its section says of the source, "" for none (then seen)."""
    out: list[dict[str, Any]] = []
    spoken = False
    for start, end in _clauses(sentence):
        clause = sentence[start:end]
        # who speaks goes on speaking after 「；不过」, until the writer says what was seen or checked
        own = "told" if spoken and not (OWN_EYES.search(clause) or words.checked.search(clause)) else default
        spoken = spoken or bool(words.told.search(clause))
        taken: list[tuple[str, int, int]] = []
        placed: list[tuple[str, int, int, dict[str, Any]]] = []
        for topic in words.topics:
            for pattern, fixed in topic.patterns:
                for match in pattern.finditer(clause):
                    if any(match.start() < end_ and start_ < match.end() for name, start_, end_ in taken if name == topic.id):
                        continue
                    found = _observation(topic, match, fixed, clause, words)
                    if found is None:
                        continue
                    taken.append((topic.id, match.start(), match.end()))
                    said_by = _source(clause, match.end(), own, words)
                    month = _month(sentence[: start + match.end()], visited) if topic.id in MONTHLY else None
                    if month:
                        found["month"] = month
                    placed.append((topic.id, match.start(), match.end(), {
                        "topic": topic.id, "value": found.pop("value"), "unit": found.pop("unit"),
                        "said_by": "seen" if said_by == "checked" and topic.id in BEHAVIOUR else said_by,
                        "date": visited.isoformat() if visited else None, "text": sentence.strip(), "page": block.page,
                        "locator": block.locator, "section": section, **found,
                    }))  # fmt: skip
        out += [entry for name, low, high, entry in placed if not _part_of_another(name, low, high, taken)]
    return _without_repeats(out)


def _part_of_another(topic: str, low: int, high: int, taken: Sequence[tuple[str, int, int]]) -> bool:
    """People insured are no count of people seen; a line that stands still is no works that does."""
    return any(name == WITHIN.get(topic) and start < high and low < end for name, start, end in taken)


def _clauses(sentence: str) -> list[tuple[int, int]]:
    edges = [0, *(match.start() for match in CONTRAST.finditer(sentence)), len(sentence)]
    return [(a, b) for a, b in pairwise(edges) if sentence[a:b].strip()]


def _source(clause: str, end: int, default: str, words: NoteWords) -> str:
    """How the writer knows what ends at `end`: in Chinese the speaker comes first, so what stands before 「主任说」 was seen."""
    if default == "told":
        return "told"
    for cue in words.told.finditer(clause):
        chinese = cue.group()[0] >= "一"
        if not (chinese and cue.start() >= end and PAUSE.search(clause[end : cue.start()])):
            return "told"
    if default:
        return default
    return "checked" if words.checked.search(clause) else "seen"


def _observation(topic: Topic, match: re.Match[str], fixed: str, clause: str, words: NoteWords) -> dict[str, Any] | None:
    if fixed == DENIED:
        return {"negated": True, "value": "no", "unit": None}
    before = clause[: match.start()]
    pauses = [m.end() for m in PAUSE.finditer(before)]
    near = before[pauses[-1] if pauses else 0 :][-24:]
    negated = bool(words.negation.search(near)) or (topic.flag and bool(re.search(r"否认|\bdenie[ds]\b", before, re.I)))
    found: dict[str, Any] = {"negated": negated}
    if words.planned.search(near):
        found["planned"] = True
    if topic.flag:
        return found | {"value": "no" if negated else "yes", "unit": None}
    if fixed:
        return found | {"value": fixed, "unit": topic.unit, "negated": found["negated"] and fixed != "0"}
    groups = match.groupdict()
    value = _value(groups.get("v") or "")
    if value is None:
        return None
    if topic.id in MONTHLY and EARLIER.search(before):
        return None  # what it was a year ago stands beside what it is
    value *= SCALES.get((groups.get("s") or "").lower(), Decimal(1))
    unit = topic.unit
    printed = (groups.get("u") or "").strip().lower()
    if topic.unit == "ratio":
        value = value / (10 if printed == "成" else 100)
        if groups.get("sign") and DOWN.search(groups["sign"]):
            value = -value
    elif topic.unit == "money":
        unit = (
            "CNY"
            if printed == "元" or re.search(r"RMB|CNY|¥", match.group(), re.I)
            else ("USD" if "$" in match.group() else "")
        )
    elif not topic.unit or topic.unit in ("kWh", "m3"):
        value *= {"万元": Decimal(10_000), "mwh": Decimal(1000)}.get(printed, Decimal(1))
        unit = topic.unit or UNITS.get(printed, printed)
    total = _value(groups.get("total") or "")
    if total is not None:
        found["of"] = plain(total)
    if topic.id in ("stock_book", "inventory_count"):
        item = ITEM.search(before.rstrip(" ，,"))
        if item and topic.id == "stock_book":
            found["item"] = item.group(1)
    change = CHANGE.match(clause[match.end() :].lstrip(" ,，(（"))
    if change and (change.group("sign") or change.group("b")) and topic.unit != "ratio":
        share = Decimal(change.group("v")) / 100
        found["difference" if topic.id in ("stock_book", "inventory_count") else "change"] = plain(
            -share if DOWN.match(change.group("sign") or "") else share
        )
    return found | {"value": plain(value.normalize()) if value else "0", "unit": unit or None}


def _month(before: str, visited: date | None) -> str | None:
    """The month a meter reading or a count is of ("2026-09"): the one named last before it, in the visit's year or the year before."""
    said = list(SAID_MONTH.finditer(before))
    if not said or visited is None:
        return None
    hit = said[-1]
    month = int(hit["m"]) if hit["m"] else MONTHS[hit["e"].lower()]
    year = hit["y"] or hit["ey"]
    chosen = int(year) if year else visited.year if month <= visited.month else visited.year - 1
    return f"{chosen}-{month:02d}"


def _value(text: str) -> Decimal | None:
    clean = WORDS.get(text.lower(), text)
    try:
        return number(clean)
    except InvalidOperation:
        return chinese_number(clean) if clean else None


def _without_repeats(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for entry in found:
        key = (entry["topic"], entry["value"], entry["said_by"])
        if all((other["topic"], other["value"], other["said_by"]) != key for other in kept):
            kept.append(entry)
    return kept
