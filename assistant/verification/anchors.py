"""Marks hold: the number right before a mark must be the value the mark points to, and a row cited must be of the borrower spoken of.

Without this a right number of the same borrower could stand in for another one, with the other one's source beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.verification.dates import DateMention
from assistant.verification.evidence import Claim, Evidence
from assistant.verification.mentions import Mention, Mentions
from assistant.verification.quantities import Quantity
from assistant.verification.structure import date_words

Anchors = Sequence[tuple[int, tuple[str, ...]]]
"""Place in the text, and the ids marked there."""
_PAGE = re.compile(r"第\s*(?P<a>\d{1,4})\s*页|\b(?:page|p\.)\s*(?P<b>\d{1,4})\b", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*·]|\d{1,3}[.、)])\s")
_GAP = re.compile(r"\s*[)）]?\s*$")
_PAIR = re.compile(r"\s*[(（]\s*(?:[A-Z]{3}|[¥$€£]|人民币)?\s*[-−]?\s*$")


def bound(text: str, numbers: Sequence[Quantity], anchors: Anchors, evidence: Evidence) -> Mapping[int, list[Claim]]:
    """Start of a number → the claims its mark allows. A mark of words only (a passage, a state) binds no number."""
    found: dict[int, list[Claim]] = {}
    for place, ids in anchors:
        claims = [claim for id in ids for claim in _claims(evidence, id)]
        before = [n for n in numbers if n.end <= place]
        if not claims or not before or not _GAP.match(text[before[-1].end : place]):
            continue
        found[before[-1].start] = claims
        if len(before) > 1 and _PAIR.match(text[before[-2].end : before[-1].start]):
            found[before[-2].start] = claims
    for n, claims in _of_items(text, numbers, anchors, evidence):
        found.setdefault(n.start, claims)
    return found


def _of_items(
    text: str, numbers: Sequence[Quantity], anchors: Anchors, evidence: Evidence
) -> Iterator[tuple[Quantity, list[Claim]]]:
    """An item of a list that ends in the mark of one row tells that row: its amounts are the row's."""
    for place, ids in anchors:
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        alone = sum(start <= other <= (end if end >= 0 else len(text)) for other, _ in anchors) == 1
        if not alone or len(ids) != 1 or not _ITEM.match(text, start) or not re.match(r"[a-z_]+:", ids[0]):
            continue
        cells = [claim for claim in evidence.sourced(ids[0]) if claim.row == ids[0]]
        for number in numbers if cells else ():
            if start <= number.start < place and number.unit == "money":
                yield number, evidence.sourced(ids[0])


def _claims(evidence: Evidence, id: str) -> list[Claim]:
    table, _, row = id.partition(":")
    own = evidence.sourced(id)
    if id in evidence.owners:
        return own
    return own or (evidence.sourced(row) if table.isidentifier() else [])


def rows_of_line(text: str, line_start: int, anchors: Anchors) -> frozenset[str]:
    """The rows marked in the line that starts here."""
    end = text.find("\n", line_start)
    end = len(text) if end < 0 else end
    return frozenset(id for place, ids in anchors if line_start <= place <= end for id in ids if re.match(r"[a-z_]+:", id))


