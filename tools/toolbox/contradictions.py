"""Contradictions of one borrower, gathered from notes, statements, operating data and papers at the desk's clocks.

Everything that disagrees comes out in one list: rules over visits, statements of account against the book, papers that do not agree
with themselves, and promises a note recorded that were not kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tools.domain.contradictions import Evidence, Measured, Noted, Trend, contradictions
from tools.domain.disagreements import Claim, Disagreement
from tools.domain.facts import Fact, Row, Source
from tools.domain.money import plain
from tools.domain.periods import month_end
from tools.rulebook.contradiction_rules import load_contradictions
from tools.store.documents import Document
from tools.toolbox.artifacts import Artifact, ToolResult, Value, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.papers import paper_disagreements
from tools.toolbox.references import mark

RANK = {"red": 0, "orange": 1, "yellow": 2}
PERCENT = Decimal("0.1")
MOST = 60


def contradictions_of(desk: Desk, borrower: str) -> list[Disagreement]:
    """Every disagreement the bank could know of at the clocks, gravest and newest first."""
    who = desk.borrower(borrower)
    rules, _ = load_contradictions()
    evidence = Evidence(who.id, _noted(desk, who.id), list(_trends(desk, who.id, rules)), list(_measured(desk, who.id)))
    found = [*contradictions(rules, evidence), *paper_disagreements(desk, who.id), *_promises(desk, who.id)]
    found.sort(key=lambda one: one.since or date.min, reverse=True)
    return sorted(found, key=lambda one: RANK[one.severity])


def contradictions_tool(desk: Desk, borrower: str, limit: int = 20) -> ToolResult:
    """The tool: where notes, statements, meters, papers and the book contradict each other, with both sources."""
    who = desk.borrower(borrower)
    found = contradictions_of(desk, who.id)
    facts: dict[str, Fact] = {}
    values = [count_of("contradictions", len(found), who.id)]
    for one in found[:limit]:
        for claim in one.claims:
            if claim.kind == "fact" and (fact := desk.store.facts.get(desk.caller, claim.id)) is not None:
                facts[fact.id] = fact
            elif claim.value is not None:
                values.append(
                    Value(
                        f"claim:{claim.id}",
                        claim.name,
                        who.id,
                        claim.unit or "number",
                        claim.value,
                        None,
                        claim.when,
                        about=one.rule,
                    )
                )
        if one.gap is not None:
            values.append(
                Value(
                    f"gap:{one.id}",
                    "contradiction_gap",
                    who.id,
                    one.gap_unit or "ratio",
                    one.gap,
                    None,
                    one.since,
                    about=one.rule,
                )
            )
    passages = _passages(desk, found[:limit])
    rows = tuple(_row(one, facts) for one in found[:limit])
    artifact = Artifact(
        "contradictions", {"borrower": who.id, "limit": limit}, (desk.ref(who),), facts=tuple(facts.values()), rows=rows, values=tuple(values),
        passages=passages, missing=() if found else (f"{who.id}: no contradictions found",),
    )  # fmt: skip
    lines = [f"{len(found)} contradictions"]
    lines += [
        f"[{one.severity}] {one.rule} {one.explanation['zh']} / {one.title['en']} {mark(one.id)}" for one in found[:limit]
    ]
    return ToolResult("\n".join(lines), artifact)


def _row(one: Disagreement, facts: Mapping[str, Fact]) -> Row:
    """One contradiction: its title, the words of each side, line by line, and the ids of the figures it stands on."""
    said = dict.fromkeys(claim.text.strip().strip("·•- ").strip("“”") for claim in one.claims if claim.kind == "observation")
    figures = dict.fromkeys(
        claim.id if claim.kind == "fact" and claim.id in facts else f"claim:{claim.id}"
        for claim in one.claims
        if claim.kind != "observation"
    )
    return Row("contradictions", one.id, {
        "customer_id": one.borrower, "rule": one.rule, "severity": one.severity, "explanation_zh": one.title["zh"], "explanation_en": one.title["en"],
        "said": "\n".join(said), "figures": "\n".join(figures),
    })  # fmt: skip


def _passages(desk: Desk, found: list[Disagreement]) -> tuple[Any, ...]:
    """The passages of the notes that the claims quote, so that an answer may cite them."""
    wanted: dict[str, list[str]] = {}
    for one in found:
        for claim in one.claims:
            if claim.kind == "observation" and claim.source is not None:
                wanted.setdefault(claim.source.sha256, []).append(claim.text)
    out = []
    for sha256, texts in wanted.items():
        for passage in desk.store.passages.of_document(desk.caller, sha256):
            if any(text in passage.text for text in texts):
                out.append(passage)
    return tuple(out)


def _noted(desk: Desk, borrower: str) -> list[Noted]:
    return [
        made
        for document in _notes(desk, borrower)
        for number, entry in enumerate(document.report.get("observations", ()))
        if (made := _one_noted(document, number, entry)) is not None
    ]


def _notes(desk: Desk, borrower: str) -> list[Document]:
    found = desk.store.documents.list(desk.caller, borrower, "visit_note", desk.clocks)
    return [d for d in found if d.doc_date is not None and d.doc_date <= desk.clocks.as_of]


def _one_noted(document: Document, number: int, entry: Mapping[str, Any]) -> Noted | None:
    if entry["topic"] == "follow_up" or document.doc_date is None:
        return None
    raw = str(entry["value"])
    flag = raw if raw in ("yes", "no") else None
    value = None if flag else Decimal(raw)
    source = Source(document.name, document.sha256, entry.get("page"), None, None, entry.get("locator"))
    claim = Claim(
        "observation", f"{document.sha256[:12]}#o{number}", entry["topic"], entry["text"], value, entry.get("unit"), document.doc_date,
        entry["said_by"], source,
    )  # fmt: skip
    month = None
    if entry.get("month"):
        year, at = (int(part) for part in entry["month"].split("-"))
        month = month_end(date(year, at, 1))
    return Noted(
        entry["topic"], entry["said_by"], document.doc_date, document.sha256, claim, value, flag, _decimal(entry.get("of")),
        _decimal(entry.get("change")), entry.get("unit"), bool(entry.get("negated")), bool(entry.get("planned")), month,
    )  # fmt: skip


def _trends(desk: Desk, borrower: str, rules: Any) -> Iterator[Trend]:
    book = desk.book(borrower)
    for item in sorted({rule.right.item for rule in rules if rule.right.item}):
        for fact in book.history(item):
            if not fact.period.months:
                continue
            before = book.get(item, book.months_before(fact.period.end, 12), fact.period.months)
            if before is None or before.value <= 0 or before.currency != fact.currency:
                continue
            change = (fact.value - before.value) / before.value
            yield Trend(item, fact.period.end, change, (_fact_claim(desk, fact, before, change), _fact_claim(desk, before)))


def _fact_claim(desk: Desk, fact: Fact, before: Fact | None = None, change: Decimal | None = None) -> Claim:
    name = desk.rulebook.items[fact.item].name if fact.item in desk.rulebook.items else {}
    label = name.get("zh") if any("\u4e00" <= sign <= "\u9fff" for sign in fact.label) else name.get("en")
    text = f"{label or fact.item} {fact.period.end} ({fact.period.months}m) {fact.value:,}"
    if before is not None and change is not None:
        text += f", {before.period.end}: {before.value:,}, {(change * 100).quantize(PERCENT, ROUND_HALF_UP):+}%"
    return Claim("fact", fact.id, fact.item, text, fact.value, "currency", fact.period.end, "", fact.source)


def _measured(desk: Desk, borrower: str) -> Iterator[Measured]:
    for row in desk.loan_book.rows(desk.caller, "operations", desk.clocks, borrower=borrower):
        text = f"{row['measure']} {row['date']} {plain(row['value'])} {row['unit'] or ''} ({row['source'] or 'operations'})"
        claim = Claim("row", f"operations:{row['id']}", row["measure"], text, row["value"], row["unit"], row["date"])
        yield Measured("operations", row["measure"], row["value"], row["date"], claim)
    for record in desk.store.papers.records(desk.caller, borrower, desk.clocks):
        for measure in record.measures:
            place = record.field_named(measure.field)
            source = Source(
                record.source.document, record.source.sha256, place.page if place else None, place.box if place else None, None,
                place.locator if place else None,
            )  # fmt: skip
            text = f"{record.kind} {record.number or ''}: {place.text if place else plain(measure.value)}"
            claim = Claim("record", record.id, measure.measure, text, measure.value, measure.unit, measure.date, "", source)
            yield Measured("record", measure.measure, measure.value, measure.date, claim)


def _promises(desk: Desk, borrower: str) -> Iterator[Disagreement]:
    """Follow-ups of notes that are past due and after whose visit no paper of the borrower came."""
    _, rule = load_contradictions()
    arrivals = sorted(
        d.received_at.date()
        for d in desk.store.documents.list(desk.caller, borrower, None, desk.clocks)
        if d.kind != "visit_note"
    )
    for document in _notes(desk, borrower):
        for number, entry in enumerate(document.report.get("observations", ())):
            due = date.fromisoformat(entry["due"]) if entry["topic"] == "follow_up" and entry.get("due") else None
            if due is None or due + timedelta(days=rule.grace_days) >= desk.clocks.as_of or document.doc_date is None:
                continue
            if any(document.doc_date < day <= desk.clocks.as_of for day in arrivals):
                continue
            source = Source(document.name, document.sha256, entry.get("page"), None, None, entry.get("locator"))
            claim = Claim("observation", f"{document.sha256[:12]}#o{number}", "follow_up", entry["text"], None, None, document.doc_date,
                          entry["said_by"], source)  # fmt: skip
            zh = f"{rule.title['zh']}：{entry['value']}（应于{due}）"
            en = f"{rule.title['en']}: {entry['value']} (due {due})"
            yield Disagreement(
                f"{rule.id}:{claim.id}", rule.id, borrower, rule.severity, rule.title, {"zh": zh, "en": en}, (claim,), due
            )


def _decimal(text: Any) -> Decimal | None:
    return Decimal(text) if text is not None else None
