"""A borrower rated by the scorecard: figures of its newest statements, conduct here and elsewhere, beside the bank's own rating.

The card proposes. What the bank's people gave stays until a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tools.domain.book_evidence import evidence
from tools.domain.facts import Row
from tools.domain.figures import Figure
from tools.domain.money import plain
from tools.domain.outcomes import Outcome, missing
from tools.domain.periods import add_months
from tools.domain.scorecard import Earned, Rating, Scorecard, rate
from tools.errors import BadRequest, NotPermitted
from tools.rulebook.scorecards import scorecard_under
from tools.store.proposals import Proposal
from tools.toolbox.desk import Desk
from tools.toolbox.loan_states import running, views_of

KIND = "rating"
YEAR = 12


@dataclass(frozen=True, slots=True)
class RatingView:
    """A rating with what the bank holds now. `worse_by`: grades by which the card is worse than the bank's own rating (negative: better);
    None when there is no grade or the bank's rating is not on the card's scale."""

    borrower: str
    as_of: date
    rating: Rating
    current: str | None
    current_on: date | None

    @property
    def worse_by(self) -> int | None:
        """Grades between the bank's rating and the card's."""
        card, held = self.rating.card, self.rating.card.rank(self.current)
        return None if held is None or self.rating.grade is None else card.order.index(self.rating.grade) - held

    @property
    def rules(self) -> tuple[str, ...]:
        """The card and the caps the grade rests on."""
        return (self.rating.card.key, *(cap.id for cap in self.rating.capped_by))

    def shape(self) -> dict[str, Any]:
        """As JSON: grade, points, reasons, caps, what is missing, every characteristic with its evidence."""
        found, card = self.rating, self.rating.card
        return {
            "borrower": self.borrower, "as_of": self.as_of.isoformat(), "scorecard": card.key, "name": dict(card.name),
            "status": "ok" if found.grade is not None else "not_computable", "grade": found.grade, "by_points": found.by_points,
            "points": found.points, "of": sum(one.characteristic.most for one in found.earned), "known": plain(found.known),
            "missing": list(found.missing), "current": self.current, "current_on": self.current_on.isoformat() if self.current_on else None,
            "worse_by": self.worse_by, "reasons": [_reason(one) for one in found.reasons],
            "caps": [{"code": cap.id, "grade": cap.grade, "when": cap.text, "name": dict(cap.name)} for cap in found.capped_by],
            "caps_unknown": [cap.id for cap in found.untold], "characteristics": [_reason(one) for one in found.earned], "rules": list(self.rules),
        }  # fmt: skip

    def evidence(self) -> list[dict[str, Any]]:
        """What a proposal carries: every reason with its value, and what it opens to."""
        return [{"kind": "reason", **_reason(one)} for one in self.rating.reasons]

    def explanation(self) -> dict[str, str]:
        """One sentence in each language."""
        found = self.rating
        zh = "、".join([cap.name["zh"] for cap in found.capped_by] + [one.characteristic.name["zh"] for one in found.reasons])
        en = ", ".join([cap.name["en"] for cap in found.capped_by] + [one.characteristic.name["en"] for one in found.reasons])
        return {
            "zh": f"评分卡{found.points}分,建议{found.grade}(现行{self.current or '无'}):{zh}。",
            "en": f"Scorecard {found.points} points, {found.grade} proposed (now {self.current or 'none'}): {en}.",
        }


def rating_of(desk: Desk, borrower: str) -> RatingView:
    """One borrower's rating at the desk's clocks. UnknownBorrower when the caller sees none such."""
    who = desk.borrower(borrower).id
    card = scorecard_under(desk.rulebook, desk.clocks.as_of, desk.clocks.known_at.date())
    reader = _Reader(desk, who, card)
    reasons = desk.rulebook.reasons
    found = rate(card, reader.find, lambda reason: reasons[reason].reads_as if reason in reasons else "neutral")
    rows = desk.loan_book.rows(desk.caller, "customers", desk.clocks, borrower=who)
    row = rows[0] if rows else {}
    return RatingView(who, desk.clocks.as_of, found, row.get("internal_rating"), row.get("rating_date"))


def propose_rating(desk: Desk, view: RatingView) -> Proposal:
    """Puts the card's grade to a second person; who asked is the maker. Raises BadRequest without a grade, NotPermitted for a reader."""
    if view.rating.grade is None:
        raise BadRequest(
            f"no grade to propose: {', '.join(view.rating.missing)} missing", fix="Ingest the borrower's statements first"
        )
    if desk.now is None or not desk.caller.can_write:
        raise NotPermitted("your role may not propose changes", where=f"user {desk.caller.user}")
    return desk.store.proposals.propose(
        desk.caller, borrower=view.borrower, kind=KIND, current=view.current, proposed=view.rating.grade, rules=view.rules,
        evidence=view.evidence(), explanation=view.explanation(), as_of=view.as_of, at=desk.now,
    )  # fmt: skip


