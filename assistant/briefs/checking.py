"""The gate over a brief: every line, cell and chart is held against what the tools found, and what fails does not leave.

A line or table row that fails is taken out, and the section says that something was; the record keeps what it was and why. A brief
from which the verdict had to go is not written at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.briefs.model import Block, Brief, Line, Section, Table, TableRow
from assistant.briefs.own_words import Own, strange_in
from assistant.briefs.sources import Anchor, Numbering, numbered
from assistant.strangers import unknown_companies
from assistant.verification.evidence import Evidence, Names
from assistant.verification.gate import Unsupported, verify
from assistant.verification.gathering import gather
from prompts.library import phrase_book
from tools.errors import LoanwardError
from tools.toolbox.artifacts import Artifact

MOST_ROUNDS = 3
Place = tuple[str, int, int]
"""Section, block, row (-1 for the block itself)."""


class UnprovenBrief(LoanwardError):
    """The verdict of a brief could not be proven."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one section, where in it each place begins and ends, and where marks stood."""

    text: str
    spans: tuple[tuple[Place, int, int], ...]
    anchors: tuple[Anchor, ...]


def proven(brief: Brief, artifacts: Sequence[Artifact], names: Names, value_names: Names | None = None) -> Brief:
    """The brief with citations, without what nothing supports. UnprovenBrief when that is its verdict."""
    evidence = gather(artifacts, names, value_names=value_names)
    known = [name for spoken in evidence.borrowers.values() for name in spoken] + list(evidence.texts.values())
    dropped: list[Mapping[str, str]] = []
    for _ in range(MOST_ROUNDS):
        made, numbering = numbered(brief, artifacts)
        failed = _failures(brief, evidence, numbering, known)
        if not failed:
            return _told(made, dropped)
        if ("verdict", 0, -1) in failed:
            what = failed["verdict", 0, -1]
            raise UnprovenBrief(
                f"the brief of {brief.borrower} was not written: its verdict could not be proven ({what[0].text}: {what[0].why})",
                fix="Look at the borrower's data; the record of this attempt names the sentence",
            )
        dropped += [
            {
                "section": place[0],
                "text": _text_of(made, place),
                "found": "; ".join(f"{u.kind} {u.text!r}: {u.why}" for u in why),
            }
            for place, why in failed.items()
        ]
        brief = _without(brief, set(failed))
    made, _ = numbered(brief, artifacts)
    return _told(made, dropped)


def _failures(brief: Brief, evidence: Evidence, numbering: Numbering, known: Sequence[str]) -> dict[Place, list[Unsupported]]:
    failed: dict[Place, list[Unsupported]] = {}
    for place, text, own in _of_signals(brief):
        strange = strange_in(numbering.text(text), own)
        if strange:
            failed[place] = strange
    for piece in _pieces(brief, evidence, numbering):
        found = verify(piece.text, evidence, citations=numbering.by_number, anchors=piece.anchors)
        found += unknown_companies(piece.text, known)
        for problem in found:
            place = next((place for place, start, end in piece.spans if start <= problem.start <= end), piece.spans[0][0])
            failed.setdefault(place, []).append(problem)
    return failed


def _of_signals(brief: Brief) -> Iterator[tuple[Place, str, Own]]:
    """Sentences signals say of themselves."""
    for place, line in enumerate(brief.verdict):
        if line.own is not None:
            yield ("verdict", place, -1), line.text, line.own
    for section in brief.sections:
        for place, block in enumerate(section.blocks):
            for index, row in enumerate(block.rows if isinstance(block, Table) else ()):
                if row.own is not None and row.cells:
                    yield (section.key, place, index), row.cells[-1].text, row.own


