"""The signals of one borrower now, for whoever asks: the same judging as the run, a piece of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tools.domain.evaluation import Evaluator
from tools.domain.signal_case import Case
from tools.domain.signals import SignalVerdict
from tools.monitor.judging import Before, Judge, before_of, own_severity
from tools.monitor.material import Material
from tools.monitor.neighbours import around
from tools.rulebook.signal_rules import SignalBook, signals_under
from tools.store.signal_results import Recorded
from tools.toolbox.desk import Desk


def signal_book(desk: Desk) -> SignalBook:
    """The signals the bank had written down by the knowledge date."""
    return signals_under(desk.rulebook, desk.clocks.known_at.date())


def signals_of(desk: Desk, borrower: str) -> list[SignalVerdict]:
    """Every signal of one borrower at the desk's clocks. UnknownBorrower when the caller sees none such."""
    who = desk.borrower(borrower).id
    key = ("signals", who)
    if key not in desk.kept:
        desk.kept[key] = _judged(desk, who)
    found: list[SignalVerdict] = desk.kept[key]
    return found


def with_papers(desk: Desk, borrowers: Iterable[str]) -> frozenset[str]:
    """Those of whom there is a fact or a document."""
    return frozenset(desk.store.documents.holders(desk.caller, list(borrowers)))


def evaluator_of(desk: Desk, case: Case) -> Evaluator | None:
    """The borrower's figures, None without statements."""
    if case.figure is None:
        return None
    return desk.evaluator(case.borrower, desk.book(case.borrower).scopes()[0])


def earlier(recorded: Mapping[str, Recorded], borrower: str) -> Before:
    """What was recorded of a borrower for an earlier business date."""
    found = recorded.get(borrower)
    return before_of(found.verdicts) if found else {}


def _judged(desk: Desk, who: str) -> list[SignalVerdict]:
    book = signal_book(desk)
    nearby = around(desk, who)
    judge = Judge(desk.rulebook, book, desk.clocks.as_of, sees_all=desk.caller.everything)
    component = [party for party in nearby.of(who).component if party in nearby.members]
    seen = [who, *(p for p in component if p != who and desk.store.borrowers.get(desk.caller, p) is not None)]
    before = desk.store.signal_results.before(desk.caller, desk.clocks.as_of, seen, desk.clocks.known_at)
    material = Material(desk, book, seen, with_papers(desk, seen), nearby)
    own: list[SignalVerdict] = []
    for member in seen:
        case = material.case(member)
        verdicts = judge.own_account(case, evaluator_of(desk, case), earlier(before, member))
        nearby.severities[member] = own_severity(verdicts)
        if member == who:
            own = verdicts
    case = material.case(who)
    own += judge.around(case, evaluator_of(desk, case), earlier(before, who))
    order = {signal.id: place for place, signal in enumerate(judge.signals)}
    return sorted(own, key=lambda verdict: (order[verdict.signal], verdict.loan or ""))
