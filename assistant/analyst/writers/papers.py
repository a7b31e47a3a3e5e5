"""Answers from documents and the rulebook: quoted passages, documents on file, what a figure means."""

from __future__ import annotations

import re
from datetime import date

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.recipes import kinds_of, query_of
from assistant.analyst.writers.figures import latest_lines
from tools.domain.facts import Passage, Row
from tools.search.tokens import query_tokens
from tools.toolbox.figures import answers_in

LONGEST_QUOTE = 160
MOST_QUOTES = 4
SENTENCE = re.compile(r"[^。！？!?;；\n]+[。！？!?;；]?")
LEAST_SHARE = 0.34
"""A passage is shown when it has at least this share of the query's words (or one rare long word)."""


def write_passages(draft: Draft, part: Part) -> None:
    """The best sentences, word for word, each with its document and page."""
    query = query_of(part.reading) or part.reading.text
    wanted = list(dict.fromkeys(query_tokens(query)))
    found = [p for artifact in draft.artifacts if artifact.tool == "passages" for p in artifact.passages]
    scored = [(share(wanted, p.text + " " + p.heading), p) for p in found]
    general = not part.reading.topic and not (
        part.reading.metrics or part.reading.cues - {"notes", "contract", "filing", "say", "pronoun", "yes_no"}
    )
    kept = [p for s, p in scored if s >= LEAST_SHARE or general]
    owner = part.borrowers[0].id if part.borrowers else None
    if not kept:
        key = "passages_none" if owner else "passages_none_any"
        draft.say(key, who=draft.who(owner), query=query[:40])
        draft.is_("not_available")
        return
    draft.say("passages_head")
    shown: set[str] = set()
    for passage in kept:
        quote = best_sentences(passage.text, wanted)
        if quote in shown or len(shown) >= MOST_QUOTES:
            continue
        shown.add(quote)
        draft.say(
            "passages_quote", name=passage.source.document, where=_where(draft, passage), quote=quote, mark=draft.mark(passage)
        )
    draft.is_("answered")


def share(wanted: list[str], text: str) -> float:
    """How many of the query's words stand in the text; 1 for an empty query."""
    if not wanted:
        return 1.0
    there = set(query_tokens(text))
    return sum(1 for word in wanted if word in there) / len(wanted)


def best_sentences(text: str, wanted: list[str]) -> str:
    """The stretch of whole sentences that holds most of the wanted words, no longer than a quote may be."""
    pieces = [m.group().strip() for m in SENTENCE.finditer(text) if m.group().strip()]
    if not pieces:
        return text[:LONGEST_QUOTE]
    scores = [sum(1 for word in wanted if word in set(query_tokens(piece))) for piece in pieces]
    best = max(range(len(pieces)), key=lambda i: (scores[i], -i))
    chosen = pieces[best]
    after = best + 1
    while after < len(pieces) and scores[after] and len(chosen) + len(pieces[after]) < LONGEST_QUOTE:
        start = text.find(chosen)
        end = text.find(pieces[after], start) + len(pieces[after])
        if start < 0 or end <= start or "\n" in text[start:end] or end - start > LONGEST_QUOTE:
            break
        chosen = text[start:end]
        after += 1
    return _cut(chosen)


def _cut(text: str) -> str:
    return (
        text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] if " " in text else text[:LONGEST_QUOTE]
    )


def _where(draft: Draft, passage: Passage) -> str:
    page = draft.phrase("passages_where_page", page=passage.source.page) if passage.source.page else ""
    return page + (draft.phrase("passages_dated", date=_day(draft, passage.date)) if passage.date else "")


def _day(draft: Draft, text: str | None) -> str:
    try:
        return draft.day(date.fromisoformat(text or ""))
    except ValueError:
        return text or ""


def write_documents(draft: Draft, part: Part) -> None:
    """The latest statements first, then the list."""
    for artifact in draft.artifacts:
        if artifact.tool != "documents":
            continue
        owner = str(artifact.arguments.get("borrower") or "")
        kinds = kinds_of(part.reading)
        if not artifact.rows:
            kind = draft.glossary.word("document_kind", kinds[0], draft.language) if len(kinds) == 1 else ""
            draft.say("documents_none_kind" if kind else "documents_none", who=draft.who(owner), kind=kind)
            draft.is_("not_available")
            continue
        latest = latest_statement(artifact.rows)
        if latest is not None:
            _say_latest(draft, latest)
        count = next(v for v in artifact.values if v.name == "count")
        draft.say("documents_head", who=draft.who(owner), n=draft.number(count, marked=False))
        for row in artifact.rows[:15]:
            draft.add(_document(draft, row))
        draft.is_("answered")


def latest_statement(rows: tuple[Row, ...]) -> Row | None:
    """The statement document with the newest period end."""
    statements = [row for row in rows if row.columns.get("kind") == "statement" and row.columns.get("period_end")]
    return max(statements, key=lambda row: row.columns["period_end"] or "", default=None)


def _say_latest(draft: Draft, row: Row) -> None:
    c = row.columns
    draft.say(
        "documents_latest",
        name=c["name"],
        end=_day(draft, c["period_end"]),
        received=_day(draft, c["received"]),
        mark=draft.mark(row),
    )


def _document(draft: Draft, row: Row) -> str:
    c = row.columns
    assurance = draft.glossary.word("assurance", c.get("assurance"), draft.language)
    joint = "," if draft.language == "zh" else ", "
    return draft.phrase(
        "documents_line", name=c["name"], kind=draft.glossary.word("document_kind", c["kind"], draft.language),
        period=draft.phrase("documents_period", end=_day(draft, c["period_end"])) if c["period_end"] else "",
        assurance=joint + assurance if assurance else "", received=_day(draft, c["received"]), mark=draft.mark(row),
    )  # fmt: skip


def write_explain(draft: Draft, part: Part) -> None:
    """Meaning, formula, level and source of each thing asked for; then the borrower's own numbers."""
    said = 0
    for artifact in draft.artifacts:
        if artifact.tool != "explain_rule" or not artifact.rows:
            continue
        said += 1
        _explain(draft, artifact.rows[0], artifact.passages[0])
    if not said:
        draft.say("explain_unknown", text=(query_of(part.reading) or part.reading.text)[:40])
        draft.is_("not_found")
        return
    for heard in part.borrowers:
        if any(a.borrower == heard.id for artifact in draft.artifacts for a in answers_in(artifact)):
            draft.say("value_head", who=draft.who(heard.id))
            latest_lines(draft, heard.id, list(part.reading.metrics[:3]))
    draft.is_("answered")


def _explain(draft: Draft, row: Row, passage: Passage) -> None:
    language, c, mark = draft.language, row.columns, draft.mark(passage)
    name = c.get(f"name_{language}") or c["id"]
    explained = c.get(f"explain_{language}")
    if explained:
        draft.say("explain_head", name=name, id=c["id"], explain=explained, mark=mark)
    else:
        statement = draft.glossary.word("statement", c.get("statement"), language)
        draft.say("explain_item", name=name, id=c["id"], statement=statement, mark=mark)
    formula = c.get(f"formula_in_words_{language}") or c.get("derived_from")
    if formula:
        draft.say("explain_formula", formula=formula, mark=mark)
    for key, field in (("explain_warn", "warn_when"), ("explain_source", "source")):
        if c.get(field):
            draft.say(key, **{key.removeprefix("explain_"): c[field]}, mark=mark)
