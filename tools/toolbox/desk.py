"""The desk: whose question it is, at which clocks, and everything the tools may read for him.

A tool gets the desk from the program, never from the model: caller and clocks cannot be asked for. What was read once for a
question is kept for the question, so that ten figures of one borrower read his facts once.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tools.domain.callers import Caller
from tools.domain.definitions import Rulebook
from tools.domain.evaluation import Evaluator
from tools.domain.factbook import SLACK_DAYS, FactBook
from tools.domain.facts import Fact, Scope
from tools.domain.names import Borrower
from tools.domain.periods import Clocks
from tools.errors import UnknownBorrower
from tools.toolbox.artifacts import BorrowerRef
from tools.toolbox.fact_books import FactBooks, fact_book
from tools.toolbox.linking import NameIndex
from tools.toolbox.loan_kept import LoanPortfolios
from tools.toolbox.portfolios import Portfolios

if TYPE_CHECKING:
    from tools.columns.portfolio import Portfolio
    from tools.domain.disagreements import Disagreement
    from tools.domain.signals import SignalVerdict
    from tools.domain.use_case import Usage
    from tools.search.passages import PassageSearch
    from tools.store.database import Store
    from tools.store.loan_book import LoanBook
    from tools.toolbox.exposures import ExposureView
    from tools.toolbox.guarantees import GuaranteeView

KEPT_INDEXES = 32


@dataclass
class NameIndexes:
    """Name indexes by caller, kept between questions until the registry of borrowers changes."""

    kept: OrderedDict[tuple[Caller, str], NameIndex] = field(default_factory=OrderedDict)

    def of(self, store: Store, caller: Caller) -> NameIndex:
        """The index of what `caller` may see now."""
        key = (caller, store.borrowers.revision())
        if key not in self.kept:
            self.kept[key] = NameIndex(store.borrowers.all(caller), store.borrowers.officers(caller))
            while len(self.kept) > KEPT_INDEXES:
                self.kept.popitem(last=False)
        return self.kept[key]


@dataclass
class Desk:
    """One question's instruments. `names`, `portfolios`, `fact_books` and `loan_portfolios` may be shared between desks; everything else is read under `caller` and `clocks`."""

    store: Store
    loan_book: LoanBook
    rulebook: Rulebook
    search: PassageSearch
    caller: Caller
    clocks: Clocks
    names: NameIndexes = field(default_factory=NameIndexes)
    portfolios: Portfolios = field(default_factory=Portfolios)
    fact_books: FactBooks = field(default_factory=FactBooks)
    loan_portfolios: LoanPortfolios = field(default_factory=LoanPortfolios)
    _books: dict[str, FactBook] = field(default_factory=dict)
    _evaluators: dict[tuple[str, Scope], Evaluator] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict)
    now: datetime | None = None

    def at(self, as_of: date | None = None, known_at: datetime | None = None) -> Desk:
        """The same desk looking back: an earlier business date, or what was known earlier. Never later than its own clocks."""
        clocks = Clocks(
            min(as_of or self.clocks.as_of, self.clocks.as_of), min(known_at or self.clocks.known_at, self.clocks.known_at)
        )
        if clocks == self.clocks:
            return self
        return Desk(
            self.store, self.loan_book, self.rulebook, self.search, self.caller, clocks, self.names, self.portfolios, self.fact_books,
            self.loan_portfolios,
        )  # fmt: skip

    def narrowed(self, reference: str) -> Desk:
        """The same desk seeing only the borrowers of one place, branch or officer ("officer:S001"), of those its caller may see."""
        ids = next((one.ids for one in self.index().patches if one.reference == reference), ())
        caller = Caller(self.caller.user, self.caller.role, borrowers=frozenset(ids))
        return Desk(
            self.store, self.loan_book, self.rulebook, self.search, caller, self.clocks, self.names, self.portfolios, self.fact_books,
            self.loan_portfolios,
        )  # fmt: skip

    def earlier(self, day: date, borrower: str) -> Desk:
        """The desk of an earlier day: the loan book as the bank knows it now, looked at as of that day, but only the papers of `borrower`
        that had been received by the end of it. For telling what changed since."""
        moment = min(datetime.combine(day, time.max, UTC), self.clocks.known_at)
        then = Desk(
            self.store, self.loan_book, self.rulebook, self.search, self.caller, Clocks(day, self.clocks.known_at), self.names,
            self.portfolios, self.fact_books, self.loan_portfolios,
        )  # fmt: skip
        known = Clocks(day, moment)
        then._books[borrower] = fact_book(then, borrower, self.store.facts.active(self.caller, borrower, known), known)
        return then

    def index(self) -> NameIndex:
        """Names of every borrower the caller may see."""
        return self.names.of(self.store, self.caller)

    def borrower(self, id: str) -> Borrower:
        """The borrower with this id, or the only one a name means; UnknownBorrower when the caller sees none such, in the same
        words whether it does not exist or is not his."""
        found = self.store.borrowers.get(self.caller, id)
        if found is None:
            sure = [m.sure for m in self.index().mentions(id) if m.sure]
            found = sure[0] if len(sure) == 1 else None
        if found is None:
            raise UnknownBorrower(
                f"no borrower {id!r}", fix="Give an id of the loan book; find_borrower and `loanward search` look for names"
            )
        return found

    def ref(self, borrower: Borrower) -> BorrowerRef:
        """How artifacts name a borrower."""
        spoken = (*borrower.aliases, *borrower.short_names)
        return BorrowerRef(borrower.id, borrower.name, borrower.name_en or "", tuple(dict.fromkeys(spoken)))

    def book(self, borrower: str) -> FactBook:
        """The borrower's facts in force at the clocks."""
        if borrower not in self._books:
            read = self.kept.get("facts_by_borrower")
            self._books[borrower] = (
                self.fact_books.of(self, borrower) if read is None else fact_book(self, borrower, read.get(borrower, []))
            )
        return self._books[borrower]

    def active_facts(self) -> list[Fact]:
        """Every visible borrower's facts in force, read once; their books are made from it."""
        if "facts" not in self.kept:
            found = self.store.facts.active(self.caller, None, self.clocks)
            self.kept["facts"] = found
            by_borrower: dict[str, list[Fact]] = {}
            for fact in found:
                by_borrower.setdefault(fact.borrower, []).append(fact)
            self.kept["facts_by_borrower"] = by_borrower
        facts_read: list[Fact] = self.kept["facts"]
        return facts_read

    def portfolio(self) -> Portfolio:
        """Figures of every visible borrower as columns, for screening and ordering; what is shown comes from `evaluator`."""
        return self.portfolios.of(self.store, self.loan_book, self.caller, self.clocks, self.rulebook)

    def evaluator(self, borrower: str, scope: Scope = "consolidated") -> Evaluator:
        """Figures of one borrower."""
        key = (borrower, scope)
        if key not in self._evaluators:
            self._evaluators[key] = Evaluator(self.rulebook, self.book(borrower), scope)
        return self._evaluators[key]

    def guarantees(self, borrower: str) -> GuaranteeView:
        """Guarantees, circle, contagion, related parties and group of one borrower."""
        from tools.toolbox.guarantees import guarantees_around

        return guarantees_around(self, borrower)

    def exposure(self, borrower: str) -> ExposureView:
        """Exposure of one borrower after collateral, insurance, risk sharing and guarantors, and provisions."""
        from tools.toolbox.exposures import exposure_after_mitigants

        return exposure_after_mitigants(self, borrower)

    def usage(self, loan: str) -> Usage:
        """Where one loan's money went, traced, matched to papers and judged."""
        from tools.toolbox.usage import usage_of

        return usage_of(self, loan)

    def signals(self, borrower: str) -> list[SignalVerdict]:
        """Every early-warning signal of one borrower now: hit, clear or unknown, with evidence."""
        from tools.monitor.live import signals_of

        return signals_of(self, borrower)

    def contradictions(self, borrower: str) -> list[Disagreement]:
        """What notes, statements, readings, papers and the book say of the borrower that cannot all be right."""
        from tools.toolbox.contradictions import contradictions_of

        return contradictions_of(self, borrower)

    def fiscal_end(self, borrower: str) -> tuple[int, int]:
        """Month and day the borrower's fiscal year ends; 31 December when nothing tells."""
        ends = self.book(borrower).fiscal_year_ends
        if not ends:
            return 12, 31
        # One misread column must not move the year: the month most year ends share, the newest among equals.
        months = [(end - timedelta(days=SLACK_DAYS)).month for end in ends]
        usual = max(set(months), key=lambda month: (months.count(month), len(months) - months[::-1].index(month)))
        last: date = next(end for end in reversed(ends) if (end - timedelta(days=SLACK_DAYS)).month == usual)
        # A 52/53-week year that ran into January is a December year.
        if last.day <= SLACK_DAYS:
            return (last.month - 2) % 12 + 1, 31
        return last.month, last.day
