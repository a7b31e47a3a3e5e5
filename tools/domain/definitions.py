"""What the rulebook holds once it is loaded: line items, definitions and parameters as immutable values.

The loader (tools/rulebook) builds these from YAML and has already checked names, cycles and in-file tests, so that everything
here can be trusted and needs no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tools.domain.tree import Comparison, Name, Node, Number

Kind = Literal["ratio", "block", "score", "index"]
Unit = Literal["ratio", "x", "days", "currency", "score"]
ReadsAs = Literal["best", "worst", "neutral"]
Names = Mapping[str, str]
"""Language ("en", "zh") → text."""

PERIOD_DAYS = "period_days"
"""The one measure that is neither data nor parameter: days in the period of the flows (365 for a year)."""


@dataclass(frozen=True, slots=True)
class LineItem:
    """A line of the canonical chart. `kind` line adds into `into` with `sign`; memo is an of-which or a note, never added.
    `signed`: may be negative as stored. `stock`: a balance at a date, otherwise a flow over a period. `unit`: currency, or x
    for what is counted. `labels` are as statements print it, `synonyms` as people say it."""

    id: str
    statement: str
    kind: Literal["line", "subtotal", "memo"]
    name: Names
    labels: Mapping[str, tuple[str, ...]]
    into: str | None = None
    sign: int = 1
    signed: bool = False
    stock: bool = True
    unit: Unit = "currency"
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when a rule holds. `effective_to` inclusive; `recorded_from` is when this bank wrote it down."""

    version: int
    jurisdiction: str
    source: Mapping[str, Any]
    effective_from: date
    effective_to: date | None
    recorded_from: date
    scope: Mapping[str, Any]
    file: str

    def in_force(self, day: date) -> bool:
        """Whether it holds on the business date `day`."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Layer:
    """Entries laid over the built-in ones: (file, text), in order. `draft`: tried out, so it counts whenever it was written down."""

    files: tuple[tuple[str, str], ...]
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """When `condition` holds the result is not meaningful for `reason`; `flag` is added to the figure's flags."""

    text: str
    condition: Node
    reason: str
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class WarnLevel:
    """A level worth a second look, for one set of borrowers (`default`, `manufacturing`, …)."""

    set: str
    text: str
    condition: Node

    @property
    def limit(self) -> tuple[str, Decimal] | None:
        """(operator, threshold) when the condition is one plain comparison of a measure with a number."""
        match self.condition:
            case Comparison(operator, Name(), Number(value)):
                return operator, value
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Band:
    """A named zone of a score, such as distress."""

    id: str
    name: Names
    text: str
    condition: Node


@dataclass(frozen=True, slots=True)
class Definition:
    """A ratio, building block, score or score index. `formulas` maps an accounting standard, or "" for any other, to its
    text and tree. `point`: made of balances only, so that no period length is involved. `better` says which way is good."""

    id: str
    kind: Kind
    name: Names
    synonyms: Mapping[str, tuple[str, ...]]
    unit: Unit
    formulas: Mapping[str, tuple[str, Node]]
    guards: tuple[Guard, ...]
    warnings: tuple[WarnLevel, ...]
    bands: tuple[Band, ...]
    better: Literal["higher", "lower", "neither"]
    explain: Names
    origin: Origin
    point: bool
    family: str
    tests: tuple[Mapping[str, Any], ...] = ()

    @property
    def rule(self) -> str:
        """id@version, as figures name it."""
        return f"{self.id}@{self.origin.version}"

    @property
    def basis_kind(self) -> Literal["flow", "point"]:
        """`point` when only balances go in, else `flow`."""
        return "point" if self.point else "flow"

    @property
    def formula(self) -> str:
        """The formula's text where the accounting standard makes no difference or is unknown."""
        return self.formulas[""][0]

    def under(self, standard: str | None) -> tuple[str, Node]:
        """The formula for `standard` (US_GAAP, IFRS, CAS, CAS_SMALL; None when unknown)."""
        return self.formulas.get(standard or "", self.formulas[""])


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number that is policy, not measurement. `by_currency` replaces `value` where the currency matters."""

    id: str
    value: Decimal | None
    by_currency: Mapping[str, Decimal]
    unit: str
    name: Names
    origin: Origin

    @property
    def rule(self) -> str:
        """id@version."""
        return f"{self.id}@{self.origin.version}"


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a line item follows from others when no document reports it: the first alternative that is not missing."""

    item: str
    alternatives: tuple[tuple[str, Node], ...]
    version: int

    @property
    def rule(self) -> str:
        """Figures name it `derived.<item>@<version>`."""
        return f"derived.{self.item}@{self.version}"


