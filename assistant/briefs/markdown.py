"""A brief as Markdown, for chat and for whoever keeps text: tables stay tables, a chart becomes its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.briefs.citations import grouped, pieces
from assistant.briefs.model import Brief, Cell, Chart, Line, Link, Section, Source, Table
from prompts.library import phrase_book

MARKS = {"bad": "▲ ", "warn": "△ "}


def markdown(briefs: Sequence[Brief], link: Link | None = None) -> str:
    """One text; languages one after the other."""
    return "\n---\n\n".join(_one(brief, link) for brief in briefs)


def _one(brief: Brief, link: Link | None) -> str:
    words = phrase_book(f"brief_{brief.language}")["words"]
    joint = ": " if brief.language == "en" else ":"
    lines = [f"# {brief.name} · {brief.title} {brief.month}", ""]
    lines += [f"**{words['level']}{joint}{brief.level_text}**", ""]
    lines += [" · ".join(f"{name} {_text(value)}" for name, value in brief.head), ""]
    lines += [_text(brief.verdict[0].text)] if brief.verdict else []
    lines += [f"- {_text(line.text)}" for line in brief.verdict[1:]]
    for section in brief.sections:
        lines += ["", f"## {section.title}", "", *_section(section)]
    lines += ["", f"## {words['sources']}", ""]
    lines += [_paper(group, link) for group in grouped(brief.sources)]
    return "\n".join([*lines, "", *(f"_{line}_  " for line in brief.foot if line), ""])


def _section(section: Section) -> list[str]:
    lines: list[str] = []
    for block in section.blocks:
        if isinstance(block, Line):
            lines.append(f"- {_text(block.text)}")
        elif isinstance(block, Table):
            if lines and lines[-1]:
                lines.append("")
            lines += [
                f"| {' | '.join(block.header)} |",
                "|" + "|".join("--:" if i in block.numeric else "---" for i in range(len(block.header))) + "|",
            ]
            lines += ["| " + " | ".join(_cell(cell) for cell in row.cells) + " |" for row in block.rows]
            lines.append("")
        elif isinstance(block, Chart) and block.caption:
            lines += ["", f"_{block.caption}: {block.sheet.description}_"]
    return lines


def _cell(cell: Cell) -> str:
    text = _text(cell.text)
    if not text and cell.sheet is not None:
        text = cell.sheet.description.partition(": ")[2]
    note = f" ({_text(cell.note)})" if cell.note else ""
    return MARKS.get(cell.tone, "") + (text + note).replace("|", "\\|")


def _text(text: str) -> str:
    return "".join(f"[{piece}]" if cited else piece for piece, cited in pieces(text))


def _paper(group: Sequence[Source], link: Link | None) -> str:
    entries = []
    for source in group:
        address = link(source) if link else None
        shown = f"[{source.where or group[0].title}]({address})" if address else source.where
        entries.append(f"[{source.number}] {shown}".strip())
    return f"- {group[0].title}: {'; '.join(entries)}"
