"""The one module that builds objects and passes them down: from settings to an opened bank.

Parts are built when first used, so that a figure question loads neither vectors nor readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import Settings
from prompts.library import phrase_book
from tools.domain.callers import Caller
from tools.domain.definitions import Rulebook
from tools.domain.periods import Clocks
from tools.search.intent import Intents, leaves_of
from tools.search.passages import PassageSearch
from tools.search.synonyms import Synonyms
from tools.store.database import Store
from tools.store.home import Home
from tools.store.loan_book import LoanBook
from tools.toolbox.desk import Desk, NameIndexes
from tools.toolbox.fact_books import FactBooks
from tools.toolbox.loan_kept import LoanPortfolios
from tools.toolbox.portfolios import Portfolios

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.briefs.service import Briefs
    from tools.monitor.comparison import Comparison
    from tools.monitor.run import MonitorReport
    from tools.search.vectors import VectorIndex


@dataclass
class Bank:
    """An opened home and everything that works on it."""

    settings: Settings
    home: Home
    store: Store

    @cached_property
    def loan_book(self) -> LoanBook:
        """The loan book's reader."""
        return LoanBook(self.home, self.store)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules in force, the bank's own file added."""
        from tools.rulebook.whole import load_whole

        return load_whole(extra=self.settings.rules_file)

    @cached_property
    def vectors(self) -> VectorIndex | None:
        """The vector index, or None when embedding is switched off. Building it loads no model."""
        if self.settings.embedding_model == "none":
            return None
        from tools.search.embedding import SentenceEmbedder
        from tools.search.vectors import VectorIndex

        embedder = SentenceEmbedder(self.settings.embedding_model, han=self.settings.embedding_knows_chinese)
        return VectorIndex(self.store.engine, self.home.index_dir, embedder)

    @cached_property
    def metric_names(self) -> Mapping[str, frozenset[str]]:
        """What every metric is called, for whoever looks for one in a text."""
        return metric_names(self.rulebook)

    @cached_property
    def search(self) -> PassageSearch:
        """Passage search by words and meaning."""
        synonyms = Synonyms(synonym_groups(self.rulebook))
        return PassageSearch(self.store.engine, lambda: self.vectors, synonyms.expand, lambda: self.intents)

    @cached_property
    def intents(self) -> Intents:
        """What questions ask of statements."""
        return Intents(metric_names(self.rulebook), leaves_of(self.rulebook))

    @cached_property
    def names(self) -> NameIndexes:
        """Borrower names, kept between questions."""
        return NameIndexes()

    @cached_property
    def portfolios(self) -> Portfolios:
        """Whole portfolios as columns, kept between questions."""
        return Portfolios()

    @cached_property
    def fact_books(self) -> FactBooks:
        """Borrowers' facts, kept between questions."""
        return FactBooks()

    @cached_property
    def loan_portfolios(self) -> LoanPortfolios:
        """Everyone's loans, kept between questions."""
        return LoanPortfolios()

    def caller(self, user: str, now: datetime, *, at_machine: bool = True) -> Caller:
        """Who `user` is to the store; someone unknown sees nothing."""
        return self.store.access.resolve(user, now, at_machine=at_machine)

    def clocks(self, as_of: date | None, known_at: datetime | None, now: datetime) -> Clocks:
        """Both clocks: as of the newest book date known then, else today; known until now."""
        known = known_at or now
        return Clocks(as_of or self.loan_book.newest_book_date(known) or now.date(), known)

    def desk(self, caller: Caller, clocks: Clocks) -> Desk:
        """One question's instruments."""
        return Desk(
            self.store,
            self.loan_book,
            self.rulebook,
            self.search,
            caller,
            clocks,
            self.names,
            self.portfolios,
            self.fact_books,
            self.loan_portfolios,
        )

    def run_monitor(
        self,
        caller: Caller,
        clocks: Clocks,
        now: datetime,
        progress: Callable[[str], None] = lambda text: None,
        *,
        engine: str = "local",
        detail: bool = False,
    ) -> MonitorReport:
        """The portfolio run over everything the caller may see."""
        from tools.monitor.run import run_monitor

        return run_monitor(lambda: self.desk(caller, clocks), caller, clocks, now, progress, engine=engine, detail=detail)

    def compare_rules(
        self,
        caller: Caller,
        clocks: Clocks,
        now: datetime,
        progress: Callable[[str], None] = lambda text: None,
        *,
        draft: Path | None = None,
        rules_as_of: date | None = None,
    ) -> Comparison:
        """The same book under the rules of today and under a draft, or under another day's rules; nothing but the comparison itself
        is recorded. Raises RulebookError for a draft that is wrong."""
        from tools.monitor.comparison import compare
        from tools.rulebook.whole import load_whole

        own = self.settings.rules_file
        before = load_whole(clocks.as_of, own)
        after = load_whole(rules_as_of or clocks.as_of, own, draft)

        def desk_under(rulebook: Rulebook) -> Desk:
            return Desk(self.store, self.loan_book, rulebook, self.search, caller, clocks, self.names)

        return compare(desk_under, before, after, now, progress)

    @cached_property
    def assistant(self) -> Assistant:
        """Who answers questions; the agent is compiled when the first one comes."""
        from assistant.answering import Assistant
        from assistant.models import ModelChoice

        s = self.settings
        choice = ModelChoice(
            s.model,
            s.model_base_url,
            None if s.model == "analyst" else s.key(),
            s.model_timeout,
            s.model_retries,
            None if s.model_place == "auto" else s.model_place == "outside",
        )
        return Assistant(self.store, self.desk, self.rulebook, metric_names(self.rulebook), choice, s.model_calls)

    @cached_property
    def briefs(self) -> Briefs:
        """Who writes the monthly briefs."""
        from assistant.briefs.service import Briefs

        return Briefs(self.store, self.desk, self.rulebook, metric_names(self.rulebook))

    def close(self) -> None:
        """Lets go of the database and the index."""
        if "vectors" in self.__dict__ and self.vectors is not None:
            self.vectors.close()
        self.store.close()


def open_bank(settings: Settings) -> Bank:
    """Opens the home of `settings`, making it when it is new. StoreError when that cannot be done."""
    home = Home.open(settings.home, settings.database_url)
    return Bank(settings, home, Store(home))


def metric_names(rulebook: Rulebook) -> Mapping[str, frozenset[str]]:
    """Every item, ratio, block and score with all the words it goes by, both languages, lower case."""
    names: dict[str, frozenset[str]] = {}
    for item in rulebook.items.values():
        words = {*item.name.values(), *(label for labels in item.labels.values() for label in labels), item.id}
        names[item.id] = frozenset(word.lower() for word in words if len(word) > 1)
    for group in (rulebook.blocks, rulebook.ratios, rulebook.scores):
        for definition in group.values():
            said = {*definition.name.values(), *(w for words in definition.synonyms.values() for w in words), definition.id}
            names[definition.id] = frozenset(word.lower() for word in said if len(word) > 1)
    return names


def synonym_groups(rulebook: Rulebook) -> Iterable[Iterable[str]]:
    """For search: the words of each thing, without its id."""
    for key, words in metric_names(rulebook).items():
        yield sorted(word for word in words if word != key)
    yield from phrase_book("topics")["groups"]
