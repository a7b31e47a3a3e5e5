"""Who of the bank looks after a borrower, and how the bank rates it: from the customer's row."""

from __future__ import annotations

from datetime import date

from assistant.analyst.drafting import Draft
from assistant.analyst.plans import Part
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact

MOST = 40
GRADES = ("AAA", "AA", "A", "BBB", "BB", "B", "CCC", "CC", "C", "D")


def write_officer(draft: Draft, part: Part) -> None:
    """The officer by name and id, and the branch."""
    for heard in part.borrowers:
        row = next((row for row in _customers(draft) if row.id == heard.id), None)
        if row is None or not row.columns.get("officer_id"):
            draft.say("officer_none", who=draft.who(heard.id))
            draft.is_("not_available")
            continue
        c = row.columns
        draft.say("officer_is", who=draft.who(heard.id), name=c.get("officer_name") or c["officer_id"], id=c["officer_id"], branch=c.get("branch_id") or "",
                  mark=draft.mark(row))  # fmt: skip
        draft.is_("answered")


def write_ratings(draft: Draft, part: Part) -> None:
    """The internal rating with its day: of the borrowers named, else of everyone, from the end asked for."""
    rows = [row for row in _customers(draft) if not part.borrowers or row.id in {heard.id for heard in part.borrowers}]
    rated = [row for row in rows if row.columns.get("internal_rating")]
    if part.borrowers:
        for heard in part.borrowers:
            row = next((row for row in rated if row.id == heard.id), None)
            if row is None:
                draft.say("rating_none", who=draft.who(heard.id))
            else:
                draft.say(
                    "rating_one",
                    who=draft.who(heard.id),
                    rating=row.columns["internal_rating"],
                    dated=_dated(draft, row),
                    mark=draft.mark(row),
                )
        draft.is_("answered")
        return
    best = bool(part.reading.cues & {"best", "highest"})
    rated.sort(key=lambda row: (grade(str(row.columns["internal_rating"])) * (1 if best else -1), row.id))
    draft.say("rating_head", order=draft.phrase("rating_order_best" if best else "rating_order_worst"))
    for row in rated[: part.reading.top or MOST]:
        draft.say(
            "rating_line",
            who=draft.who(row.id),
            rating=row.columns["internal_rating"],
            dated=_dated(draft, row),
            mark=draft.mark(row),
        )
    draft.is_("answered" if rated else "not_available")


def grade(rating: str) -> int:
    """Where a grade stands, the best at nought."""
    letters = rating.strip().upper().rstrip("+-")
    place = GRADES.index(letters) if letters in GRADES else len(GRADES)
    return place * 3 + {"+": 0, "-": 2}.get(rating.strip()[-1:], 1)


def _dated(draft: Draft, row: Row) -> str:
    text = row.columns.get("rating_date")
    return draft.phrase("rating_dated", date=draft.day(date.fromisoformat(text))) if text else ""


def _customers(draft: Draft) -> list[Row]:
    found: list[Artifact] = [a for a in draft.artifacts if a.tool == "book_rows" and a.arguments.get("table") == "customers"]
    return list({row.id: row for artifact in found for row in artifact.rows}.values())
