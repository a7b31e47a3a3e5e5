"""Finding borrowers by what people call them, and saying who one is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tools.domain.names import Borrower
from tools.errors import BadRequest
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.linking import Mention
from tools.toolbox.patches import said_in

LONGEST_QUESTION = 4000
MOST_SHOWN = 12
NUMBERED = (("loan", "loans", "id"), ("facility", "loans", "facility_id"), ("collateral", "collateral", "id"))
"""What has a number people ask by, and where it stands in the book."""
PARTIES = (("guarantors", "name"), ("relations", "related_name"), ("mitigants", "provider"))
"""Where those are named who are no borrowers themselves."""
PERSON = (4, 3, 2)
"""Characters of a person's name."""
MOST_NAMES = 400
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_CAPITALS = re.compile(r"[A-Z][A-Za-z-]*(?: [A-Z][A-Za-z-]*){1,5}")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_.,-])[A-Za-z0-9](?:[A-Za-z0-9_/-]*[A-Za-z0-9])?(?![A-Za-z0-9_-])", re.ASCII)
_NO_NUMBER = re.compile(r"\d{1,5}|(?:19|20)\d\d-\d{1,2}(?:-\d{1,2})?|(?:19|20)\d\d/\d{1,2}/\d{1,2}|.{1,2}|(?:FY)?(?:19|20)?\d\d[QHM]\d|[QHM]\d(?:19|20)?\d\d|FY\d+|\d+[A-Za-z]{1,3}",
                        re.ASCII | re.IGNORECASE)  # fmt: skip
"""Years, days, amounts: never looked for in the book."""


def link(desk: Desk, text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Mention]:
    """Who is named in `text`, among those the caller may see."""
    if len(text) > LONGEST_QUESTION:
        raise BadRequest(f"the text has {len(text)} characters", fix=f"Ask in at most {LONGEST_QUESTION}")
    return desk.index().mentions(text, taken)


def find_borrower(desk: Desk, text: str) -> ToolResult:
    """The tool: borrowers a name or a whole question mentions. Each mention is a value: `about` the borrower, `state` how it was
    recognised (id, name, part, spelling, sound, initials), `inputs` the words of the text and where they stand. A loan, facility or
    collateral named by its number is a value of that name, `borrower` whose it is. A place, branch or officer is a value `patch`: `state` is what
    other tools take as `within`, `inputs` go on with its borrowers."""
    mentions = link(desk, text)
    found: dict[str, Borrower] = {}
    values = []
    lines = []
    for mention in mentions:
        for candidate in mention.candidates[:MOST_SHOWN]:
            borrower = candidate.borrower
            found[borrower.id] = borrower
            values.append(
                Value(f"mention:{mention.start}:{borrower.id}", "mention", borrower.id, "state", about=borrower.id, state=candidate.how,
                      inputs=(mention.text, str(mention.start), str(mention.end)))
            )  # fmt: skip
        names = "; ".join(f"{c.borrower.id} {c.borrower.name}" for c in mention.candidates[:MOST_SHOWN])
        lines.append(f"{mention.text!r} -> {names}" + (f" (by {mention.candidates[0].how})" if mention.candidates else ""))
    for value in _numbered(desk, text, [(m.start, m.end) for m in mentions]):
        if value.borrower is not None and (owner := desk.store.borrowers.get(desk.caller, value.borrower)) is not None:
            found.setdefault(owner.id, owner)
            values.append(value)
            lines.append(f"{value.about} -> {value.name} of {owner.id} {owner.name}")
    sure = any(m.candidates and m.candidates[0].how in ("id", "name") for m in mentions)
    for value in [] if sure else _parties(desk, text):
        if value.borrower is not None and (owner := desk.store.borrowers.get(desk.caller, value.borrower)) is not None:
            found.setdefault(owner.id, owner)
            values.append(value)
            lines.append(f"{value.about} -> {value.state} of {owner.id} {owner.name}")
    everyone = desk.index().borrowers
    for said in said_in(
        text, desk.index().patches, [(m.start, m.end) for m in mentions if m.candidates[0].how in ("id", "name")]
    ):
        values.append(
            Value(f"patch:{said.start}:{said.patch.reference}", "patch", None, "state", about=said.patch.name, state=said.patch.reference,
                  inputs=(text[said.start : said.end], str(said.start), str(said.end), *said.patch.ids[:MOST_SHOWN]))
        )  # fmt: skip
        lines.append(
            f"{text[said.start : said.end]!r} -> {said.patch.reference} ({said.patch.name}): {', '.join(said.patch.ids[:MOST_SHOWN])}"
        )
    if not mentions and len(everyone) == 1:
        found[everyone[0].id] = everyone[0]
        values.append(Value(f"only:{everyone[0].id}", "only", everyone[0].id, "state", about=everyone[0].id, state="only"))
        lines.append(f"Nobody is named; the only borrower is {everyone[0].id} {everyone[0].name}")
    refs = tuple(desk.ref(borrower) for borrower in found.values())
    artifact = Artifact("find_borrower", {"text": text}, refs, values=tuple(values))
    return ToolResult("\n".join(lines) or "No borrower of that name.", artifact)


