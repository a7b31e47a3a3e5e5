"""What one clause says for the tests of others: days to cure, when and on whose figures they are tested, cures by the owners.

A contract states its limits in one clause and how they are tested in the next ("The financial covenants set out in Clause 18.2 shall
be tested on each Quarter Date", 「上述指标以合并报表为准，每半年测算一次」). Such a clause counts for the tests it stands beside or names.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from ingestion.contracts.clauses import Clause
from ingestion.contracts.comparisons import comparisons
from ingestion.contracts.counts import COUNT, count_of
from ingestion.contracts.proposals import NO_FREQUENCY, STEADY, Covenant, first_of, give_grace
from ingestion.contracts.vocabulary import Vocabulary
from ingestion.quantities import dates, quantities

ANY_TEST = re.compile(
    r"任何一项|(?:上述|前述|以上|本条)(?:任一|各项|全部)?(?:财务)?(?:指标|约定|比率)|任一财务指标|any of the (?:foregoing|above)|any (?:requirement|covenant) of|this (?:Section|Clause)"
    r"|(?:the |these )?(?:foregoing |above )?financial covenants?|(?:set out|set forth|contained|referred to|specified) in (?:this )?(?:Clause|Section)",
    re.I,
)
TESTED = re.compile(
    r"\btest(?:ed|ing)?\b|\bcalculated\b|\bmeasured\b|\bdetermined\b|测算|测试|考核|检查|计算|监测|核算|为准", re.I
)
FAILURE = re.compile(
    r"\bfail(?:s|ed|ure)?\b|\bbreach\b|\bnot (?:comply|satisf)|未达标|未能?达到|不符合|不满足|未能?满足|违反|突破", re.I
)
NAMED = re.compile(
    r"(?:Clauses?|Sections?|paragraphs?)\s+(?P<n>\d{1,2}(?:\.\d{1,3})*(?:\([a-z0-9]{1,3}\))*)(?:\s+(?:to|through|-|–)\s+(?P<to>\d{1,2}(?:\.\d{1,3})+))?",
    re.I,
)
RANGE = re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,3})+)\s*(?:条|款)?\s*(?:至|到|-|—|–|~)\s*第?(?P<to>\d{1,2}(?:\.\d{1,3})+)")
NAMED_ZH = re.compile(r"第?\s*(?P<n>\d{1,2}(?:\.\d{1,3}){1,2}|[一二三四五六七八九十]{1,3})\s*[条款]")
TEST_RULE = re.compile(
    r"(?:测[算试]|考核|计算|统计|监测)(?:口径|频[次率]|周?期间?|时点|基准|标准|日|依据)|\b(?:test(?:ing)?|measurement|calculation) (?:dates?|frequency|basis|periods?)\b|\b(?:tested|measured|calculated)\b",
    re.I,
)
"""A short clause beside the tests that only says how they are made: 「测算口径及频次：合并报表，每年6月末、12月末」."""
OWN_MARK = re.compile(r"^\W*[\d.]*[）)]?[（(]?[\w一二三四五六七八九十]{0,2}[）)]?\s*(?=[“\"「一-鿿A-Z])")
TERM = re.compile(r"[“\"「](?P<q>[^”\"」]{2,30})[”\"」]|(?P<t>[一-鿿]{2,8}?)(?:为|是指|系指|指)")
"""What such a clause defines: it counts for the tests that use the term."""
PERIOD = re.compile(r"\b(?:each|every|any|the)\s+(?P<p>(?:Test|Relevant|Measurement|Reference|Calculation|Testing) Period)\b")
EQUITY_CURE = re.compile(
    r"equity (?:cure|contribution|injection)|(?:shareholder|sponsor) (?:injection|contribution|funding)|subscription for shares|cure amount|(?:股东|实际控制人|出资人)[^。；]{0,20}(?:增资|注资|追加(?:资本|投资)|补充资本|现金出资)",
    re.I,
)
CURES = re.compile(r"\bcure[ds]?\b|deemed|补救|视为|视同|纠正|弥补", re.I)
DAYS = re.compile(rf"(?P<n>{COUNT})\s*(?:个)?(?P<u>Business Days?|days?|工作日|营业日|日|天)", re.I)
TIMES = re.compile(
    r"(?:more than|exceed(?:ing)?|maximum of|up to|不超过|最多|不得超过|累计不超过)\s*(?P<n>\d{1,2}|one|two|three|four|five|six|[一二两三四五六])\s*(?:times|occasions|次)",
    re.I,
)
CONSECUTIVE = re.compile(r"consecutive|two (?:successive|quarters)|连续", re.I)
COUNTED = (("ebitda", re.compile(r"increase (?:Consolidated |Adjusted )?EBITDA|(?:as|to) EBITDA|计入(?:当期)?EBITDA|视(?:为|同)EBITDA", re.I)),
           ("prepayment", re.compile(r"prepay|repay|reduce (?:Total |Net )?Debt|提前(?:偿还|还款)|冲减债务", re.I)))  # fmt: skip


def share(found: Sequence[Covenant], clauses: Sequence[Clause], vocabulary: Vocabulary) -> None:
    """Gives every maintenance test what other clauses say for it."""
    for clause in clauses:
        if clause.edit == "waiver" or not clause.number:
            continue
        text = clause.text
        ruled = [c for c in found if c.type == "maintenance" and c.clause is not clause and _rules(clause, text, c)]
        if not ruled:
            continue
        cure = equity_cure(text)
        for covenant in ruled:
            if cure is not None:
                covenant.extra.setdefault("cure", cure)
            elif covenant.grace_days is None and FAILURE.search(text) and give_grace(covenant, _part(clause, text, covenant)):
                covenant.remarks.append(f"days to cure from clause {clause.number}")
                covenant.grace_place = clause.blocks[0]
            if TESTED.search(text) and cure is None:
                _tested(covenant, clause, text, vocabulary)


def share_periods(found: Sequence[Covenant], vocabulary: Vocabulary) -> None:
    """Tests of one article on the same defined period are made on the same dates: one clause says when the Test Period ends, the next
    only "for every Test Period"."""
    for covenant in found:
        period = PERIOD.search(covenant.text)
        if covenant.type != "maintenance" or covenant.test_frequency is not None or period is None:
            continue
        for other in found:
            ends = re.search(rf"{period['p']}s?\s+(?:ending|ended)\b[^.;]*", other.text) if other is not covenant else None
            frequency = first_of(vocabulary.frequencies, ends.group()) if ends else None
            if frequency is not None and other.clause.parent is covenant.clause.parent:
                covenant.test_frequency = frequency
                if NO_FREQUENCY in covenant.remarks:
                    covenant.remarks[covenant.remarks.index(NO_FREQUENCY)] = f"test dates from clause {other.clause.number}"
                break


def _part(clause: Clause, text: str, covenant: Covenant) -> str:
    """The point of a list of defaults that speaks of the test, so that another point's days are not taken for it."""
    points = re.split(
        r"[;；]|(?=[（(](?:[a-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,2}|\d)[）)]\s)|(?=[（(][一二三四五六七八九十]{1,2}[）)])",
        text,
    )
    if len(points) < 3:
        return text
    return "; ".join(point for point in points if _rules(clause, point, covenant)) or text


