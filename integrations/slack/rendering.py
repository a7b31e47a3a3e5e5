"""An answer as Slack shows it: rich text, native tables, its sources to press, in as many messages as it needs.

The words are the checked answer's, cut into lists and cells but never changed, so that nothing unchecked can enter here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from integrations.links import Links
from integrations.slack import blocks
from integrations.slack.blocks import Block
from integrations.slack.phrases import Phrases

OWN_BUTTONS = 8
"""So many sources get a button each; the rest go into a menu."""
TABLE_LINES = 4
"""From so many lines of one shape on a list is a table."""
CELL = 48
_MARK = re.compile(r"(?:\[\d+\])+")
_NUMBER = re.compile(r"\[(\d+)\]")
_BULLET = re.compile(r"^\s*(?:-|•)\s+(.*)$")
_ORDERED = re.compile(r"^\s*(\d+)\.\s+(.*)$")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_PAIR = re.compile(
    r"^(?P<name>[^:：。]{1,60})[:：]\s*(?P<value>[^。：]+?)(?:\s*[（(](?P<when>[^()（）]{4,40})[)）])?\s*[。.]?$"
)
_BOLD = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its blocks, and the same in words for notifications and for where blocks are refused."""

    text: str
    blocks: list[Block]

    def shape(self) -> dict[str, Any]:
        """For the outbox."""
        return {"text": self.text, "blocks": self.blocks}


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer to be shown: fresh from the assistant or from the trail."""

    answer: str
    language: str
    citations: Sequence[Mapping[str, Any]]
    trail_id: str
    as_of: str
    checked: bool


def console_of(url: str) -> Links | None:
    """Links into the console when people elsewhere can follow them; None for an address only this machine knows."""
    host = urlsplit(url).hostname or ""
    return Links(url) if host and host not in ("localhost", "127.0.0.1", "::1", "0.0.0.0") else None


def answer_parts(
    shown: Shown, phrases: Phrases, links: Links | None, *, notes: Sequence[str] = (), buttons: Sequence[Block] = (),
    head: Sequence[Block] = (), judged: bool = True,
) -> list[Part]:  # fmt: skip
    """The messages of an answer. `notes`: small lines of ours; `buttons`: what else may be pressed; `judged`: with thumbs."""
    urls = {int(c["id"]): url_of(c, links) for c in shown.citations}
    bodies = [*head, *body(shown.answer, phrases, urls)]
    tail = sources(shown, phrases, links)
    if buttons:
        tail += blocks.actions(buttons)
    footer = "footer" if shown.checked else "footer_plain"
    tail.append(blocks.context(*notes, phrases(footer, as_of=shown.as_of, trail=shown.trail_id)))
    if judged:
        tail.append(blocks.feedback("feedback", phrases("good"), phrases("bad"), shown.trail_id))
    return parts(bodies, tail, phrases)


def parts(bodies: Sequence[Block], tail: Sequence[Block], phrases: Phrases) -> list[Part]:
    """Blocks dealt to messages within Slack's limits: 50 blocks, one table, not too many characters; `tail` ends the last one."""
    groups: list[list[Block]] = [[]]
    room = blocks.MOST_BLOCKS - 2
    for block in bodies:
        group = groups[-1]
        size = sum(len(blocks.text_of(b)) for b in group) + len(blocks.text_of(block))
        second_table = block["type"] == "table" and any(b["type"] == "table" for b in group)
        if group and (len(group) >= room or size > blocks.MESSAGE_TEXT or second_table):
            groups.append([])
        groups[-1].append(block)
    spoken = sum(len(blocks.text_of(b)) for b in [*groups[-1], *tail])
    if len(groups[-1]) + len(tail) > room or spoken > blocks.MESSAGE_TEXT + blocks.SECTION_TEXT:
        groups.append([])
    groups[-1] += tail
    if len(groups) > 1:
        for n, group in enumerate(groups[1:], 2):
            group.insert(0, blocks.context(phrases("continued", n=n, of=len(groups))))
    return [Part(_words(group), group) for group in groups]


def _words(group: Sequence[Block]) -> str:
    spoken = [blocks.text_of(b) for b in group if b["type"] not in ("actions", "context_actions", "divider")]
    return blocks.escape("\n".join(text for text in spoken if text))