def named_rows(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Anchors:
    """Items of a list without a mark that name rows by their identifier or file name, as if these were marked at their end."""
    found: list[tuple[int, tuple[str, ...]]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if _ITEM.match(line) and not any(start <= place <= end for place, _ in anchors):
            spoken = [m for m in mentions.identifiers if start <= m.start < end]
            keys = {row for m in spoken for key in m.keys for row in evidence.named_rows.get(key, ())}
            if keys:
                found.append((end, tuple(sorted(keys))))
        start = end + 1
    return found


def of_others(claim: Claim, rows: frozenset[str]) -> bool:
    """A claim is of other rows of the same tables than these, or made from such alone."""
    tables = {row.partition(":")[0] for row in rows}
    own = {key for key in ((claim.row,) if claim.row else claim.inputs) if key.partition(":")[0] in tables}
    return bool(own) and not own & rows


def strange_rows(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Borrowers in whose name a row of somebody else is cited. A name that stands in the row itself says nothing about whose it is."""
    told: set[int] = set()
    for place, ids in anchors:
        for id in ids:
            owner = evidence.owners.get(id)
            if owner is None:
                yield from _strange_subject(text, place, id, mentions, evidence, told)
                continue
            line = max(text.rfind(mark, 0, place) for mark in ("\n", ";", "；")) + 1
            if id.startswith(("alert:", "signal:")):
                first = next((m for m in mentions.borrowers if line <= m.start < place and not _told(m, mentions)), None)
                if first is not None and owner not in first.keys and first.start not in told:
                    told.add(first.start)
                    yield first.start, first.end, "the alert cited belongs to another borrower"
                continue
            cells = [words for key, words in evidence.texts.items() if key == id or key.startswith(f"{id}:")]
            if any(
                owner in m.keys and not _of_cell(text, m, cells)
                for m in mentions.borrowers
                if line <= m.start < place and not mentions.in_a_name(m)
            ):
                continue
            named = _named(text, place, id, mentions, evidence)
            keys = frozenset(key for mention in named for key in mention.keys)
            if keys and owner not in keys and owner in evidence.borrowers and named[-1].start not in told:
                told.add(named[-1].start)
                yield named[-1].start, named[-1].end, "the source cited belongs to another borrower"


def strange_marks(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Names with a mark right behind them that is another borrower's figure."""
    for place, ids in anchors:
        owners = {evidence.figured[id] for id in ids if id in evidence.figured}
        beside = next((m for m in (*mentions.borrowers, *mentions.others) if m.end == place), None)
        if owners and beside is not None and not owners & beside.keys:
            yield beside.start, beside.end, "the figure cited belongs to another borrower"


def _strange_subject(
    text: str, place: int, id: str, mentions: Mentions, evidence: Evidence, told: set[int]
) -> Iterator[tuple[int, int, str]]:
    """A value of one borrower told of a company that the tools only came across: in a line that names nobody else."""
    claims = [claim for claim in evidence.sourced(id) if claim.borrower]
    owners = {claim.borrower for claim in claims}
    line = max(text.rfind(mark, 0, place) for mark in ("\n", ";", "；")) + 1
    inside = [m for m in mentions.others if line <= m.start < place and not mentions.in_a_name(m) and m.start not in told]
    if not inside or any(line <= m.start < place and owners & m.keys for m in mentions.borrowers):
        return
    words = [claim.about for claim in claims]
    words += [said for claim in claims for key in claim.inputs for name, said in evidence.texts.items() if name.startswith(key)]
    if claims and not owners & inside[-1].keys and not any(text[inside[-1].start : inside[-1].end] in said for said in words):
        told.add(inside[-1].start)
        yield inside[-1].start, inside[-1].end, "the source cited belongs to another borrower"


PARTIES = ("name", "party", "related_name", "counterparty_name")
"""Cells of a row that say whom it is about beside its owner."""


def strange_parties(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """An item that opens with a company and ends in the mark of a row about another one."""
    for place, ids in anchors:
        start = text.rfind("\n", 0, place) + 1
        opening = _ITEM.match(text, start)
        first = next(
            (
                m
                for m in sorted((*mentions.borrowers, *mentions.others), key=lambda m: m.start)
                if opening and m.start == opening.end()
            ),
            None,
        )
        if first is None or first.end > place:
            continue
        for id in ids:
            parties = [evidence.texts[key] for column in PARTIES if (key := f"{id}:{column}") in evidence.texts]
            named = {name for key in first.keys for name in evidence.borrowers.get(key, ())} | {text[first.start : first.end]}
            owner = evidence.owners.get(id)
            if (
                parties
                and owner not in first.keys - _debtors(id, evidence)
                and not any(p in text[start:place] or p.strip() in named for p in parties)
            ):
                yield first.start, first.end, "the row cited is about somebody else"


def _of_cell(text: str, mention: Mention, cells: Sequence[str]) -> bool:
    """The name stands in the row's own words."""
    said = text[mention.start : mention.end]
    for cell in cells:
        at = cell.find(said)
        if at >= 0 and len(cell) > len(said) and text.startswith(cell, max(0, mention.start - at)):
            return True
    return False


_LABEL = re.compile(r"\s*(?:[-*·]|\d{1,3}[.、)])\s[^\d:：]{1,24}[:：]\s?")


def strange_partners(text: str, anchors: Anchors, mentions: Mentions, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """A company alone between a label and the mark of a row that says whom it is about: it is that one."""
    named = sorted((*mentions.borrowers, *mentions.others), key=lambda m: m.start)
    for place, ids in anchors:
        label = _LABEL.match(text, text.rfind("\n", 0, place) + 1)
        alone = next((m for m in named if label and m.start == label.end() and m.end == place), None)
        parties = [evidence.texts[key] for id in ids for column in PARTIES if (key := f"{id}:{column}") in evidence.texts]
        said = {name for key in alone.keys for name in evidence.borrowers.get(key, ())} if alone else set()
        abouts = {evidence.about_of[id] for id in ids if evidence.about_of.get(id) in evidence.borrowers} if alone else set()
        if alone and abouts and not abouts & alone.keys and all(id in evidence.about_of for id in ids):
            yield alone.start, alone.end, "the value cited is about somebody else"
        if alone and parties and not any(p.strip() in (*said, text[alone.start : alone.end]) for p in parties):
            yield alone.start, alone.end, "the row cited is about somebody else"


def _debtors(id: str, evidence: Evidence) -> frozenset[str]:
    """Whose loans a guarantor's row stands behind: he is not the one it is about."""
    return frozenset({evidence.owners[id]} if id.startswith("guarantors:") and id in evidence.owners else ())


def strange_labels(
    text: str, dates: Sequence[DateMention], anchors: Anchors, evidence: Evidence
) -> Iterator[tuple[int, int, str]]:
    """Days that a word right before them names ("due on", "期末"), which are not the cited row's day of that name."""
    pattern, names = date_words()
    for mention in dates:
        head = text[max(0, mention.start - 30) : mention.start]
        said = [
            m for m in pattern.finditer(head) if len(head) - m.end() <= 2 and not re.search(r"[,，;；.。]", head[m.end() :])
        ]
        if mention.grain != "day" or not said:
            continue
        rows = {row.partition(":")[2] for row in rows_of_line(text, text.rfind("\n", 0, mention.start) + 1, anchors)}
        own = {day for about, day in evidence.named_dates.get(names[said[-1].group().lower()], ()) if about in rows}
        if own and mention.first not in own:
            yield mention.start, mention.end, "the row cited names another day"


def strange_days(
    text: str, dates: Sequence[DateMention], anchors: Anchors, evidence: Evidence
) -> Iterator[tuple[int, int, str]]:
    """Days beside a row's mark that are another row's of the same table."""
    for mention in dates:
        if mention.grain != "day":
            continue
        rows = rows_of_line(text, text.rfind("\n", 0, mention.start) + 1, anchors)
        known = [evidence.row_dates[row] for row in rows if evidence.row_dates.get(row)]
        if not known or any(mention.first in days for days in known):
            continue
        tables = {row.partition(":")[0] for row in rows}
        opens = not text[text.rfind("\n", 0, mention.start) + 1 : mention.start].strip(" -*·")
        others = opens or any(
            mention.first in days
            for row, days in evidence.row_dates.items()
            if row not in rows and row.partition(":")[0] in tables
        )
        alone = (
            sum(1 for d in dates if d.grain == "day" and text.rfind("\n", 0, d.start) == text.rfind("\n", 0, mention.start))
            == 1
        )
        if others and (alone or mention.first not in evidence.value_dates):
            yield mention.start, mention.end, "this is the day of another row"


def _told(mention: Mention, mentions: Mentions) -> bool:
    return any(start <= mention.start < end for start, end, _ in mentions.verbatim)


def strange_tellings(text: str, mentions: Mentions) -> Iterator[tuple[int, int, str]]:
    """Explanations told of one borrower under another one's name."""
    for start, end, owner in mentions.verbatim:
        outside = [m for m in mentions.borrowers if not (start <= m.start < end)]
        line = text.rfind("\n", 0, start) + 1
        inside = [m for m in outside if line <= m.start < start]
        above = [m for m in outside if m.end <= line]
        governing = inside or above[-1:]
        if owner and governing and not any(owner in m.keys for m in governing):
            yield governing[-1].start, governing[-1].end, "what is told here belongs to another borrower"


def strange_papers(text: str, anchors: Anchors, evidence: Evidence) -> Iterator[tuple[int, int, str]]:
    """Documents named in a line whose mark points to another document."""
    names = sorted({name for name in evidence.papers.values() if name in text}, key=len, reverse=True)
    if not names:
        return
    pattern = re.compile("|".join(map(re.escape, names)))
    last = 0
    for place, ids in anchors:
        cited = {evidence.papers[id] for id in ids if id in evidence.papers}
        start = max(last, text.rfind("\n", 0, place) + 1)
        last = place
        if not cited or len(cited) < len(ids):
            continue
        pages = {evidence.page_of[id] for id in ids if id in evidence.page_of}
        for match in _PAGE.finditer(text, start, place) if pages else ():
            if int(match["a"] or match["b"]) not in pages:
                yield match.start(), match.end(), "the mark points to another page"
        for match in pattern.finditer(text, start, place):
            if match.group() not in cited:
                yield match.start(), match.end(), "the mark points to another document"


def _named(text: str, place: int, id: str, mentions: Mentions, evidence: Evidence) -> list[Mention]:
    """The names that govern a mark: those of its line, else the nearest above, leaving out names that are the row's own words."""
    cells = [words for key, words in evidence.texts.items() if key == id or key.startswith(f"{id}:")]
    spoken = [m for m in (*mentions.borrowers, *mentions.others) if not mentions.in_a_name(m)]
    speaking = [m for m in spoken if not any(text[m.start : m.end] in cell for cell in cells)]
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
    end = len(text) if end < 0 else end
    inside = [m for m in speaking if start <= m.start < end]
    if inside:
        return inside
    above = [
        m
        for m in sorted((*mentions.borrowers, *mentions.others), key=lambda m: m.start)
        if m.end <= start and not _ITEM.match(text, text.rfind("\n", 0, m.start) + 1)
    ]
    if not above:
        return []
    head = text.rfind("\n", 0, above[-1].start) + 1
    return [m for m in above if m.start >= head]
