"""Answers from documents and the rulebook: quoted passages, documents on file, what a figure means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.analyst.closeness import LEAST, closest
from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.reading import Reading
from assistant.analyst.recipes import kinds_of, query_of
from assistant.analyst.writers.covenants import metric_of
from assistant.analyst.writers.figures import latest_lines
from assistant.analyst.writers.note_lines import TOLD, Line, by_section, lines_of, newest
from prompts.library import phrase_book
from tools.domain.facts import Fact, Passage, Row
from tools.domain.figures import Figure
from tools.search.tokens import query_tokens
from tools.toolbox.artifacts import Artifact, Value
from tools.toolbox.clauses import sentences_in, sentences_on
from tools.toolbox.figures import answers_in, name_of
from tools.toolbox.steering import steers, steers_anywhere

LONGEST_QUOTE = 160
MOST_QUOTES = 9
SENTENCE = re.compile(
    r"(?:[^。！？!?;；\n.]|\.(?!\s+[A-Z“\"‘'(]|\s*$)|(?<=\bCo)\.|(?<=\bMr)\.|(?<=\bMs)\.|(?<=\bNo)\.|(?<=\bInc)\.|(?<=\bLtd)\.(?=\s+[A-Z]))+[。！？!?;；.]?"
)
LEAST_SHARE = 0.3
"""A passage is shown when it speaks of at least this share of what the query asks for."""


def write_passages(draft: Draft, part: Part) -> None:
    """The best sentences, word for word, each with its document and page; a visit note asked about as a whole, by its sections."""
    query = query_of(part.reading)
    if part.options.get("topics") and _across(draft, query, [str(id) for id in part.options["topics"]]):
        return
    groups = topic_groups(query)
    near = near_lines(draft, part.reading)
    found = list(
        {
            p.id: p for artifact in draft.artifacts if artifact.tool in ("passages", "visit_notes") for p in artifact.passages
        }.values()
    )
    sections = sections_of(part.reading.text)
    kept = [p for p in found if p.kind == "visit_note" and p.heading in sections]
    ranked = sorted(((_score(groups, p), p) for p in found if p not in kept), key=lambda pair: -pair[0])
    told = part.reading.cues & {"notes", "narrative"} and "restated" not in part.reading.cues
    if not kept or len(groups) > len(sections):
        better = [p for s, p in ranked if s >= LEAST_SHARE] if groups else []
        kept = [
            *([p for p in better if p.kind == "visit_note"] if told and "contract" not in part.reading.cues else better),
            *kept,
        ] or better
    if not kept and not near and (alike := _alike(part.reading, query, lines_of(_notes(draft)))):
        draft.say("passages_head")
        _say_lines(draft, alike)
        draft.is_("answered")
        return
    if not kept and told and not near:
        lines = by_section(lines_of(_notes(draft)), ("said", "view") if "why" in part.reading.cues else TOLD)
        if lines:
            draft.say("passages_head")
            _say_lines(draft, newest(lines) if "why" not in part.reading.cues else lines)
            draft.is_("answered")
            return
    if not kept and not groups and not near:
        kept = found[:MOST_QUOTES]
    owner = part.borrowers[0].id if part.borrowers else None
    if _waivers(draft, part) and not part.reading.cues & {"notes", "contract", "filing", "say"}:
        # The waiver on record answers; of the papers only what speaks of one belongs beside it.
        groups = [WAIVER]
        kept = [p for p in kept if speaks_of(p.text, groups)]
        if not kept and not near:
            draft.is_("answered")
            return
    if not kept and not near:
        key = "passages_none" if owner else "passages_none_any"
        draft.say(key, who=draft.who(owner), query=(query or part.reading.text)[:40])
        lines = by_section(lines_of(_notes(draft)), TOLD) if owner and "waiver" not in part.reading.cues else []
        if not lines:
            draft.is_("answered" if "waiver" in part.reading.cues and owner else "not_available")
            return
        draft.say("passages_instead")
        _say_lines(draft, newest(lines))
        draft.is_("answered")
        return
    else:
        draft.say("passages_head")
    shown: set[str] = set()
    for passage, said in near:
        shown.add(_cut(said))
        draft.quote(passage, _cut(said))
    most = MOST_QUOTES if not near else len(shown) + BESIDE
    for passage in kept:
        if steers_anywhere(passage.text):
            draft.say(
                "passages_steering", name=passage.source.document, where=draft.place_of(passage), mark=draft.mark(passage)
            )
        for quote in quotes(passage.text, groups if passage.heading not in sections else []):
            if len(shown) < most and not any(quote in one or one in quote for one in shown):
                shown.add(quote)
                draft.quote(passage, quote)
    draft.is_("answered")


SHORTEST_NEAR = 12
"""Characters below which a sentence of a contract or report is a title."""
BESIDE = 4
"""Further quotes beside the sentences that come closest."""


def near_lines(draft: Draft, reading: Reading, least: float = LEAST) -> list[tuple[Passage, str]]:
    """Sentences of the notes and passages found that come closest to the question, of the kinds of paper it points to."""
    pool: list[tuple[Passage, str]] = []
    for artifact in draft.artifacts:
        for passage in artifact.passages if artifact.tool in ("passages", "visit_notes") else ():
            lines = [line.said for line in lines_of([passage]) if line.section in TOLD] if passage.kind == "visit_note" else []
            said = lines or ([] if passage.kind == "visit_note" else [s for s in sentences_in(passage.text) if "|" not in s])
            pool += [
                (passage, one)
                for one in said
                if not steers(one) and (passage.kind == "visit_note" or len(one) >= SHORTEST_NEAR)
            ]
    pool = list({(passage.source.document, said): (passage, said) for passage, said in pool}.values())
    return [pool[place] for place in closest(reading.text, [said for _, said in pool], reading.names, least)]


ASKING = frozenset("几多少哪什么啥谁何总共一怎样如吗呢么")
ALIKE = 3
"""Chinese characters in a row that make a sentence one the question speaks of."""
LEAST_ALIKE = 0.6


def _notes(draft: Draft) -> list[Passage]:
    return [p for artifact in draft.artifacts if artifact.tool == "visit_notes" for p in artifact.passages]


def _say_lines(draft: Draft, lines: Sequence[Line]) -> None:
    """Lines of a note, and where it holds words meant for software."""
    for line in lines[:MOST_LINES]:
        draft.quote(line.passage, _cut(line.said))
    for passage in {line.passage.id: line.passage for line in lines}.values():
        if steers_anywhere(passage.text):
            draft.say(
                "passages_steering", name=passage.source.document, where=draft.place_of(passage), mark=draft.mark(passage)
            )


MOST_LINES = 12


def _alike(reading: Reading, query: str, lines: Sequence[Line]) -> list[Line]:
    """Lines of visit notes that share a run of characters with a Chinese question ("五号车间"), or most of what it asks for."""
    chars = [" " if any(a <= i < b for a, b in reading.names) else c for i, c in enumerate(reading.text)]
    runs = re.findall(r"[\u3400-\u9fff]{3,}", "".join(chars))
    wanted = {c for c in query if "\u3400" <= c <= "\u9fff" and c not in ASKING}
    scored: list[tuple[float, int, Line]] = []
    for place, line in enumerate(line for line in lines if line.section in TOLD):
        run = max((_common(one, line.said) for one in runs), default=0)
        share = sum(1 for c in wanted if c in line.said) / len(wanted) if len(wanted) > 1 else 0.0
        if run >= ALIKE or share >= LEAST_ALIKE:
            scored.append((-run - share, place, line))
    return [line for *_, line in sorted(scored, key=lambda one: one[:2])[:MOST_ALIKE]]


MOST_ALIKE = 4


def _common(one: str, other: str) -> int:
    """The length of the longest run of characters that stands in both."""
    longest = 0
    for start in range(len(one)):
        while start + longest < len(one) and one[start : start + longest + 1] in other:
            longest += 1
    return longest


def _across(draft: Draft, query: str, topics: Sequence[str]) -> bool:
    """The sentences on some topics in the contracts of all borrowers, those first whose title is asked for; True when there are any."""
    wanted = set(query_tokens(query))
    found: list[tuple[int, int, Passage, str]] = []
    for passage in [p for a in draft.artifacts if a.tool == "passages" for p in a.passages if p.kind == "contract"]:
        titled = len(wanted & set(query_tokens(passage.source.document.replace("_", " "))))
        told = [pair for id in topics for pair in sentences_on(id, passage.text)]
        found += [(-titled, rank, passage, said) for rank, said in told if not steers_anywhere(passage.text)]
    best = min((titled for titled, *_ in found), default=0)
    kept = [one for one in found if one[0] == best]
    papers: dict[str, int] = {}
    for _, rank, passage, _ in kept:
        papers[passage.source.document] = min(rank, papers.get(passage.source.document, rank))
    chosen = [(passage, said) for _, rank, passage, said in kept if rank == papers[passage.source.document]]
    if chosen:
        draft.say("passages_head")
        draft.is_("answered")
    for passage, said in chosen[:MOST_QUOTES]:
        draft.quote(passage, _cut(said))
    return bool(chosen)


WAIVER = frozenset({"豁免", "宽限", "waive", "waived", "waives", "waiver", "forbearance"})


def _waivers(draft: Draft, part: Part) -> bool:
    """Whether a waiver is on record, before what the papers say of one; True when there is one."""
    found = False
    if "waiver" not in part.reading.cues:
        return False
    for artifact in [a for a in draft.artifacts if a.tool == "covenants" and a.arguments.get("borrower")]:
        waived = [v for v in artifact.values if v.name == "covenant_status" and v.state == "waived"]
        who = draft.who(str(artifact.arguments["borrower"]))
        found = found or bool(waived)
        named = set(part.reading.metrics)
        if waived and named and not any(metric_of(artifact, v) in named for v in waived):
            draft.say("waiver_none_on", who=who, metric=draft.listed([draft.metric(m) for m in part.reading.metrics[:2]]))
        if waived:
            draft.say("waiver_some", who=who, ids=draft.listed([_waiver(draft, artifact, v) for v in waived]))
        else:
            draft.say("waiver_none", who=who)
    return found


def _waiver(draft: Draft, artifact: Artifact, value: Value) -> str:
    """A covenant that is waived: its id, what it is about, and until when."""
    row = next((row for row in artifact.rows if row.table == "covenants" and row.id == value.about), None)
    until = next((v for v in artifact.values if v.name == "waived_until" and v.about == value.about and v.when), None)
    metric = metric_of(artifact, value)
    about = draft.metric(metric) if metric else (row.columns.get("name") or "") if row else ""
    said = draft.phrase("waiver_until", date=draft.day(until.when)) if until and until.when else ""
    return draft.phrase(
        "waiver_one", id=value.about, metric=about, until=said, mark=draft.mark(*(v for v in (value, until) if v))
    )


def topic_groups(query: str) -> list[frozenset[str]]:
    """What must stand in a passage: each word of the query, or any of its group's words in either language."""
    found: list[frozenset[str]] = []
    text = query.lower()
    used: set[str] = set()
    for group in phrase_book("topics")["groups"]:
        words = [str(word).lower() for word in group]
        hit = [word for word in words if _stands(word, text)]
        if hit:
            found.append(frozenset(words))
            used |= {token for word in hit for token in query_tokens(word)}
    rest = [t for t in dict.fromkeys(query_tokens(query)) if t not in used and not any(t in u for u in used)]
    found += [frozenset({token}) for token in rest if not (found and re.fullmatch(r"(?:19|20)\d{2}年?", token))]
    return found


