"""Proposals of classification and rating: the worst floor a loan hits when it is worse than what the books say, and the scorecard's grade
when it is far worse than the bank's own. A second person decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from tools.domain.callers import Caller
from tools.domain.classification import Classification
from tools.domain.loan_views import LoanView
from tools.domain.rules import RuleResult
from tools.domain.signal_case import FINISHED
from tools.store.database import Store
from tools.store.proposals import MONITOR, Proposal
from tools.toolbox import rendering
from tools.toolbox.ratings import KIND as RATING
from tools.toolbox.ratings import RatingView

KIND = "classification"


def propose(
    store: Store, caller: Caller, views: Iterable[LoanView], known: Sequence[Proposal], as_of: date, at: datetime
) -> list[Proposal]:
    """Puts a case for each loan whose floor is worse than its category, and takes back open ones whose cause is gone."""
    made: list[Proposal] = []
    standing: set[str] = set()
    for view in views:
        result = view.classification
        if view.terms.status in FINISHED or result is None or not _worse(result):
            continue
        standing.add(view.terms.id)
        made.append(
            store.proposals.propose(
                caller, borrower=view.terms.borrower, loan=view.terms.id, kind=KIND, current=result.current, proposed=result.proposed,
                rules=[hit.rule.key for hit in result.floors], stage=result.stage, evidence=_evidence(result), as_of=as_of, at=at, by=MONITOR,
                explanation={language: " ".join(told_by(hit)[language] for hit in result.floors) for language in ("zh", "en")},
            )
        )  # fmt: skip
    for proposal in known:
        if proposal.kind == KIND and proposal.state == "open" and proposal.by == MONITOR and proposal.loan not in standing:
            store.proposals.withdraw(caller, proposal.id, "the floor is no longer hit, or the books have followed", at)
    return made


def propose_rating(
    store: Store, caller: Caller, view: RatingView, known: Sequence[Proposal], as_of: date, at: datetime
) -> None:
    """Puts the card's grade when it is so much worse than the bank's rating, and takes an open one back when it no longer is."""
    worse = view.worse_by
    if worse is not None and worse >= view.rating.card.worse_by and view.rating.grade is not None:
        store.proposals.propose(
            caller, borrower=view.borrower, kind=RATING, current=view.current, proposed=view.rating.grade, rules=view.rules,
            evidence=view.evidence(), explanation=view.explanation(), as_of=as_of, at=at, by=MONITOR,
        )  # fmt: skip
        return
    for proposal in known:
        if proposal.kind == RATING and proposal.state == "open" and proposal.by == MONITOR:
            store.proposals.withdraw(caller, proposal.id, "the card's grade is no longer far from the bank's rating", at)


def told_by(hit: RuleResult) -> dict[str, str]:
    """The rule's sentence with this loan's values, four decimals at most, in both languages."""
    return {language: _told(hit, language) for language in ("zh", "en")}


def _told(hit: RuleResult, language: str) -> str:
    text = hit.rule.explain[language]
    for name, known in hit.inputs.items():
        shown = rendering.grouped(known.value, 0, 4) if isinstance(known.value, Decimal) else known.text
        text = text.replace("{" + name + "}", shown)
    return text


def _worse(result: Classification) -> bool:
    """A floor is hit, and the books have not followed it."""
    return bool(result.floors) and result.proposed != (result.current or "normal")


def _evidence(result: Classification) -> list[dict[str, str]]:
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for hit in result.floors:
        for known in hit.inputs.values():
            for table, id in known.rows:
                seen.setdefault((table, id), {"kind": "row", "table": table, "id": id, "rule": hit.rule.key})
    return list(seen.values())