def _rules(clause: Clause, text: str, covenant: Covenant) -> bool:
    """Whether `clause` speaks of `covenant`: by the number it names, else as "the financial covenants" of the same article."""
    numbers = [*(m["n"] for m in NAMED.finditer(text)), *(m["n"] for m in NAMED_ZH.finditer(text))]
    own = [node.number for node in covenant.clause.lineage() if node.number]
    if any(_same(number, mine) for number in numbers for mine in own):
        return True
    ranges = [*((m["n"], m["to"]) for m in NAMED.finditer(text) if m["to"]), *((m["n"], m["to"]) for m in RANGE.finditer(text))]
    if any(_between(first, last, mine) for first, last in ranges for mine in own):
        return True
    beside = clause.parent in covenant.clause.lineage()
    if not beside or len(text) > 160 or comparisons(text) or not TEST_RULE.search(text):
        return beside and bool(ANY_TEST.search(text))
    term = TERM.match(OWN_MARK.sub("", text))
    return term is None or (term["q"] or term["t"]).lower() in covenant.text.lower()


def _same(number: str, own: str) -> bool:
    return number == own or own in (f"第{number}条", f"{number}.")


def _between(first: str, last: str, own: str) -> bool:
    """Whether `own` lies in "clauses 12.1 to 12.7"."""
    if not re.fullmatch(r"\d{1,2}(?:\.\d{1,3})+", own):
        return False
    low, high, mine = ([int(part) for part in number.split(".")] for number in (first, last, own))
    return low <= mine <= high


def _tested(covenant: Covenant, clause: Clause, text: str, vocabulary: Vocabulary) -> None:
    weak = covenant.test_frequency == "at_any_time" and not STEADY.search(covenant.text)
    if covenant.test_frequency is None or weak:
        covenant.test_frequency = first_of(vocabulary.frequencies, text) or covenant.test_frequency
        if covenant.test_frequency is not None and NO_FREQUENCY in covenant.remarks:
            covenant.remarks[covenant.remarks.index(NO_FREQUENCY)] = f"test dates from clause {clause.number}"
            covenant.confidence += Decimal("0.10")
    scope = first_of(vocabulary.scopes, text)
    if scope == "parent":
        covenant.scope = scope