def _stands(word: str, text: str) -> bool:
    if word[0].isascii():
        return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None
    return word in text


def speaks_of(text: str, groups: Sequence[frozenset[str]]) -> bool:
    """Whether a sentence speaks of any of the wanted things."""
    there, lowered = set(query_tokens(text)), text.lower()
    return any(_stands(word, lowered) or word in there for group in groups for word in group)


def _score(groups: list[frozenset[str]], passage: Passage) -> float:
    """How many of the wanted things a passage speaks of."""
    if not groups:
        return 0.0
    text = f"{passage.heading} {passage.text}".lower()
    there = set(query_tokens(text))
    hits = sum(1 for group in groups if any(word in there or _stands(word, text) for word in group))
    return hits / len(groups)


def sections_of(text: str) -> list[str]:
    """Sections of a visit note the question asks for."""
    lowered = text.lower()
    book = phrase_book("topics")["note_sections"]
    found = [
        section
        for section, by in book.items()
        if any(_stands(str(word).lower(), lowered) for words in by.values() for word in words)
    ]
    if {"seen", "said"} <= set(found) and "checked" not in found:
        found.append("checked")  # what was seen and what was said are held against what was checked
    return found


_TITLE = re.compile(
    r"(?:[一二三四五六七八九十]+、|\d{1,2}(?:\.\d{1,2})*\.?\s|第[一二三四五六七八九十]+[条章节])[^\n。；;:：]{1,40}"
)