def body(text: str, phrases: Phrases, urls: Mapping[int, str]) -> list[Block]:
    """Paragraphs, lists and tables of an answer."""
    made: list[Block] = []
    elements: list[Block] = []
    size = 0

    def flush() -> None:
        nonlocal elements, size
        if elements:
            made.append({"type": "rich_text", "elements": elements})
        elements, size = [], 0

    for kind, lines in _groups(text.split("\n")):
        if kind == "table":
            flush()
            made += _tables([_cells(line) for line in lines if not _RULE.match(line)])
            continue
        rows = _as_table(kind, lines, phrases)
        if rows is not None:
            flush()
            made += _tables(rows)
            continue
        for line in _cut(lines):
            if size + len(line) > blocks.RICH_TEXT:
                flush()
            size += len(line) + 1
            _add(elements, kind, line, urls)
    flush()
    return made


def _groups(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    kept: list[str] = []
    last = ""
    for place, line in enumerate(lines):
        kind = _kind(line, lines, place, last)
        if kind != last and kept:
            yield last, kept
            kept = []
        last = kind
        if line.strip():
            kept.append(line)
    if kept:
        yield last, kept


def _kind(line: str, lines: Sequence[str], place: int, last: str) -> str:
    if line.count("|") >= 2 and (last == "table" or (place + 1 < len(lines) and _RULE.match(lines[place + 1]))):
        return "table"
    if _BULLET.match(line):
        return "bullet"
    if _ORDERED.match(line):
        return "ordered"
    if last in ("bullet", "ordered") and line.startswith("  ") and line.strip():
        return last  # goes on with the item above
    if line.lstrip().startswith("> "):
        return "quote"
    return "text" if line.strip() else "gap"


def _cut(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from blocks.pieces(line, blocks.RICH_TEXT)


def _add(elements: list[Block], kind: str, line: str, urls: Mapping[int, str]) -> None:
    """One line, in the list or paragraph it belongs to."""
    if kind in ("bullet", "ordered"):
        found = _BULLET.match(line) if kind == "bullet" else _ORDERED.match(line)
        text = found.group(found.lastindex or 0) if found else line.strip()
        above = elements[-1] if elements else None
        if found is None and above is not None and above["type"] == "rich_text_list":
            above["elements"][-1]["elements"] += [{"type": "text", "text": "\n"}, *_runs(text, urls)]
            return
        item = {"type": "rich_text_section", "elements": _runs(text, urls)}
        last = elements[-1] if elements else None
        if last is not None and last["type"] == "rich_text_list" and last["style"] == kind:
            last["elements"].append(item)
            return
        made: Block = {"type": "rich_text_list", "style": kind, "elements": [item]}
        if kind == "ordered" and found and int(found.group(1)) > 1:
            made["offset"] = int(found.group(1)) - 1
        elements.append(made)
        return
    name = "rich_text_quote" if kind == "quote" else "rich_text_section"
    text = line.strip().removeprefix("> ") if kind == "quote" else line
    runs = _runs(text, urls)
    last = elements[-1] if elements else None
    if last is not None and last["type"] == name:
        last["elements"] += [{"type": "text", "text": "\n"}, *runs]
    else:
        elements.append({"type": name, "elements": runs})


def _runs(text: str, urls: Mapping[int, str]) -> list[Block]:
    """Words, bold words and source numbers, which are links when there is somewhere to go."""
    runs: list[Block] = []
    place = 0
    for match in re.finditer(rf"{_BOLD.pattern}|{_NUMBER.pattern}", text):
        if match.start() > place:
            runs.append({"type": "text", "text": text[place : match.start()]})
        if match.group(1) is not None:
            runs.append({"type": "text", "text": match.group(1), "style": {"bold": True}})
        else:
            url = urls.get(int(match.group(2)), "")
            runs.append({"type": "link", "url": url, "text": match.group()} if url else {"type": "text", "text": match.group()})
        place = match.end()
    if place < len(text) or not runs:
        runs.append({"type": "text", "text": text[place:] or " "})
    return runs


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _as_table(kind: str, lines: Sequence[str], phrases: Phrases) -> list[list[str]] | None:
    """A list whose lines all say "what: value (when)", as rows. The words stay as they are."""
    if kind not in ("bullet", "ordered") or len(lines) < TABLE_LINES:
        return None
    rows: list[list[str]] = []
    for line in lines:
        found = _BULLET.match(line) if kind == "bullet" else _ORDERED.match(line)
        text = found.group(found.lastindex or 0) if found else ""
        pair = _PAIR.match(text)
        if pair is None or len(_MARK.sub("", pair["value"])) > CELL:
            return None
        ordinal = f"{found.group(1)}. " if found and kind == "ordered" else ""
        rows.append([ordinal + pair["name"].strip(), pair["value"].strip(), (pair["when"] or "").strip()])
    timed = any(row[2] for row in rows)
    titles = [phrases("col_name"), phrases("col_value"), phrases("col_when")]
    return [row if timed else row[:2] for row in [titles, *rows]]


def _tables(rows: Sequence[Sequence[str]]) -> list[Block]:
    """Rows within Slack's hundred rows and twenty columns; further columns follow as a further table with the first one repeated."""
    if not rows:
        return []
    made: list[Block] = []
    width = max(len(row) for row in rows)
    for left in range(1, max(width, 2), blocks.COLUMNS - 1):
        slim = [[*row[:1], *row[left : left + blocks.COLUMNS - 1]] for row in rows]
        for top in range(1, max(len(slim), 2), blocks.ROWS - 1):
            made.append(blocks.table([slim[0], *slim[top : top + blocks.ROWS - 1]]))
    return made


def url_of(citation: Mapping[str, Any], links: Links | None) -> str:
    """The page in the console, "" when there is no console or the source is a row of the book."""
    if links is None or not citation.get("sha256"):
        return ""
    return links.page(citation["sha256"], citation.get("page"), citation.get("box"), locator=citation.get("locator"))


def sources(shown: Shown, phrases: Phrases, links: Links | None) -> list[Block]:
    """Every source to press: first some buttons, the others in menus; none is left out."""
    if not shown.citations:
        return []
    listed = [(label_of(c, phrases), source_value(c, shown.trail_id), url_of(c, links)) for c in shown.citations]
    made = [blocks.context(phrases("sources_linked" if links else "sources"))]
    pressed = [
        blocks.button(label, f"source:{n}", value, url=url) for n, (label, value, url) in enumerate(listed[:OWN_BUTTONS], 1)
    ]
    made += blocks.actions(pressed)
    rest = listed[OWN_BUTTONS:]
    menus = [
        blocks.select(phrases("more_sources", n=len(rest[start : start + 100])), f"sources:{start}", [(label, f"{n}|{shown.trail_id}") for n, (label, _, _) in enumerate(rest[start : start + 100], OWN_BUTTONS + start + 1)])
        for start in range(0, len(rest), blocks.MOST_OPTIONS)
    ]  # fmt: skip
    return made + blocks.actions(menus)


def label_of(citation: Mapping[str, Any], phrases: Phrases) -> str:
    """[3] p. 4 · report.pdf"""
    number = f"[{citation['id']}]"
    if not citation.get("sha256"):
        table, _, id = str(citation.get("locator") or "").partition(" ")
        return f"{number} {phrases('book_row', table=table, id=id)}"
    place = phrases("page", page=citation["page"]) if citation.get("page") else str(citation.get("locator") or "")
    return blocks.clip(f"{number} {place} · {citation['document']}", blocks.BUTTON_TEXT)


def source_value(citation: Mapping[str, Any], trail_id: str) -> str:
    """Where a source is, for whoever presses it; whether he may see it is asked then. No name and no number of the borrower."""
    if not citation.get("sha256"):
        return json.dumps({"row": citation.get("locator")})
    boxes = citation.get("boxes") or ([citation["box"]] if citation.get("box") else [])
    kept = [[round(edge, 1) for edge in box] for box in boxes]
    place = {"sha256": citation["sha256"], "page": citation.get("page"), "locator": citation.get("locator"), "boxes": kept}
    while len(json.dumps(place)) > blocks.BUTTON_VALUE - 100:
        kept.pop()
    return json.dumps(place)
