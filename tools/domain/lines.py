"""A line item for exactly one period: reported, derived from other lines, proven zero, or missing.

The order matters. A reported value wins; then the rulebook's derivations (total liabilities from the balance); then sums of
lines that reach the printed total above; then the proof that a line not printed is zero; then the bank's own book; then "missing", saying for which period and why no proof holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.domain.building import Builder, one_currency
from tools.domain.definitions import Rulebook
from tools.domain.factbook import YEAR, FactBook
from tools.domain.facts import Fact, Scope
from tools.domain.figures import Basis
from tools.domain.interpreter import run
from tools.domain.outcomes import Outcome, merged, missing
from tools.domain.sections import Addition, Tie

ABSENT_ZERO, DERIVED, OWN_LINE, FROM_BOOK = "absent_zero", "derived", "own_line", "from_loan_book"
CHINESE = ("CAS", "CAS_SMALL")
NOBODY: frozenset[str] = frozenset()


def spell_basis(months: int) -> Basis:
    """The basis of a single reported period."""
    return "point" if months == 0 else "fy" if months == YEAR else "quarter" if months == 3 else "ytd"


def spell_text(end: date, months: int) -> str:
    """A period in words: "at 2025-12-31", "for 6 months to 2026-06-30"."""
    return f"for {months} months to {end}" if months else f"at {end}"


class Lines:
    """Every line item of one borrower and scope."""

    def __init__(self, rulebook: Rulebook, book: FactBook, scope: Scope) -> None:
        self._rulebook, self._book, self._scope = rulebook, book, scope
        self._builder = Builder(book.borrower, scope)
        self._additions: dict[tuple[date, int], Addition] = {}
        self._known: dict[tuple[str, date, int], Outcome] = {}
        self._parts = {owner: part for part, owner in rulebook.sections.own_lines.items()}

    def resolve(self, item: str, end: date, months: int, busy: frozenset[str] = NOBODY) -> Outcome:
        """`item` at `end` (a balance, months ignored) or over `months` to `end`. `busy`: items already being derived."""
        months = 0 if self._rulebook.items[item].stock else months
        place = (item, end, months)
        if place in self._known:
            return self._known[place]
        found = self._reported(item, end, months) or self._derived(item, end, months, busy)
        found = found or self._summed(item, end, months) or self._zero(item, end, months)
        found = found or self._given(item, end) or self._lacking(item, end, months)
        if not busy:
            self._known[place] = found
        return found

    def _fact(self, item: str, end: date, months: int) -> Fact | None:
        if self._rulebook.items[item].stock:
            return self._book.get(item, end, 0, self._scope) or self._book.at(item, end, self._scope)
        return self._book.get(item, end, months, self._scope)

    def _addition(self, end: date, months: int) -> Addition:
        place = (end, months)
        if place not in self._additions:
            self._additions[place] = Addition(self._rulebook.sections, lambda item: self._fact(item, end, months))
        return self._additions[place]

    def _reported(self, item: str, end: date, months: int) -> Outcome | None:
        fact = self._fact(item, end, months)
        part = self._parts.get(item)
        extra = self._fact(part, end, months) if part else None
        if part and extra and self._stands_alone(part, item, extra, fact, end, months):
            both = [reported(one) for one in (fact, extra) if one]
            total = sum((one.number or Decimal(0) for one in both), Decimal(0))
            return self._builder.outcome(
                item, merged(total, both, flag=OWN_LINE), unit="currency", formula=f"{item} + {part}" if fact else part,
                rule="own_line@1", period_end=end, basis=spell_basis(months),
            )  # fmt: skip
        return reported(fact) if fact else None

    def _stands_alone(self, part: str, item: str, extra: Fact, fact: Fact | None, end: date, months: int) -> bool:
        """Whether the of-which row is printed as a line beside `item` and so must be added to it."""
        if fact is None:
            return True
        if self._book.standard in CHINESE:
            return False
        tie = self._addition(end, months).above(item)
        return part in tie.own_lines if tie else extra.value > fact.value

    def _derived(self, item: str, end: date, months: int, busy: frozenset[str]) -> Outcome | None:
        rule = self._rulebook.derivations.get(item)
        if rule is None or item in busy:
            return None
        spell = _Spell(self, end, months, busy | {item})
        for text, node in rule.alternatives:
            found = one_currency(run(node, spell))
            if found.known:
                return self._builder.outcome(
                    item, merged(found.value, [found], flag=DERIVED), unit="currency", formula=text, rule=rule.rule,
                    period_end=end, basis=spell_basis(months),
                )  # fmt: skip
        return None

    def _summed(self, item: str, end: date, months: int) -> Outcome | None:
        """A subtotal nobody printed, from its lines, when they reach the printed total above it."""
        tie = self._addition(end, months).above(item)
        made_of = tie.opened.get(item) if tie else None
        if tie is None or made_of is None:
            return None
        parts = [reported(fact) for _, fact in made_of]
        total = sum((sign * fact.value for sign, fact in made_of), Decimal(0))
        text = " ".join(f"{'+' if sign > 0 else '-'} {fact.item}" for sign, fact in made_of).removeprefix("+ ")
        return self._builder.outcome(
            item, merged(total, [*parts, reported(tie.total)], flag=DERIVED), unit="currency", formula=text,
            rule="summed@1", period_end=end, basis=spell_basis(months),
        )  # fmt: skip

    def _zero(self, item: str, end: date, months: int) -> Outcome | None:
        tie = self._proof(item, end, months)
        if tie is None or not tie.proves:
            return None
        parts = [reported(fact) for _, fact in tie.parts]
        lines = "".join(f" {'-' if sign > 0 else '+'} {fact.item}" for sign, fact in tie.parts)
        return self._builder.outcome(
            item, merged(Decimal(0), [reported(tie.total), *parts], flag=ABSENT_ZERO), unit="currency",
            formula=f"{tie.section}{lines}", rule=f"{ABSENT_ZERO}@1", period_end=end, basis=spell_basis(months),
        )  # fmt: skip

    def _proof(self, item: str, end: date, months: int) -> Tie | None:
        sections = self._rulebook.sections
        if self._rulebook.items[item].kind == "memo" or item in sections.never_zero:
            return None
        tie = self._addition(end, months).above(item)
        return tie if tie and item in tie.absent else None

    def _given(self, item: str, end: date) -> Outcome | None:
        given = self._book.given(item, end)
        if given is None:
            return None
        currencies = frozenset({given.currency}) if given.currency else NOBODY
        return Outcome(given.value, flags=frozenset({FROM_BOOK}), inputs=(given.row,), currencies=currencies)

    def _lacking(self, item: str, end: date, months: int) -> Outcome:
        detail = f"{item} {spell_text(end, months)} is missing"
        tie = self._proof(item, end, months)
        if tie is not None:
            detail += f" (a line of {tie.section} was not recognised, so it cannot be taken as zero)"
        return missing(item, detail)


@dataclass(frozen=True, slots=True)
class _Spell:
    """The environment of a derivation: other line items of the same period."""

    lines: Lines
    end: date
    months: int
    busy: frozenset[str]

    def measure(self, name: str) -> Outcome:
        return self.lines.resolve(name, self.end, self.months, self.busy)

    def prior(self) -> _Spell:
        return self

    def opening(self) -> _Spell:
        return self


def reported(fact: Fact) -> Outcome:
    """A fact as an outcome."""
    currencies = frozenset({fact.currency}) if fact.currency else NOBODY
    return Outcome(fact.value, flags=frozenset(fact.flags), inputs=(fact,), currencies=currencies)