def _without_title(text: str) -> str:
    """A passage without the title of its section on top."""
    head, broken, body = text.partition("\n")
    return body if broken and (len(head) < 24 or (_TITLE.fullmatch(head.strip()) and not head.rstrip().endswith("."))) else text


def quotes(text: str, groups: list[frozenset[str]]) -> list[str]:
    """Sentences to quote: those that speak of the wanted things, or the first ones when nothing special is wanted."""
    body = _without_title(text)
    pieces = [m.group().strip().strip(' ·•“”"') for m in SENTENCE.finditer(body)]
    pieces = [piece for piece in pieces if len(piece) > 3 and not steers(piece)]
    if groups:
        hit = [
            p
            for p in pieces
            if any(_stands(word, p.lower()) or word in set(query_tokens(p)) for group in groups for word in group)
        ]
        pieces = hit[:2] or pieces[:1]
    return [_cut(piece) for piece in pieces[:3]]


def _cut(text: str) -> str:
    return (
        text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] if " " in text else text[:LONGEST_QUOTE]
    )


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
        _waited(draft, artifact)
        count = next(v for v in artifact.values if v.name == "count")
        draft.say("documents_head", who=draft.who(owner), n=draft.number(count, marked=False))
        for row in [row for row in artifact.rows if row.table == "documents"][:15]:
            draft.add(_document(draft, row))
        draft.is_("answered")


