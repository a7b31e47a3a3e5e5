"""What the tools of one answer found, flattened for the gate: claims, dates, names, states, quotes and identifiers.

A claim is one value with everything it may be called: whose it is, what it is, when it was. The gate never looks at a
store; what is not in the artifacts does not exist for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistant.verification.counts import Counts
from tools.toolbox.artifacts import Value

Names = Mapping[str, frozenset[str]]
"""Canonical id (item, ratio, value name) → the words it goes by in both languages."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One supported value. `unit`: currency, ratio, x, days, count, score, percent_points, months, years or any (a row's cell);
    `row`: the row it is a cell of; `state`: a limit's direction or what else the tool says of it; `inputs`: what it was made from;
    `party`: the guarantor it may also be told of: a guarantee belongs to the debtor's loan; `scope`: consolidated or parent."""

    id: str
    value: Decimal
    unit: str
    currency: str | None
    borrower: str | None
    metric: str
    about: str
    when: date | None
    months: int | None
    since: date | None = None
    direction: str = ""
    context: frozenset[str] = frozenset()
    input_dates: frozenset[date] = frozenset()
    inputs: tuple[str, ...] = ()
    row: str = ""
    state: str = ""
    party: str = ""
    scope: str = ""


@dataclass(slots=True)
class Evidence:
    """Everything supported. `names` per metric id; `borrowers` id → every name; `states` values with a state or direction;
    `dates` are period ends, `other_dates` all other known days; `measured` are item and ratio ids, `value_names` the rest;
    `pages` per document; `named_dates` per name of a day: whose it is, and the day; `owners` the borrower a row belongs to;
    `orders` how a ranking by a metric was ordered; `papers` the document a row or passage is, `page_of` the page of a passage, `row_dates` the days in a row, `rules` the
    rulebook's words, `told` explanations with whose they are, `keyed` whose an identifier is, `parties` the claims about a company paid
    or guaranteed, `phrases` names and explanations of rows (true: a name, whose numbers are its own), `filed` identifiers of alerts, proposals and papers, `figured` whose a figure is, `cases` what is supposed in one ("revenue down 10%");
    `rests` what a value or figure was made from, `objects` covenants and loans with their table, `about_of` which of them a value is about,
    `assured` how the statements of a day are assured, `named_rows` the rows an identifier or a file's name stands for,
    `passage_days` the day of a passage's document."""

    names: Names
    claims: list[Claim] = field(default_factory=list)
    dates: set[date] = field(default_factory=set)
    borrowers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    states: list[Value] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    identifiers: set[str] = field(default_factory=set)
    counts: Counts = field(default_factory=Counts)
    acts: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    other_dates: set[date] = field(default_factory=set)
    measured: set[str] = field(default_factory=set)
    value_names: set[str] = field(default_factory=set)
    abouts: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    pages: dict[str, set[int]] = field(default_factory=dict)
    named_dates: dict[str, set[tuple[str, date]]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    orders: dict[str, set[str]] = field(default_factory=dict)
    page_of: dict[str, int] = field(default_factory=dict)
    stands: set[date] = field(default_factory=set)
    value_dates: set[date] = field(default_factory=set)
    rules: list[str] = field(default_factory=list)
    row_dates: dict[str, set[date]] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    row_ids: dict[str, str] = field(default_factory=dict)
    keyed: dict[str, set[str]] = field(default_factory=dict)
    parties: dict[str, frozenset[str]] = field(default_factory=dict)
    filed: set[str] = field(default_factory=set)
    phrases: dict[str, bool] = field(default_factory=dict)
    cases: frozenset[str] = frozenset()
    figured: dict[str, str] = field(default_factory=dict)
    rests: dict[str, tuple[str, ...]] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    about_of: dict[str, str] = field(default_factory=dict)
    assured: dict[date, set[str]] = field(default_factory=dict)
    named_rows: dict[str, set[str]] = field(default_factory=dict)
    passage_days: dict[str, set[date]] = field(default_factory=dict)
    _sourced: dict[str, list[Claim]] | None = None

    @property
    def limits(self) -> frozenset[str]:
        """Metrics for which a limit was asked."""
        return frozenset(claim.about for claim in self.claims if claim.metric == "asked_limit")

    def subjects(self) -> frozenset[str]:
        """Borrowers about whom something was found: a value, a row, a state or an answer to a question for them."""
        found = {c.borrower for c in self.claims} | {c.party for c in self.claims} | set(self.owners.values())
        found |= {v.borrower for v in self.states} | {owner for owners in self.keyed.values() for owner in owners}
        return frozenset(key for key in (*found, *(key for key in self.asked if key in self.borrowers)) if key)

    def days_about(self, about: str) -> set[date]:
        """Every day the tools told of one covenant, loan or document."""
        claims = [c for c in self.claims if c.about == about]
        found = {day for c in claims for day in (c.when, c.since, *c.input_dates) if day}
        found |= {day for v in self.states if v.about == about for day in (v.when, v.since) if day}
        inputs = {key for v in self.states if v.about == about for key in v.inputs} | {key for c in claims for key in c.inputs}
        found |= {day for c in self.claims if c.id in inputs for day in (c.when, *c.input_dates) if day}
        return found | {day for told in self.named_dates.values() for owner, day in told if owner == about}

    def sourced(self, id: str) -> list[Claim]:
        """Every claim a mark on `id` may stand for: its own value, or the cells of a row and what was made from them."""
        if self._sourced is None:
            found: dict[str, list[Claim]] = {}
            for claim in self.claims:
                rows = {self.row_ids.get(key.partition(":")[2] or key, "") for key in claim.inputs} - {""}
                for key in {claim.row or claim.id, *rows}:
                    found.setdefault(key, []).append(claim)
            self._sourced = found
        return self._sourced.get(id, [])

    def leaves(self, id: str) -> frozenset[str]:
        """Everything an id rests on, itself included; rows by their table as well."""
        seen: set[str] = set()
        stack = [id]
        while stack:
            key = stack.pop()
            if key not in seen:
                seen.add(key)
                stack += [*self.rests.get(key, ()), *((self.row_ids[key],) if key in self.row_ids else ())]
        return frozenset(seen)
