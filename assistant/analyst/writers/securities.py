"""Answers about collateral by age and insurance, guarantee circles over the whole book, and payments received."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from assistant.analyst.writers.book import described, row_line
from assistant.analyst.writers.sheets import write_exposure
from assistant.analyst.writers.warnings import artifact_of, count_in
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value

MOST = 20


def write_securities(draft: Draft, part: Part) -> None:
    """When each piece was valued and how long ago, and when its insurance ends; of one borrower or of everyone."""
    for artifact in [a for a in draft.artifacts if a.tool == "collateral_ages"]:
        owner = artifact.arguments.get("borrower")
        rows = _asked(artifact, part)
        if "seized" in part.reading.cues:
            draft.say("pieces_seized" if rows else "pieces_not_seized", date=draft.day(draft.as_of))
        else:
            _head(draft, artifact, rows, str(owner) if owner else "")
        for row in rows[:MOST]:
            _piece(draft, artifact, row, named=not owner)
        for missing in artifact.missing[:5]:
            draft.say("insurance_unknown", id=missing.partition(":")[0])
        insured = _insured(draft, str(owner)) if owner and "insurance" in part.reading.cues else 0
        draft.is_("answered" if rows or insured or not owner or artifact.rows else "not_available")


def _insured(draft: Draft, owner: str) -> int:
    """Credit insurance and other cover of the loans themselves: "is there insurance?" may mean that."""
    said = 0
    for artifact in [a for a in draft.artifacts if a.tool == "book_rows" and a.arguments.get("table") == "mitigants"]:
        for row in artifact.rows[:MOST] if artifact.arguments.get("borrower") == owner else ():
            draft.add(f"- {row_line(draft, row)}{draft.mark(row)}")
            said += 1
    return said


def write_covered(draft: Draft, part: Part) -> None:
    """What covers the exposure, and when that was valued if it is asked for."""
    write_exposure(draft, part)
    for artifact in [a for a in draft.artifacts if a.tool == "collateral_ages"]:
        _pledged(draft, artifact, _asked(artifact, part))
    if part.reading.cues & {"valued_when", "valuation_age", "insurance"}:
        write_securities(draft, part)


def _pledged(draft: Draft, artifact: Artifact, rows: list[Row]) -> None:
    """What is owed on the loans behind each piece against what it was valued at, and of all pieces together."""
    for row in rows[:MOST]:
        known = {v.name: v for v in artifact.values if v.about == row.id}
        if "pledge_ratio" in known:
            what = described(row.columns.get("description") or "") or draft.glossary.word(
                "collateral_type", row.columns.get("type"), draft.language
            )
            draft.say("piece_pledged", id=row.id, what=what, **_ratio(draft, known))
    whole = {v.name: v for v in artifact.values if v.about.startswith("pledged:")}
    if len(rows) > 1 and "pledge_ratio" in whole:
        draft.say("pieces_pledged", **_ratio(draft, whole))


def _ratio(draft: Draft, known: dict[str, Value]) -> dict[str, str]:
    owed, worth, ratio = known["secured_balance"], known["pledged_value"], known["pledge_ratio"]
    return {
        "balance": draft.number(owed, marked=False),
        "value": draft.number(worth, marked=False),
        "ratio": draft.number(ratio),
    }


def _asked(artifact: Artifact, part: Part) -> list[Row]:
    """Pieces whose number or description the question names; all of them when it names none."""
    words = [word for word in part.reading.topic if len(word) > 1]
    ids = {id.upper() for id in part.reading.identifiers}
    loans = set(part.loans)
    if "seized" in part.reading.cues:
        return [row for row in artifact.rows if row.columns.get("seized_on")]
    named = [
        row
        for row in artifact.rows
        if row.id.upper() in ids
        or loans & set((row.columns.get("loan_ids") or "").split(";"))
        or any(word.lower() in (row.columns.get("description") or "").lower() for word in words)
    ]
    return named or list(artifact.rows)


def _head(draft: Draft, artifact: Artifact, rows: list[Row], owner: str) -> None:
    months = next((v for v in artifact.values if v.name == "asked_months"), None)
    first, last = (artifact.arguments.get(key) for key in ("insurance_from", "insurance_to"))
    found = "none" if not rows else "some"
    count = count_in(artifact, "collateral_matching")
    slots = {"n": draft.number(count, marked=False) if count else "", "date": draft.day(draft.as_of)}
    if last:
        stretch = {
            "first": draft.day(date.fromisoformat(str(first or draft.as_of))),
            "last": draft.day(date.fromisoformat(str(last))),
        }
        draft.say(f"insurance_{found}", **slots, **stretch)
    elif months is not None:
        draft.say(f"valuations_{found}", months=draft.number(months, marked=False), **slots)
    elif owner:
        draft.say("securities_head" if rows else "table_none_collateral", who=draft.who(owner), **slots)
    else:
        draft.say("securities_all" if rows else "securities_none", **slots)


def _piece(draft: Draft, artifact: Artifact, row: Row, *, named: bool) -> None:
    known = {v.name: v for v in artifact.values if v.about == row.id}
    valued, months, worth = known.get("valued_on"), known.get("valuation_months"), known.get("collateral_value")
    said = []
    if valued is not None and valued.when and months is not None and worth is not None:
        said.append(
            draft.phrase(
                "piece_valued",
                date=draft.day(valued.when),
                value=draft.number(worth, marked=False),
                months=draft.number(months, marked=False),
            )
        )
    else:
        said.append(draft.phrase("piece_not_valued"))
    if (insured := known.get("insurance_end")) is not None and insured.when:
        days = known["insurance_days"]
        left = days.value is not None and days.value >= 0
        said.append(draft.phrase("piece_insured" if left else "piece_uninsured", date=draft.day(insured.when),
                                 days=draft.number(days, marked=False) if left else ""))  # fmt: skip
    c = row.columns
    if seized := c.get("seized_on"):
        said.append(draft.phrase("piece_seized", date=draft.day_of(seized)))
    if (c.get("lien_rank") or "1") not in ("1", "1.0"):
        said.append(draft.phrase("piece_rank", rank=c["lien_rank"]))
    draft.say("piece_line", who=f"{draft.who(c['customer_id'])} " if named else "", id=row.id, mark=draft.mark(row),
              what=described(c.get("description") or "") or draft.glossary.word("collateral_type", c.get("type"), draft.language),
              said="; ".join(said) if draft.language == "en" else ";".join(said))  # fmt: skip


def write_circles(draft: Draft, part: Part) -> None:
    """Each circle: who guarantees whom all the way round, what we have out in it, and to whom."""
    artifact = artifact_of(draft, "guarantee_circles")
    if artifact is None:
        return
    keys = list(dict.fromkeys(v.about for v in artifact.values if v.name == "circle_member"))
    if not keys:
        draft.say("circles_none", date=draft.day(draft.as_of))
    for key in keys[:5]:
        ring = [v for v in artifact.values if v.name == "circle_member" and v.about == key]
        total = [v for v in artifact.values if v.name == "exposure_at_risk" and v.about == key]
        names = [draft.who(v.state) for v in ring]
        draft.say("circle_ring", ring=draft.phrase("ring_arrow").join(names), mark=draft.mark(ring[0]))
        if total:
            draft.say("circle_exposure", total=draft.listed([draft.number(v) for v in total]))
        for one, other in pairwise(ring):
            given = next(
                (v for v in artifact.values if v.name == "guaranteed" and v.about == one.state and v.borrower == other.state),
                None,
            )
            if given is not None:
                draft.say(
                    "circle_guarantee",
                    guarantor=draft.who(one.state),
                    debtor=draft.who(other.state),
                    amount=draft.number(given),
                )
        for member in dict.fromkeys(v.state for v in ring):
            owed = [v for v in artifact.values if v.name == "member_exposure" and v.about == member]
            if owed:
                draft.say("circle_member", who=draft.who(member), amount=draft.listed([draft.number(v) for v in owed]))
    draft.is_("answered")


def _paid_in_all(draft: Draft, part: Part, artifact: Artifact) -> bool:
    """What came in over the stretch asked about, with how much of it was principal and interest; whether it was told."""
    first, last = artifact.arguments.get("from_date"), artifact.arguments.get("to_date")
    if not first or not last:
        return False
    over = [v for v in artifact.values if v.about == "window" and v.name.startswith("paid")]
    whole = [v for v in over if v.name == "paid"]
    for total in whole:
        parts = [v for v in over if v.name != "paid" and v.currency == total.currency]
        told = draft.listed([draft.phrase(v.name, amount=draft.number(v)) for v in parts])
        sole = told if len(parts) == 1 else draft.number(total)
        loan = artifact.arguments.get("loan")
        draft.say("paid_in_all", who=draft.who(total.borrower) if not loan else str(loan), first=draft.day(date.fromisoformat(str(first))),
                  last=draft.day(total.when or draft.as_of), total=sole, parts=draft.phrase("paid_parts", parts=told) if len(parts) > 1 else "")  # fmt: skip
    return bool(whole)


def write_repayments(draft: Draft, part: Part) -> None:
    """The newest day money came in on each loan first, with what it was for; then the days before."""
    for artifact in [a for a in draft.artifacts if a.tool == "repayments"]:
        days: list[Value] = [v for v in artifact.values if v.name == "paid" and v.about != "window"]
        totals = _paid_in_all(draft, part, artifact)
        for place, value in enumerate(days[:MOST]):
            newest = value.about not in {v.about for v in days[:place]}
            parts = [
                v for v in artifact.values if v.name.startswith("paid_") and v.about == value.about and v.when == value.when
            ]
            told = draft.listed([draft.phrase(v.name, amount=draft.number(v)) for v in parts]) if len(parts) > 1 else ""
            draft.say("paid_last" if newest and not totals else "paid_before", loan=value.about, date=draft.day(value.when or draft.as_of),
                      total=draft.number(value), parts=draft.phrase("paid_parts", parts=told) if told else "")  # fmt: skip
        for missing in artifact.missing[:MOST]:
            draft.say("paid_none", loan=missing.partition(":")[0])
        draft.is_("answered" if days or totals else "not_available")