def write_waited(draft: Draft, part: Part) -> None:
    """Papers of all the caller's borrowers that have not come."""
    came = _came_late(draft, part)
    for artifact in [a for a in draft.artifacts if a.tool == "documents"]:
        rows = [row for row in artifact.rows if row.table == "documents_due"]
        if not rows and came:
            continue
        if not rows:
            draft.say("waited_none", date=draft.day(draft.as_of))
        else:
            draft.say("documents_waited")
        for row in rows[:20]:
            late = next((v for v in artifact.values if v.name == "paper_late" and row.id in v.inputs), None)
            told = draft.phrase("documents_late", days=draft.number(late, marked=False)) if late else ""
            draft.say("waited_line", who=draft.who(row.columns["customer_id"]), name=row.columns["name"], due=draft.day_of(row.columns["due"]), late=told,
                      mark=draft.mark(row))  # fmt: skip
        draft.is_("answered")


def _came_late(draft: Draft, part: Part) -> int:
    """Papers that came after their day, in the year asked for (this one when none is said); how many."""
    artifact = next((a for a in draft.artifacts if a.tool == "deliveries"), None)
    if artifact is None:
        return 0
    years = {str(period.year) for period in part.reading.periods if period.kind == "year"} or {str(draft.as_of.year)}
    late = {v.inputs[0]: v for v in artifact.values if v.name == "paper_late" and v.state == "late"}
    rows = [row for row in artifact.rows if f"deliveries:{row.id}" in late and (row.columns["received"] or "")[:4] in years]
    draft.say("came_late_head" if rows else "came_late_none")
    for row in rows[:20]:
        c = row.columns
        draft.say("came_late_line", who=draft.who(c["customer_id"]), name=c["name"], due=draft.day_of(c["due"]), received=draft.day_of(c["received"]),
                  days=draft.number(late[f"deliveries:{row.id}"], marked=False), mark=draft.mark(row))  # fmt: skip
    draft.is_("answered")
    return len(rows)


def _waited(draft: Draft, artifact: Artifact) -> None:
    """Papers asked for that have not come, and how late they are."""
    rows = [row for row in artifact.rows if row.table == "documents_due"]
    if not rows:
        return
    draft.say("documents_waited")
    for row in rows[:10]:
        c = row.columns
        late = next((v for v in artifact.values if v.name == "paper_late" and row.id in v.inputs), None)
        draft.say(
            "documents_waited_line", name=c["name"], period=draft.phrase("documents_period", end=draft.day_of(c["period_end"])) if c["period_end"] else "",
            due=draft.day_of(c["due"]), late=draft.phrase("documents_late", days=draft.number(late, marked=False)) if late else "", mark=draft.mark(row),
        )  # fmt: skip