@dataclass
class _Reader:
    """Measures of one borrower by name, each read once."""

    desk: Desk
    borrower: str
    card: Scorecard
    made: dict[str, Outcome] = field(default_factory=dict)

    def find(self, name: str) -> Outcome:
        if name not in self.made:
            own = {"worst_dpd": self._dpd, "worst_dpd_12m": self._dpd_12m, "overdue_elsewhere": self._elsewhere}.get(name)
            self.made[name] = own() if own is not None else self._figure(name)
        return self.made[name]

    def _figure(self, name: str) -> Outcome:
        held = self.desk.book(self.borrower)
        scopes = held.scopes()
        if not scopes:
            return missing(name, "statements are missing")
        made = self.desk.evaluator(self.borrower, scopes[0]).newest(name, None, self.desk.clocks.as_of)
        if made is None or made.period_end < add_months(self.desk.clocks.as_of, -self.card.stale_months):
            return missing(name, f"no statements of the last {self.card.stale_months} months")
        if made.status == "not_computable":
            return Outcome(missing=(name,), details=made.missing, inputs=(made,))
        return Outcome(made.value, reason=made.reason if made.value is None else "", inputs=(made,))

    def _dpd(self) -> Outcome:
        views = [view for view in views_of(self.desk, self.borrower) if running(view)]
        if not views or any(view.dpd is None for view in views):
            return missing("worst_dpd", "postings of the loans are missing")
        worst = max(views, key=lambda view: view.dpd or 0)
        return Outcome(Decimal(worst.dpd or 0), inputs=self._loan(worst.terms.id))

    def _dpd_12m(self) -> Outcome:
        since = add_months(self.desk.clocks.as_of, -YEAR)
        views = views_of(self.desk, self.borrower)
        if not views or any(view.dpd is None and running(view) for view in views):
            return missing("worst_dpd_12m", "postings of the loans are missing")
        worst, loan = 0, views[0].terms.id
        for view in views:
            past = view.max_dpd or 0 if view.max_dpd_on is not None and view.max_dpd_on >= since else 0
            if max(past, view.dpd or 0) > worst:
                worst, loan = max(past, view.dpd or 0), view.terms.id
        return Outcome(Decimal(worst), inputs=self._loan(loan))

    def _elsewhere(self) -> Outcome:
        rows = self.desk.loan_book.rows(self.desk.caller, "bureau", self.desk.clocks, borrower=self.borrower)
        newest = max(rows, key=lambda row: row["date"], default=None)
        if newest is None or newest.get("other_bank_overdue") is None:
            return missing("overdue_elsewhere", "a credit report is missing")
        return Outcome(newest["other_bank_overdue"], inputs=(evidence("bureau", newest),))

    def _loan(self, id: str) -> tuple[Row, ...]:
        row = self.desk.loan_book.row(self.desk.caller, "loans", id, self.desk.clocks)
        return (row,) if row is not None else ()


def _reason(one: Earned) -> dict[str, Any]:
    characteristic, found = one.characteristic, one.found
    return {
        "code": characteristic.id, "measure": characteristic.measure, "name": dict(characteristic.name),
        "value": plain(found.number) if found.number is not None else None, "reason": found.reason, "missing": bool(found.missing),
        "points": one.points, "of": characteristic.most, "lost": one.lost, "evidence": [_opens(item) for item in found.inputs],
    }  # fmt: skip


def _opens(item: Any) -> dict[str, Any]:
    if isinstance(item, Figure):
        return {
            "kind": "figure",
            "id": item.id,
            "name": item.name,
            "period_end": item.period_end.isoformat(),
            "basis": item.basis,
            "rule": item.rule,
        }
    return {"kind": "row", "table": item.table, "id": item.id} if isinstance(item, Row) else {"kind": "fact", "id": item.id}
