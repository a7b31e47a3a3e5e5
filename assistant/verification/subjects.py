"""Whose and what a line is about when no mark says so: owners of identifiers, parties of amounts, the metric a heading named.

A list leaves out what its heading said; the words of the heading govern its items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mention, Mentions

ITEM = re.compile(r"\s*(?:[-*·]|\d{1,3}[.、)])\s*")
_PARTS = re.compile(r"[\n;；]")


def heading(text: str, start: int) -> tuple[int, int] | None:
    """The line that a list item's list stands under; None for a line that is no item."""
    line = text.rfind("\n", 0, start) + 1
    if not ITEM.match(text, line):
        return None
    while line > 0:
        end = line - 1
        line = text.rfind("\n", 0, end) + 1
        if not ITEM.match(text, line) and text[line:end].strip():
            return line, end
    return None


def said_above(text: str, start: int, mentions: Mentions) -> frozenset[str]:
    """What the heading of the list says its items are of."""
    head = heading(text, start)
    return frozenset(key for m in mentions.metrics if head and head[0] <= m.start < head[1] for key in m.keys)


def named_above(text: str, start: int, mentions: Mentions) -> frozenset[str]:
    """Whom the heading of the list names: an item says it of them, whoever the item before it was about."""
    head = heading(text, start)
    return frozenset(key for m in mentions.borrowers if head and head[0] <= m.start < head[1] for key in m.keys)