def latest_statement(rows: tuple[Row, ...]) -> Row | None:
    """The statement document with the newest period end."""
    statements = [
        row
        for row in rows
        if row.table == "documents" and row.columns.get("kind") == "statement" and row.columns.get("period_end")
    ]
    return max(statements, key=lambda row: row.columns["period_end"] or "", default=None)


def _say_latest(draft: Draft, row: Row) -> None:
    c = row.columns
    draft.say(
        "documents_latest",
        name=c["name"],
        end=draft.day_of(c["period_end"]),
        received=draft.day_of(c["received"]),
        mark=draft.mark(row),
    )


def _document(draft: Draft, row: Row) -> str:
    c = row.columns
    assurance = draft.glossary.word("assurance", c.get("assurance"), draft.language)
    joint = "," if draft.language == "zh" else ", "
    return draft.phrase(
        "documents_line", name=c["name"], kind=draft.glossary.word("document_kind", c["kind"], draft.language),
        period=draft.phrase("documents_period", end=draft.day_of(c["period_end"])) if c["period_end"] else "",
        assurance=joint + assurance if assurance else "", received=draft.day_of(c["received"]), mark=draft.mark(row),
    )  # fmt: skip


def write_explain(draft: Draft, part: Part) -> None:
    """Meaning, formula, level and source of each thing asked for; then the borrower's own numbers."""
    said = 0
    for artifact in draft.artifacts:
        if artifact.tool == "arrears_classes":
            said += _days_explained(draft, artifact)
        if artifact.tool != "explain_rule" or not artifact.rows:
            continue
        said += 1
        for row, passage in zip(artifact.rows, artifact.passages, strict=True):
            _explain(draft, row, passage)
    if not said and part.options.get("wanted"):
        draft.say("ask_borrower")
        draft.is_("clarify")
        return
    if not said:
        draft.say("explain_unknown", text=part.reading.text[:40])
        draft.is_("not_found")
        return
    for heard in part.borrowers:
        if any(a.borrower == heard.id for artifact in draft.artifacts for a in answers_in(artifact)):
            draft.say("value_head", who=draft.who(heard.id))
            latest_lines(draft, heard.id, list(part.reading.metrics[:3]))
            _own_numbers(draft, heard.id, part.reading.metrics[:3])
    draft.is_("answered")


def _own_numbers(draft: Draft, borrower: str, names: Sequence[str]) -> None:
    """What goes into the newest figure of each, one line per input with its value."""
    for name in names:
        known = [a for a in draft.answer_of(name, borrower) if isinstance(a, Figure) and a.value is not None]
        parts = [i for i in known[-1].inputs if isinstance(i, Fact | Figure) and i.value is not None] if known else []
        if parts:
            draft.say("explain_inputs", metric=draft.metric(name))
        for one in parts:
            draft.say(
                "value_line",
                metric=draft.metric(name_of(one)),
                Metric=draft.Metric(name_of(one)),
                value=draft.number(one),
                when=draft.when(one),
            )


def _days_explained(draft: Draft, artifact: Artifact) -> int:
    """Per number of days: the least category, the stage, and the rules that say so."""
    known = {p.id: p for p in artifact.passages}
    for value in [v for v in artifact.values if v.name == "dpd"]:
        stage = next(v for v in artifact.values if v.name == "stage" and v.about == value.about)
        draft.say("days_class", days=draft.number(value, marked=False), category=draft.glossary.word("classification", value.state, draft.language),
                  stage=draft.number(stage, marked=False), mark=draft.mark(value, stage))  # fmt: skip
        for passage in (known[id] for id in value.inputs if id in known):
            draft.say("days_rule", told=passage.text.split("\n")[0 if draft.language == "zh" else 1], mark=draft.mark(passage))
    return len(artifact.values)


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
    for key, field in (("explain_warn", f"warn_when_{language}"), ("explain_source", "source")):
        if c.get(field):
            draft.say(key, **{key.removeprefix("explain_"): c[field]}, mark=mark)