def _pieces(brief: Brief, evidence: Evidence, numbering: Numbering) -> Iterator[Piece]:
    """Sections as text. A section that names another borrower is read line by line, so that nothing is taken for the other's."""
    own = set(evidence.borrowers.get(brief.borrower, ()))
    others = [name for id, names in evidence.borrowers.items() if id != brief.borrower for name in names if name not in own]
    head = [(("head", place, -1), f"{name}: {value}") for place, (name, value) in enumerate(brief.head)]
    verdict = [(("verdict", place, -1), line.text) for place, line in enumerate(brief.verdict) if line.own is None]
    for parts in (head, verdict, *(list(_parts(section)) for section in brief.sections)):
        if any(name in text for _, text in parts for name in others):
            yield from (_joined([part], numbering) for part in parts)
        elif parts:
            yield _joined(parts, numbering)


def _parts(section: Section) -> Iterator[tuple[Place, str]]:
    for place, block in enumerate(section.blocks):
        if isinstance(block, Line):
            yield (section.key, place, -1), block.text
        elif isinstance(block, Table):
            header = "| " + " | ".join(block.header) + " |"
            for index, row in enumerate(block.rows):
                if row.own is not None:
                    continue
                cells = "| " + " | ".join(f"{cell.text} {cell.note}".strip() or " " for cell in row.cells) + " |"
                yield (section.key, place, index), f"\n{header}\n{cells}\n" + (f"\n{row.proof}\n" if row.proof else "")


def _joined(parts: Sequence[tuple[Place, str]], numbering: Numbering) -> Piece:
    text = ""
    spans: list[tuple[Place, int, int]] = []
    anchors: list[Anchor] = []
    for place, part in parts:
        start = len(text)
        shown, stood = numbering.anchored(part)
        anchors += [(start + at, ids) for at, ids in stood]
        text += shown + "\n"
        spans.append((place, start, len(text) - 1))
    return Piece(text, tuple(spans), tuple(anchors))


def _text_of(brief: Brief, place: Place) -> str:
    if place[0] == "head":
        return ": ".join(brief.head[place[1]])
    if place[0] == "verdict":
        return brief.verdict[place[1]].text
    return next((text for section in brief.sections for at, text in _parts(section) if at == place), "")


def _without(brief: Brief, failed: set[Place]) -> Brief:
    head = tuple(("", "") if ("head", place, -1) in failed else pair for place, pair in enumerate(brief.head))
    verdict = tuple(Line("") if ("verdict", place, -1) in failed else line for place, line in enumerate(brief.verdict))
    return replace(brief, head=head, verdict=verdict, sections=tuple(_thinned(section, failed) for section in brief.sections))


def _thinned(section: Section, failed: set[Place]) -> Section:
    """The section without what failed; emptied lines keep their place so that places stay the same from round to round."""
    blocks: list[Block] = []
    for place, block in enumerate(section.blocks):
        if (section.key, place, -1) in failed:
            blocks.append(Line(""))
        elif isinstance(block, Table):
            rows = tuple(
                row if (section.key, place, index) not in failed else TableRow(()) for index, row in enumerate(block.rows)
            )
            blocks.append(replace(block, rows=rows))
        else:
            blocks.append(block)
    return Section(section.key, section.title, tuple(blocks))


def _told(brief: Brief, dropped: Sequence[Mapping[str, str]]) -> Brief:
    """Empty places go; each section that lost something says so."""
    sections = []
    phrases: Mapping[str, str] = phrase_book(f"brief_{brief.language}")["phrases"]
    for section in brief.sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Line) and not block.text:
                continue
            if isinstance(block, Table):
                block = replace(block, rows=tuple(row for row in block.rows if row.cells))
                if not block.rows:
                    continue
            blocks.append(block)
        lost = sum(1 for entry in dropped if entry["section"] == section.key)
        if lost:
            blocks.append(Line(phrases["dropped"].format(n=lost), "warn"))
        sections.append(Section(section.key, section.title, tuple(blocks)))
    head = tuple(pair for pair in brief.head if pair[1])
    lines = [line for line in brief.verdict if line.text]
    lost = sum(1 for entry in dropped if entry["section"] in ("verdict", "head"))
    if lost:
        lines.append(Line(phrases["dropped"].format(n=lost), "warn"))
    return replace(brief, head=head, verdict=tuple(lines), sections=tuple(sections), dropped=tuple(dropped))