def strange_owners(text: str, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Borrowers named in a line (or in the heading above it) beside an identifier that is known to be somebody else's."""
    told: set[int] = set()
    names = [m for m in mentions.borrowers if not mentions.in_a_name(m) and not _inside(m, mentions)]
    for mention in mentions.identifiers:
        owners = {owner for key in mention.keys for owner in evidence.keyed.get(key, ())}
        if not owners or any(key in evidence.borrowers for key in mention.keys) or _inside(mention, mentions):
            continue
        start = max([0, *(m.end() for m in _PARTS.finditer(text, 0, mention.start))])
        stop = _PARTS.search(text, mention.end)
        end = stop.start() if stop else len(text)
        beside = [m for m in mentions.borrowers if start <= m.start < end]
        governing = [m for m in names if start <= m.start < end]
        if not beside:
            head = heading(text, mention.start)
            governing = [m for m in names if head and head[0] <= m.start < head[1]]
            beside = governing
        first = min(governing, key=lambda m: m.start, default=None)
        opens = ITEM.match(text, text.rfind("\n", 0, mention.start) + 1)
        if (
            first is not None
            and mention.keys & evidence.filed
            and opens
            and first.start == opens.end()
            and not owners & first.keys
        ):
            beside = governing = [first]
        if governing and not any(owners & m.keys for m in beside) and governing[-1].start not in told:
            told.add(governing[-1].start)
            yield governing[-1].start, governing[-1].end, f"{text[mention.start : mention.end]} belongs to another borrower"


def strange_subjects(text: str, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Headings about a company that the tools only came across, or of whose own affairs they found nothing."""
    owned = evidence.subjects()
    if not owned:
        return
    for match in _HEADING.finditer(text):
        inside = [m for m in (*mentions.borrowers, *mentions.others) if match.start() <= m.start < match.end()]
        named = [m for m in inside if not mentions.in_a_name(m) and not _inside(m, mentions)]
        if named and len(named) == len(inside) and not any(m.keys & owned for m in named):
            yield named[0].start, named[0].end, "nothing found is about this company"


def subject_of(text: str, line_start: int, end: int, mentions: Mentions) -> frozenset[str]:
    """The company that a line of running text is about when it is one the tools only came across; nobody else may be named in it."""
    if ITEM.match(text, line_start) or text.startswith("|", line_start):
        return frozenset()
    if any(line_start <= m.start < end for m in mentions.borrowers):
        return frozenset()
    inside = [m for m in mentions.others if line_start <= m.start < end and not mentions.in_a_name(m)]
    return inside[0].keys if inside else frozenset()


_HEADING = re.compile(r"^(?![ \t]*(?:[-*·|]|\d{1,3}[.、)]))[^\n]*[:：](?=[ \t]*(?:\[[\d,， ]+\])*[ \t]*$)", re.MULTILINE)


def _inside(mention: Mention, mentions: Mentions) -> bool:
    spans = [(s, e) for s, e, _ in (*mentions.verbatim, *mentions.quotes)]
    return any(s <= mention.start < e for s, e in spans)


def case_of(line_start: int, position: int, mentions: Mentions, evidence: Evidence) -> frozenset[str]:
    """The supposed case ("revenue down 10%") that the line tells of."""
    named = [m for m in mentions.metrics if line_start <= m.start < position and m.keys & evidence.cases]
    return named[-1].keys if named else frozenset()


_SURETY = re.compile(r"(?:为|\bfor|\bguarantees)\s*$", re.IGNORECASE)
_GUARANTEE = re.compile(r"对外(?:提供的)?担保|guarantees? (?:given|by)", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:为|guarantees\b)", re.IGNORECASE)
SURETIES = frozenset({"guarantee_given", "guaranteed"})


def sides(text: str, line_start: int, position: int, mentions: Mentions) -> tuple[frozenset[str], frozenset[str]]:
    """Who stands surety and for whom, as the words before an amount say; empty where they do not."""
    named = [m for m in (*mentions.borrowers, *mentions.others) if line_start <= m.start < position]
    debtors = [m for m in named if _SURETY.search(text[line_start : m.start])]
    sureties = [m for m in named if _BY.match(text[m.end : position])]
    if not sureties and (head := heading(text, line_start)) and _GUARANTEE.search(text, *head):
        sureties = [m for m in mentions.borrowers if head[0] <= m.start < head[1]]
    return (sureties[-1].keys if sureties else frozenset(), debtors[-1].keys if debtors else frozenset())


def stands(claim: Claim, surety: frozenset[str], debtor: frozenset[str]) -> bool:
    """Whether a guarantee is one by and for these."""
    if claim.metric not in SURETIES and not claim.row.startswith("guarantors:"):
        return True
    if claim.row:
        return (not surety or not claim.party or claim.party in surety) and (not debtor or claim.borrower in debtor)
    given = claim.metric == "guarantee_given"
    by, whom = (claim.borrower, claim.about) if given else (claim.about, claim.borrower)
    return (not surety or by in surety) and (not debtor or whom in debtor)


_AFTER = re.compile(r"\s*[::]\s*(?:[A-Z]{3} ?|[¥$€£])?[-−]?$")


def parties(text: str, low: int, place: int, evidence: Evidence) -> frozenset[str]:
    """The claims about the company named right before the number at `place`, behind `low`, and the company itself when it borrows."""
    if not evidence.parties:
        return frozenset()
    head = text[low:place]
    opened = _AFTER.search(head)
    if not opened:
        return frozenset()
    named = [name for name in evidence.parties if head.endswith(name, 0, opened.start())]
    if not named:
        return frozenset()
    name = max(named, key=len)
    return evidence.parties[name] | {key for key, names in evidence.borrowers.items() if name in names}


def item_day(text: str, line_start: int, position: int, dates: Sequence[DateMention]) -> DateMention | None:
    """The day a list item opens with."""
    opening = ITEM.match(text, line_start)
    if not opening:
        return None
    return next((d for d in dates if d.start == opening.end() and d.grain == "day" and d.end <= position), None)


def own_date(text: str, start: int, end: int, dates: Sequence[DateMention]) -> DateMention | None:
    """The date that stands right at a number: "2025年的1,160万元", "CNY 11.6 million in FY2025"."""
    for day in dates:
        if day.end <= start and _THEN.fullmatch(text[day.end : start]):
            return day
        if end <= day.start and _WHEN.fullmatch(text[end : day.start]):
            return day
    return None


OF_A_DAY = frozenset(
    {
        "payment",
        "payment_loan_part",
        "paid_principal",
        "paid_interest",
        "change_share",
        "next_due_principal",
        "next_due_interest",
    }
)
"""Values that are of one day; an item that opens with a day tells of those of that day."""
_THEN = re.compile(r"\s*的\s*(?:[A-Z]{3} ?|[¥$€£]|人民币)?[-−]?")
_WHEN = re.compile(r"(?:\[\d+\])*(?:\s*[(（][A-Z]{0,3} ?-?[\d,.]+\s?[^\W\d]{0,3}[)）](?:\[\d+\])*)?\s*(?:in|for|[(（])\s*")


def of_day(claim: Claim, day: DateMention, evidence: Evidence) -> bool:
    """Whether a row's cell may stand in an item that opens with this day."""
    if not claim.row:
        told = claim.metric in OF_A_DAY and claim.when and claim.when not in evidence.stands
        return not told or any(day.covers(one) for one in (claim.when, claim.since) if one)
    known = evidence.row_dates.get(claim.row, ())
    return not known or any(day.covers(one) for one in known)
