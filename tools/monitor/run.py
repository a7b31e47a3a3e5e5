"""The portfolio run: every borrower the caller may see, judged, recorded, turned into alerts and proposals.

The book is read shard by shard; each piece is recorded in one transaction, so that a run that dies has lost nothing and is simply
run again: what it finds a second time it does not record a second time. A run at clocks earlier than one already recorded looks
back: it reports and changes nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from tools.domain.callers import Caller
from tools.domain.loan_views import LoanView
from tools.domain.names import Borrower
from tools.domain.periods import Clocks
from tools.domain.signal_case import FINISHED
from tools.domain.signals import SignalVerdict
from tools.errors import BadRequest, NotPermitted
from tools.monitor.alerting import Subject, decide
from tools.monitor.judging import OUT_OF_SIGHT, Judge, before_of, own_severity
from tools.monitor.levels import cases, counted_red, propose_levels, standing_of
from tools.monitor.live import earlier, evaluator_of, signal_book
from tools.monitor.material import Material
from tools.monitor.neighbours import Neighbourhood, neighbourhood
from tools.monitor.proposing import propose, propose_rating
from tools.rulebook.loan_rules import classification_under
from tools.rulebook.signal_rules import SignalBook, check_names
from tools.store.alert_records import Alert
from tools.store.columns import canonical_json
from tools.store.proposals import Proposal
from tools.store.snapshots import shard_of
from tools.toolbox.desk import Desk
from tools.toolbox.ratings import rating_of

ENGINES = ("local",)
PIECE = 400
"""Most borrowers judged from one reading; what is kept of them lives as long."""
MOST_KEPT = 2000
"""Borrowers whose own verdicts are kept between the two passes; beyond that they are judged again."""
READERS = frozenset({"auditor", "admin", "service"})
Progress = Callable[[str], None]
DeskAt = Callable[[], Desk]


@dataclass
class MonitorReport:
    """What a run found. `results` and `proposed` are kept only when asked for."""

    clocks: Clocks
    loans: int = 0
    borrowers: int = 0
    seconds: float = 0.0
    signals: dict[str, dict[str, int]] = field(default_factory=dict)
    opened: int = 0
    cleared: int = 0
    updated: int = 0
    open: int = 0
    held_back: int = 0
    proposals: int = 0
    recorded: bool = False
    looking_back: bool = False
    results: list[SignalVerdict] = field(default_factory=list)
    proposed: list[Proposal] = field(default_factory=list)
    digest: str = ""

    def shape(self, detail: bool = False) -> dict[str, Any]:
        """The `monitor` shape; `detail` adds results and proposals."""
        shape: dict[str, Any] = {
            "as_of": self.clocks.as_of.isoformat(), "loans": self.loans, "borrowers": self.borrowers, "seconds": round(self.seconds, 2),
            "signals": self.signals, "alerts": {"opened": self.opened, "cleared": self.cleared, "open": self.open, "updated": self.updated,
                                                "held_back": self.held_back},
            "proposals": self.proposals, "recorded": self.recorded, "looking_back": self.looking_back,
        }  # fmt: skip
        if detail:
            shape["results"] = [verdict.shape() for verdict in self.results]
            shape["proposals"] = [proposal.shape() for proposal in self.proposed]
        return shape


def over_everybody(desk: Desk, progress: Progress) -> list[SignalVerdict]:
    """Every verdict at the desk's clocks, by borrower; nothing is recorded."""

    def again() -> Desk:
        return Desk(desk.store, desk.loan_book, desk.rulebook, desk.search, desk.caller, desk.clocks, desk.names)

    run = Run(again, desk.caller, desk.clocks, desk.clocks.known_at, progress, True)
    run.report.looking_back = True
    return sorted(run.go().results, key=lambda verdict: verdict.borrower)


