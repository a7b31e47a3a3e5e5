"""A brief as one HTML file: nothing is fetched, its letters come with it, and it prints on two pages.

Numbers point to the evidence list below them, and from there to the console where one is set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from assistant.briefs.citations import CITED, grouped, runs
from assistant.briefs.model import Block, Brief, Cell, Chart, Line, Link, Section, Source, Table, grouped_sections
from assistant.briefs.style import CSS
from assistant.charts.sheet import DARK, INKS
from assistant.charts.svg import font_face, svg
from prompts.library import phrase_book

ROOM = 133
"""Lines two printed pages hold at the usual size; a longer brief is printed smaller."""
TAGS = {"zh": "zh-CN", "en": "en"}


def html(briefs: Sequence[Brief], link: Link | None = None) -> str:
    """One page holding a brief in each of the languages given."""
    first = briefs[0]
    body = "\n".join(_article(brief, link) for brief in briefs)
    title = f"{first.name} {first.month} {first.title}"
    letters = re.sub(r"<[^>]+>", " ", body) + title
    inks = "".join(f"--{name}:{value};" for name, value in INKS.items())
    dark = "".join(f"--{name}:{value};" for name, value in DARK.items())
    charts = "".join(f".f-{n}{{fill:var(--{n})}}.s-{n}{{stroke:var(--{n})}}" for n in INKS) + ".halo{stroke:var(--paper)}"
    style = f":root{{{inks}}}@media (prefers-color-scheme:dark){{@media screen{{:root{{{dark}}}}}}}{CSS}{charts}{font_face(letters)}"
    return (
        f'<!doctype html>\n<html lang="{TAGS[first.language]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{style}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _article(brief: Brief, link: Link | None) -> str:
    words = phrase_book(f"brief_{brief.language}")["words"]
    prefix = f"{brief.language}-"
    facts = "".join(f"<div><dt>{escape(n)}</dt><dd>{_text(v, prefix)}</dd></div>" for n, v in brief.head)
    lines = [f'<p class="t-{line.tone or "ink"}">{_text(line.text, prefix)}</p>' for line in brief.verdict]
    dense = ' class="dense"' if weight(brief) > ROOM else ""
    parts = [
        f'<article lang="{TAGS[brief.language]}" id="{brief.language}"{dense}>',
        f'<header><div><p class="kind">{escape(brief.title)} · {escape(brief.month)}</p><h1>{escape(brief.name)}</h1></div>'
        f'<p class="level l-{brief.level}"><span class="sr">{escape(words["level"])}: </span>{escape(brief.level_text)}</p></header>',
        f'<dl class="facts">{facts}</dl>',
        f'<section class="verdict l-{brief.level}" aria-label="{escape(words["level"])}">{"".join(lines)}</section>',
    ]
    for group in grouped_sections(brief):
        made = "".join(_section(section, prefix) for section in group)
        parts.append(f'<div class="pair">{made}</div>' if len(group) > 1 else made)
    sources = "".join(_paper(group, prefix, link) for group in grouped(brief.sources))
    parts.append(f'<section class="sources"><h2>{escape(words["sources"])}</h2><ul>{sources}</ul></section>')
    parts.append(f"<footer>{''.join(f'<p>{escape(line)}</p>' for line in brief.foot if line)}</footer></article>")
    return "\n".join(parts)


def _section(section: Section, prefix: str) -> str:
    out: list[str] = []
    items: list[str] = []
    for block in section.blocks:
        if isinstance(block, Line):
            items.append(f'<li class="t-{block.tone or "ink"}">{_text(block.text, prefix)}</li>')
            continue
        out += _list(items)
        items = []
        out.append(_block(block, prefix))
    out += _list(items)
    return f'<section id="{prefix}{section.key}"><h2>{escape(section.title)}</h2>{"".join(out)}</section>'


def _list(items: Sequence[str]) -> list[str]:
    return [f"<ul>{''.join(items)}</ul>"] if items else []


def _block(block: Block, prefix: str) -> str:
    if isinstance(block, Chart):
        caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
        return f"<figure>{caption}{svg(block.sheet)}</figure>"
    assert isinstance(block, Table)
    columns = "".join(f'<col style="width:{width}%">' for width in block.widths)
    head = "".join(f'<th scope="col"{_class(i, block)}>{escape(title)}</th>' for i, title in enumerate(block.header))
    made = []
    for part in block.parts():
        rows = "".join(
            "<tr>" + "".join(_cell(cell, i, block, prefix) for i, cell in enumerate(row.cells)) + "</tr>" for row in part
        )
        made.append(
            f'<table><caption class="sr">{escape(block.caption)}</caption><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )
    return f'<div class="abreast">{"".join(made)}</div>' if len(made) > 1 else "".join(made)


def _class(index: int, table: Table, tone: str = "") -> str:
    names = [*(["n"] if index in table.numeric else []), *([f"t-{tone}"] if tone else [])]
    return f' class="{" ".join(names)}"' if names else ""


def _cell(cell: Cell, index: int, table: Table, prefix: str) -> str:
    drawn = svg(cell.sheet, decorative=bool(cell.text)) if cell.sheet is not None and cell.sheet.marks else ""
    inner = f"{drawn} {_text(cell.text, prefix)}" if drawn and cell.text else drawn or _text(cell.text, prefix)
    if cell.note:
        inner += f"<small>{_text(cell.note, prefix)}</small>"
    if index == 0:
        return f'<th scope="row"{_class(index, table, cell.tone)}>{inner}</th>'
    return f"<td{_class(index, table, cell.tone)}>{inner}</td>"


def _text(text: str, prefix: str) -> str:
    """Escaped, with citations as small links: [3][4][5] becomes 3–5."""
    out, last = [], 0
    for match in CITED.finditer(text):
        out.append(escape(text[last : match.start()]))
        last = match.end()
        shown = ",".join(
            f'<a href="#{prefix}s{first}">{first}</a>' + (f'–<a href="#{prefix}s{end}">{end}</a>' if end > first else "")
            for first, end in runs(match.group())
        )
        out.append(f"<sup>{shown}</sup>")
    return "".join([*out, escape(text[last:])])


def _paper(group: Sequence[Source], prefix: str, link: Link | None) -> str:
    """A document with the pages that were read, each a target for its number."""
    entries = []
    for source in group:
        address = link(source) if link else None
        where = escape(source.where)
        told = f' title="{escape("; ".join(source.labels))}"' if source.labels else ""
        shown = f'<a href="{escape(address)}">{where or "↗"}</a>' if address else where
        entries.append(f'<span id="{prefix}s{source.number}"{told}><b>{source.number}</b> {shown}</span>')
    return f"<li>{escape(group[0].title)} {'; '.join(entries)}</li>"


def weight(brief: Brief) -> float:
    """About how many lines it prints on. A Chinese letter is two wide."""

    def lines(text: str, room: int) -> int:
        return -(-sum(2 if ord(c) > 0x2E80 else 1 for c in CITED.sub("", text)) // room) if text else 0

    total = 14.0 + sum(lines(line.text, 150) for line in brief.verdict) + len(grouped(brief.sources)) * 0.7
    for group in grouped_sections(brief):
        share = 0.5 if len(group) > 1 else 1.0
        for section in group:
            total += 2.4 * share
            for block in section.blocks:
                if isinstance(block, Line):
                    total += lines(block.text, round(150 * share)) * share
                elif isinstance(block, Chart):
                    total += 6
                elif block.abreast > 1:
                    total += 1.5 + 2.9 * -(-len(block.rows) // block.abreast)
                else:
                    shares = [round(150 * width / sum(block.widths)) for width in block.widths]
                    total += 1.5 + sum(
                        max(lines(c.text, room) for c, room in zip(row.cells, shares, strict=True)) * 1.25 for row in block.rows
                    )
    return total