def _parties(desk: Desk, text: str) -> Iterator[Value]:
    """People and firms the text names who stand behind, own, run or trade with a borrower the caller may see."""
    said: dict[str, tuple[int, int]] = {}
    for run in _HAN.finditer(text):
        for length in PERSON:
            for place in range(run.start(), run.end() - length + 1):
                said.setdefault(text[place : place + length], (place, place + length))
    for match in _CAPITALS.finditer(text):
        words = [(w.start(), w.end()) for w in re.finditer(r"[A-Z][A-Za-z-]*", match.group())]
        for i, (first, _) in enumerate(words):
            for _, last in words[i + 1 : i + 4]:
                said.setdefault(match.group()[first:last], (match.start() + first, match.start() + last))
    if not said or len(said) > MOST_NAMES:
        return
    for table, column in PARTIES:
        rows = desk.loan_book.rows(desk.caller, table, desk.clocks, where={column: sorted(said)})
        for owner, name in dict.fromkeys((str(row["_borrower"]), str(row[column])) for row in rows):
            start, end = said[name]
            yield Value(f"party:{table}:{start}:{owner}", "party", owner, "state", about=name, state=table,
                        inputs=(name, str(start), str(end)))  # fmt: skip


def _numbered(desk: Desk, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Value]:
    """Loans, facilities and pieces of collateral the text names by their number, among those the caller may see."""
    said = [m for m in _NUMBER.finditer(text) if re.search(r"\d", m.group()) and not _NO_NUMBER.fullmatch(m.group())]
    said = [m for m in said if not any(m.start() < b and a < m.end() for a, b in taken)][:MOST_SHOWN]
    for name, table, column in NUMBERED if said else ():
        wanted = sorted({form for m in said for form in (m.group(), m.group().upper())})
        rows = desk.loan_book.rows(desk.caller, table, desk.clocks, where={column: wanted})
        owners = {str(row[column]).upper(): (str(row[column]), str(row["_borrower"])) for row in rows}
        for match in said:
            if match.group().upper() in owners:
                id, owner = owners[match.group().upper()]
                yield Value(f"{name}:{match.start()}:{id}", name, owner, "state", about=id, state=name,
                            inputs=(match.group(), str(match.start()), str(match.end())))  # fmt: skip


def list_borrowers(desk: Desk, limit: int = 50, ids: Sequence[str] = ()) -> ToolResult:
    """The tool: the caller's borrowers (or those of `ids` he may see), by id, and how many there are."""
    known = desk.index().borrowers
    if ids:
        by_id = {borrower.id: borrower for borrower in known}
        known = tuple(by_id[id] for id in ids if id in by_id)
    refs = tuple(desk.ref(borrower) for borrower in known[:limit])
    count = count_of("borrowers", len(known))
    lines = [f"{len(known)} borrowers" + (f", the first {limit}:" if len(known) > limit else ":")]
    lines += [f"{b.id} {b.name}" + (f" ({b.name_en})" if b.name_en else "") for b in known[:limit]]
    return ToolResult("\n".join(lines), Artifact("list_borrowers", {"limit": limit, "ids": list(ids)}, refs, values=(count,)))
