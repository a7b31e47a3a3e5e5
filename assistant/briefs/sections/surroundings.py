"""What stands around the loans: security and guarantors, what was seen on the last visit beside what the statements say."""

from __future__ import annotations

from decimal import Decimal

from assistant.analyst.writers.papers import quotes
from assistant.briefs.findings import day_of
from assistant.briefs.material import Material
from assistant.briefs.model import Block, Line, Section
from assistant.briefs.pen import Pen
from tools.domain.disagreements import Claim, Disagreement
from tools.domain.facts import Passage, Row

MOST = 5
TOLD = ("seen", "checked", "said", "differences", "view")
MOST_QUOTES = 4
MOST_DISPUTES = 4
AGAINST = ("revenue",)
"""What a visit is held against: whether the business the statements show is the one that was seen."""


def support_section(material: Material, pen: Pen) -> Section:
    """Collateral, guarantors and other mitigants, as the loan book has them."""
    lines = [_collateral(pen, row) for row in material.rows["collateral"][:MOST]]
    lines += [_guarantor(pen, row) for row in material.rows["guarantors"][:MOST]]
    lines += [_mitigant(pen, row) for row in material.rows["mitigants"][:MOST]]
    return Section("support", pen.word("support"), tuple(lines) or (Line(pen.phrase("support_none")),))


def _money(pen: Pen, row: Row, name: str) -> str:
    text = row.columns.get(name)
    currency = row.columns.get("currency_code") or row.columns.get("currency")
    return pen.written(Decimal(text), "currency", currency) if text else ""


def _collateral(pen: Pen, row: Row) -> Line:
    seized, insured, valued = (day_of(row, name) for name in ("seized_on", "insurance_end_date", "value_date"))
    text = pen.phrase(
        "support_collateral", type=pen.code("collateral_type", row.columns.get("type")), description=row.columns.get("description") or "",
        value=_money(pen, row, "value"), value_date=pen.date(valued) if valued else "?",
        seized=pen.phrase("support_seized", date=pen.date(seized)) if seized else "",
        insurance=pen.phrase("support_insurance", date=pen.date(insured)) if insured else "", mark=pen.mark(row),
    )  # fmt: skip
    return Line(text, "bad" if seized else "")


def _guarantor(pen: Pen, row: Row) -> Line:
    until = day_of(row, "end_date")
    slots = {
        "name": row.columns.get("name") or "",
        "until": pen.phrase("support_until", date=pen.date(until)) if until else "",
        "mark": pen.mark(row),
    }
    if row.columns.get("amount"):
        return Line(pen.phrase("support_guarantor", **slots, amount=_money(pen, row, "amount")))
    return Line(pen.phrase("support_guarantor_open", **slots))


def _mitigant(pen: Pen, row: Row) -> Line:
    end = day_of(row, "end_date")
    text = pen.phrase("support_mitigant", kind=pen.code("mitigant_kind", row.columns.get("kind")), provider=row.columns.get("provider") or "",
                      cover=_money(pen, row, "cover"), end=pen.date(end) if end else "?", mark=pen.mark(row))  # fmt: skip
    return Line(text)


def notes_section(material: Material, pen: Pen) -> Section:
    """The newest visit in its own words, then the figures that go with it."""
    if not material.notes:
        return Section("notes", pen.word("notes"), (Line(pen.phrase("notes_none"), "soft"),))
    first = material.notes[0]
    blocks: list[Block] = []
    shown: set[str] = set()
    for heading in TOLD:
        for passage in (p for p in material.notes if p.heading == heading):
            for quote in quotes(passage.text, [])[: 2 if heading in ("seen", "checked") else 1]:
                quote = quote.lstrip("·-•* ").strip('“”"')
                if quote and quote not in shown and len(shown) < MOST_QUOTES:
                    shown.add(quote)
                    blocks.append(
                        Line(
                            pen.phrase(
                                "notes_quote", section=pen.phrase(f"section_{heading}"), quote=quote, mark=pen.mark(passage)
                            )
                        )
                    )
    head = pen.phrase("notes_head", date=_dated(pen, first), name=pen.paper(first.source.document), mark=pen.mark(first))
    blocks.insert(0, Line(head))
    blocks += [Line(text, "warn") for one in material.contradictions[:MOST_DISPUTES] if (text := _dispute(material, pen, one))]
    for series in material.series:
        if series.name in AGAINST and series.latest is not None and series.before is not None:
            text = pen.phrase("notes_against", metric=pen.metric(series.name), v2=pen.short(series.latest), p2=pen.label(series.latest),
                              v1=pen.short(series.before), p1=pen.label(series.before))  # fmt: skip
            blocks.append(Line(text, "soft"))
    return Section("notes", pen.word("notes"), tuple(blocks))


def _dispute(material: Material, pen: Pen, one: Disagreement) -> str:
    """What contradicts what: quotes as they stand, reported values by their names; nothing when one side cannot be shown."""
    claims: dict[str, None] = {}
    for claim in one.claims:
        said = _claim(material, pen, claim)
        if not said:
            return ""
        claims[said] = None
    joint = ";" if pen.language == "zh" else "; "
    return pen.phrase("contradiction", title=one.title[pen.language], claims=joint.join(claims))


def _claim(material: Material, pen: Pen, claim: Claim) -> str:
    artifact = material.find("contradictions")
    if claim.kind == "observation":
        passage = next((p for p in artifact.passages if claim.text in p.text), None) if artifact else None
        text = claim.text.lstrip("·-•* ").strip('“”"。.')
        return pen.phrase("claim_quote", text=text, mark=pen.mark(passage)) if passage else ""
    if claim.kind == "fact":
        fact = next((f for f in artifact.facts if f.id == claim.id), None) if artifact else None
        return (
            pen.phrase("claim_value", name=pen.metric(fact.item), when=pen.label(fact), value=pen.short(fact)) if fact else ""
        )
    if claim.kind == "row" and claim.value is not None and claim.when is not None:
        row = next((r for r in material.rows["operations"] if f"operations:{r.id}" == claim.id), None)
        value = f"{claim.value:,.0f} {claim.unit or ''}".strip()
        name = pen.code("measure", claim.name)
        return pen.phrase("claim_value", name=name, when=pen.date(claim.when), value=value + pen.mark(row)) if row else ""
    return ""


def _dated(pen: Pen, passage: Passage) -> str:
    from datetime import date

    return pen.day(date.fromisoformat(passage.date[:10])) if passage.date else "?"