@dataclass(frozen=True, slots=True)
class Sections:
    """How statements add up, beyond `into` of the chart (tools/rulebook/sections.yaml explains each field)."""

    parents: Mapping[str, tuple[str, int]]
    optional: Mapping[str, Mapping[str, int]]
    own_lines: Mapping[str, str]
    never_zero: frozenset[str]
    unproving_flags: frozenset[str]
    unsigned: frozenset[str]
    largest_share: Decimal
    version: int = 1

    def members(self, section: str) -> tuple[tuple[str, int], ...]:
        """(item, sign) of every line and subtotal that adds into `section`."""
        return tuple((item, sign) for item, (parent, sign) in self.parents.items() if parent == section)


@dataclass(frozen=True, slots=True)
class Identity:
    """One of the statement identities (handbook 2.2) as its YAML gives it."""

    id: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a figure is not meaningful, in words; `reads_as` tells a test how to take a figure without value."""

    id: str
    name: Names
    reads_as: ReadsAs


@dataclass(frozen=True, slots=True)
class Flag:
    """What a flag on a figure or fact means; `level` caution deserves a word beside the number, info opens with the details."""

    id: str
    name: Names
    level: Literal["info", "caution"]


@dataclass(frozen=True, slots=True)
class BorrowerSet:
    """Borrowers with warning levels of their own, known by industry division or size, or by what is lent to them for; without any of
    these, named by hand."""

    id: str
    name: Names
    industries: Mapping[str, tuple[str, ...]]
    sizes: tuple[str, ...]
    loan_types: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def lends(self, type: str | None, said: str) -> bool:
        """Whether a loan of this type, with `said` as its purpose and product, belongs here."""
        return type in self.loan_types or any(word in said.lower() for word in self.words)

    def holds(self, industry: str | None, country: str | None, size: str | None) -> bool:
        """Whether a borrower of this industry code, country (ISO 3166) and enterprise size belongs here."""
        scheme = "gb4754" if country in (None, "", "CN") else "nace"
        code = (industry or "").strip().upper()
        division = code[0] if code[:1].isalpha() else code[:2]
        return bool(division and division in self.industries.get(scheme, ())) or bool(size and size in self.sizes)


@dataclass(frozen=True)
class Rulebook:
    """Everything in force at one business date. `digest` is the sha256 of the data it was read from. `layers`: the bank's own entries
    and a draft's, from which signals and loan rules are read too, so that all of it is one rulebook. `as_of` None: every rule is
    judged on the business date of its case."""

    items: Mapping[str, LineItem]
    ratios: Mapping[str, Definition]
    blocks: Mapping[str, Definition]
    scores: Mapping[str, Definition]
    parameters: Mapping[str, Parameter]
    derivations: Mapping[str, Derivation]
    sections: Sections
    identities: Mapping[str, Identity]
    reasons: Mapping[str, Reason]
    flags: Mapping[str, Flag]
    methods: Mapping[str, Names]
    sets: Mapping[str, BorrowerSet]
    metric_index: Mapping[str, str]
    digest: str
    as_of: date | None = None
    versions: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()

    def definition(self, name: str) -> Definition | None:
        """The ratio, score or building block called `name`."""
        return self.ratios.get(name) or self.scores.get(name) or self.blocks.get(name)

    def knows(self, name: str) -> bool:
        """Whether an expression may name `name`."""
        return name == PERIOD_DAYS or name in self.items or name in self.parameters or self.definition(name) is not None

    def is_point(self, name: str) -> bool:
        """Whether `name` is a balance at a date (or a plain parameter) rather than a flow."""
        if name == PERIOD_DAYS:
            return False
        found = self.definition(name)
        if found is not None:
            return found.point
        return name in self.parameters or self.items[name].stock

    def uses_of(self, type: str | None, said: str) -> list[str]:
        """The ids of sets that a loan of this type, purpose and product belongs to."""
        return [held.id for held in self.sets.values() if held.lends(type, said)]

    def set_of(self, industry: str | None, country: str | None = None, size: str | None = None) -> str:
        """The id of the first set of borrowers that fits, for warning levels; `default` when none does."""
        return next((held.id for held in self.sets.values() if held.holds(industry, country, size)), "default")