def run_monitor(
    desk_at: DeskAt,
    caller: Caller,
    clocks: Clocks,
    now: datetime,
    progress: Progress = lambda text: None,
    *,
    engine: str = "local",
    detail: bool = False,
) -> MonitorReport:
    """One run over everything the caller may see. `desk_at` gives a fresh desk for each piece. Raises BadRequest for an engine that
    does not exist, NotPermitted for a role that may not run it."""
    if engine not in ENGINES:
        raise BadRequest(f"no engine {engine!r}", where="--engine", fix=f"Use one of {', '.join(ENGINES)}")
    refuse_reader(caller)
    return Run(desk_at, caller, clocks, now, progress, detail).go()


def refuse_reader(caller: Caller) -> None:
    """NotPermitted for a role that may not run the monitor."""
    if caller.role in READERS or not caller.can_write:
        raise NotPermitted(f"the role {caller.role} does not run the monitor", where=f"user {caller.user}")


class Run:
    """One run in progress."""

    def __init__(
        self, desk_at: DeskAt, caller: Caller, clocks: Clocks, now: datetime, progress: Progress, detail: bool
    ) -> None:
        self.desk_at, self.caller, self.clocks, self.now, self.progress, self.detail = (
            desk_at,
            caller,
            clocks,
            now,
            progress,
            detail,
        )
        self.desk = desk_at()
        self.store = self.desk.store
        self.book: SignalBook = signal_book(self.desk)
        check_names(self.book, self.desk.rulebook)
        self.judge = Judge(self.desk.rulebook, self.book, clocks.as_of, sees_all=caller.everything)
        self._classes = classification_under(self.desk.rulebook, clocks.known_at.date())
        self.report = MonitorReport(
            clocks, signals={signal.id: {"hit": 0, "clear": 0, "unknown": 0} for signal in self.judge.signals}
        )
        latest = self.store.signal_results.newest_clocks()
        self.report.looking_back = latest is not None and (clocks.as_of < latest.as_of or clocks.known_at < latest.known_at)
        self._digest = hashlib.sha256()
        self._changed = 0
        self._own: dict[str, list[SignalVerdict]] = {}
        self.everyone = self._borrowers()
        self._papers = with_papers_of_all(self.desk)
        self._around = neighbourhood(self.desk) if self.everyone else Neighbourhood()

    def go(self) -> MonitorReport:
        """The run: own accounts first, then those whose signals depend on how others stand."""
        began = time.perf_counter()
        everyone = self.everyone
        self.stand()
        done = 0
        for piece in self.pieces():
            self._piece(piece)
            done += len(piece)
            self.progress(
                f"{done:,} of {len(everyone):,} borrowers · {self.report.loans:,} loans · {self.report.opened} alerts opened"
            )
        self.report.open = len(self.store.alerts.list(self.caller))
        self.report.proposals = len(self.store.proposals.list(self.caller))
        if self.detail:
            self.report.proposed = list(self.store.proposals.list(self.caller))
        self.report.digest = self._digest.hexdigest()
        self.report.seconds = time.perf_counter() - began
        if not self.report.looking_back:
            shape = {k: v for k, v in self.report.shape().items() if k not in ("seconds", "recorded")}
            shape["rulebook"] = self.desk.rulebook.digest
            self.report.recorded = self.store.signal_results.finish(
                self.caller, self.clocks, self.now, self.report.digest, shape
            )
        return self.report

    def pieces(self) -> Iterator[list[str]]:
        """Everybody, in pieces of one reading each."""
        return pieces(self.everyone, self._shards())

    def stand(self) -> None:
        """How everybody stands who guarantees or is guaranteed: others' signals look at it."""
        around = self._around
        joined = [borrower for borrower in self.everyone if borrower in around.members]
        for piece in pieces(joined, self._shards()):
            desk = self._piece_desk()
            material = Material(desk, self.book, piece, self._papers, around)
            before = self.store.signal_results.before(self.caller, self.clocks.as_of, piece, self.clocks.known_at)
            for borrower in piece:
                case = material.case(borrower)
                found = self.judge.own_account(case, evaluator_of(desk, case), earlier(before, borrower))
                around.severities[borrower] = own_severity(found)
                if len(self._own) < MOST_KEPT:
                    self._own[borrower] = found

    def _piece_desk(self) -> Desk:
        """A fresh desk that knows what was traced already: following money twice finds the same."""
        desk = self.desk_at()
        desk.kept.update({key: held for key, held in self.desk.kept.items() if key == "seen_loans" or key[0] == "usage"})
        return desk

    def judged(self, piece: Sequence[str]) -> tuple[Material, dict[str, list[SignalVerdict]]]:
        """What is known of the borrowers of a piece, and every verdict of those who are watched."""
        desk, around = self._piece_desk(), self._around
        material = Material(desk, self.book, piece, self._papers, around)
        before = self.store.signal_results.before(self.caller, self.clocks.as_of, piece, self.clocks.known_at)
        judged: dict[str, list[SignalVerdict]] = {}
        for borrower in piece:
            if not material.runs(borrower):
                continue
            case = material.case(borrower)
            evaluator, last = evaluator_of(desk, case), earlier(before, borrower)
            own = self._own.pop(borrower, None) or self.judge.own_account(case, evaluator, last)
            around.severities[borrower] = own_severity(own)
            judged[borrower] = own + self.judge.around(case, evaluator, last)
        return material, judged

    def _piece(self, piece: Sequence[str]) -> None:
        material, judged = self.judged(piece)
        for borrower, verdicts in judged.items():
            self._count(borrower, verdicts, material.views(borrower))
        if judged and not self.report.looking_back:
            self._record(material, judged)

    def _record(self, material: Material, judged: Mapping[str, Sequence[SignalVerdict]]) -> None:
        """Everything of one piece in one transaction: verdicts, alerts, proposals, their records."""
        with self.store.transaction():
            results = {borrower: [v.record() for v in verdicts] for borrower, verdicts in judged.items()}
            if not self.caller.everything:
                self._keep_what_is_out_of_sight(results, judged)
            self._changed += self.store.signal_results.record(
                self.caller, self.clocks.as_of, self.clocks.known_at, self.now, results
            )
            known: dict[str, dict[str, Alert]] = defaultdict(dict)
            for alert in self.store.alerts.of_borrowers(self.caller, list(judged)):
                known[alert.borrower][alert.family] = alert
            open_: dict[str, list[Proposal]] = defaultdict(list)
            for proposal in self.store.proposals.of_borrowers(self.caller, list(judged)):
                open_[proposal.borrower].append(proposal)
            people = {b.id: b for b in self.store.borrowers.several(self.caller, list(judged))}
            for borrower, verdicts in judged.items():
                subject = (
                    subject_of(people[borrower])
                    if borrower in people
                    else Subject(borrower, dict.fromkeys(("zh", "en"), borrower), None, "en")
                )
                alerts = dict(known[borrower])
                red = partial(counted_red, self.book, open_[borrower])
                for decision in decide(self.book, subject, verdicts, known[borrower], self.clocks.as_of, self.now, red):
                    self.store.alerts.record(self.caller, decision.act, decision.alert, self.now)
                    alerts[decision.alert.family] = decision.alert
                    self._noted(decision.act)
                views = material.views(borrower)
                propose(self.store, self.caller, views, open_[borrower], self.clocks.as_of, self.now)
                self._put_levels(borrower, verdicts, list(alerts.values()), open_[borrower], views)
                if borrower in self._papers:
                    rated = rating_of(material.desk, borrower)
                    propose_rating(self.store, self.caller, rated, open_[borrower], self.clocks.as_of, self.now)

    def _put_levels(
        self,
        borrower: str,
        verdicts: Sequence[SignalVerdict],
        alerts: Sequence[Alert],
        known: Sequence[Proposal],
        views: Iterable[LoanView],
    ) -> None:
        """Watch level and combined severity of one borrower, put to a person."""
        performing = not any(self._npl(view) for view in views)
        standing = standing_of(self.book, alerts, verdicts)
        wanted = cases(self.book, standing, alerts, known, self.clocks.as_of, performing=performing)
        propose_levels(self.store, self.caller, borrower, wanted, known, self.clocks.as_of, self.now)

    def _npl(self, view: LoanView) -> bool:
        if view.terms.status in FINISHED or view.classification is None:
            return False
        category = self._classes.category
        return any(category(id).npl for id in (view.classification.current, view.classification.proposed) if id)

    def _keep_what_is_out_of_sight(
        self, results: dict[str, list[dict[str, Any]]], judged: Mapping[str, Sequence[SignalVerdict]]
    ) -> None:
        """Where this caller cannot look, what somebody who can recorded for the same day stands."""
        known = self.store.signal_results.newest(self.caller, Clocks(self.clocks.as_of, self.now), list(judged))
        for borrower, verdicts in judged.items():
            recorded = known.get(borrower)
            if recorded is None or recorded.as_of != self.clocks.as_of:
                continue
            then = before_of(recorded.verdicts)
            results[borrower] = [
                dict(then.get((v.signal, v.loan or ""), v.record())) if OUT_OF_SIGHT in v.missing else v.record()
                for v in verdicts
            ]

    def _noted(self, act: str) -> None:
        if act in ("opened", "reopened"):
            self.report.opened += 1
        elif act == "cleared":
            self.report.cleared += 1
        else:
            self.report.updated += 1

    def _count(self, borrower: str, verdicts: Sequence[SignalVerdict], views: Iterable[LoanView]) -> None:
        self.report.borrowers += 1
        self.report.loans += sum(1 for view in views if view.terms.status not in FINISHED)
        firing: dict[str, set[str]] = defaultdict(set)
        for verdict in verdicts:
            self.report.signals[verdict.signal][verdict.verdict] += 1
            if verdict.fires:
                firing[verdict.family].add(verdict.severity)
        self.report.held_back += sum(
            1 for family, found in firing.items() if found == {"yellow"} and self.book.families[family].alert_from != "yellow"
        )
        self._digest.update(canonical_json([borrower, [v.record() for v in verdicts]]).encode())
        if self.detail:
            self.report.results += verdicts

    def _borrowers(self) -> list[str]:
        """Whom to look at: everybody with a loan, and everybody with papers on file, whom the caller may see."""
        table = self.desk.loan_book.table(self.caller, "loans", self.clocks, columns=["_borrower"])
        owners = set(table.column("_borrower").to_pylist())
        visible = self.store.borrowers.ids(self.caller)
        found = owners | with_papers_of_all(self.desk)
        return sorted(found if visible is None else found & visible)

    def _shards(self) -> int:
        snapshot = self.desk.loan_book.snapshot(self.clocks)
        return snapshot.shard_count if snapshot else 1


def pieces(borrowers: Sequence[str], shards: int, most: int = PIECE) -> Iterator[list[str]]:
    """Borrowers by shard of the book, in pieces of at most `most`: a piece opens the files of its shard alone."""
    groups: dict[int, list[str]] = defaultdict(list)
    for borrower in borrowers:
        groups[shard_of(borrower, shards)].append(borrower)
    for shard in sorted(groups):
        for start in range(0, len(groups[shard]), most):
            yield groups[shard][start : start + most]


def with_papers_of_all(desk: Desk) -> frozenset[str]:
    """Borrowers of whom any document is on file."""
    key = ("with_papers",)
    if key not in desk.kept:
        desk.kept[key] = frozenset(desk.store.documents.holders(desk.caller))
    found: frozenset[str] = desk.kept[key]
    return found


def subject_of(borrower: Borrower) -> Subject:
    """How a borrower is called and who looks after him."""
    short = next(iter(borrower.aliases), borrower.name)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in borrower.name)
    english = next((alias for alias in borrower.aliases if alias.isascii()), borrower.name_en or borrower.name)
    return Subject(borrower.id, {"zh": short, "en": english}, borrower.officer_id, "zh" if chinese else "en")