def equity_cure(text: str) -> dict[str, object] | None:
    """The owners' right to cure a failed test with money: days, what it counts as, how often; None when `text` gives none."""
    if not EQUITY_CURE.search(text) or not CURES.search(text):
        return None
    days = DAYS.search(text)
    times = TIMES.search(text)
    return {
        "kind": "equity",
        "days": _count(days["n"]) if days else None,
        "day_unit": ("business_day" if re.match(r"business|工作|营业", days["u"], re.I) else "day") if days else None,
        "counts_as": next((name for name, pattern in COUNTED if pattern.search(text)), None),
        "not_consecutive": bool(CONSECUTIVE.search(text)),
        "most": _count(times["n"]) if times else None,
    }


def _count(raw: str) -> int | None:
    return count_of(raw)


ADDED = re.compile(
    r"\b(?:plus|add(?:ing|ed)? back|increased by|before (?:deducting|taking into account)|adding)\b|加回|加上|再加|并加|加[：:]",
    re.I,
)
TAKEN = re.compile(r"\b(?:less|minus|deducting|excluding)\b|扣除|减去", re.I)
ITEM = re.compile(r"(?<![\w.])[（(](?:[a-z]{1,2}|[ivx]{1,4}|\d{1,2}|[一二三四五六七八九十]{1,2})[）)]\s*|[①②③④⑤⑥⑦⑧⑨]\s*", re.I)
CAP = re.compile(
    r"not (?:to )?exceed(?:ing)?|up to|capped at|limited to|maximum of|in (?:an )?aggregate (?:amount )?(?:not )?|不(?:得)?超过|上限(?:为)?|以.{1,20}为限|累计不超过",
    re.I,
)
UNTIL = re.compile(
    r"\b(?:until|on or (?:before|prior to)|(?:before|prior to)|ending on|expir)|截至|截止|之前|以前|[日月年]前|止", re.I
)
BEFORE = re.compile(r"before (?:giving effect|such|any|the) |prior to (?:giving effect|such)|加回前|调整前", re.I)
AFTER = re.compile(r"after giving effect|加回后|调整后", re.I)


def add_backs(definition: str) -> list[dict[str, object]]:
    """What a definition of EBITDA adds back, one by one, each with its cap: a share of EBITDA (before or after) or an amount."""
    start = ADDED.search(definition)
    if start is None:
        return []
    tail = definition[start.end() :]
    marks = list(ITEM.finditer(tail))
    pieces = [tail[m.end() : n.start()] for m, n in itertools.pairwise(marks)] + ([tail[marks[-1].end() :]] if marks else [])
    if not pieces:
        pieces = re.split(r"[;；]|，(?=以及|及)|、", tail)
    out: list[dict[str, object]] = []
    for piece in pieces:
        text = re.sub(r"[\s,，;；.。]*(?:\b(?:and|or)\b|以及|及|和)?[\s,，;；.。]*$", "", piece.strip())
        if len(text) < 3 or TAKEN.match(text):
            continue
        entry: dict[str, object] = {"text": text[:300], "cap": _cap(text)}
        until = [hit.day for hit in dates(text)] if UNTIL.search(text) else []
        if until:
            entry["until"] = max(until).isoformat()
        out.append(entry)
    return out[:20]


def _cap(text: str) -> dict[str, object] | None:
    found = CAP.search(text)
    if found is None:
        return None
    for quantity in quantities(text[found.start() :]):
        if quantity.unit == "ratio":
            basis = "after" if AFTER.search(text) else "before" if BEFORE.search(text) else None
            return {"share_of": "ebitda", "limit": format(quantity.value.normalize(), "f"), "basis": basis}
        if quantity.unit == "money" and quantity.value >= 1000:
            return {"amount": format(quantity.value.normalize(), "f"), "currency": quantity.currency}
    return None


def give_add_backs(found: Sequence[Covenant], definitions: dict[str, str]) -> None:
    """Tests on EBITDA carry what the contract's own definition of it adds back."""
    named = next((text for term, text in definitions.items() if "ebitda" in term or "息税折旧摊销前利润" in term), "")
    listed = add_backs(named)
    for covenant in found:
        if covenant.metric and "ebitda" in covenant.metric and named:
            covenant.extra["add_backs"] = listed
            covenant.extra["ebitda_definition"] = named[:1500]
