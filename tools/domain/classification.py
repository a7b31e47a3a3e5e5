"""Five-category classification: floors per loan, then what the debtor's other debts add.

The product proposes, people decide. What is proposed is the worst floor hit, and never better than the category on the books:
an upgrade needs Art. 14 (see observation). A rule whose inputs are unknown is listed with the task that would decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tools.domain.instalments import ZERO
from tools.domain.rules import Known, Rule, RuleResult, judge_all

DEBTOR_LEVEL = frozenset({"debtor_npl_here", "debtor_npl_elsewhere", "debtor_npl_share_here", "debtor_overdue_90_share"})
"""Measures that come from all loans of a debtor together."""


@dataclass(frozen=True, slots=True)
class Category:
    """One of the five. `occ` is the corresponding US grade; `rank` grows with badness."""

    id: str
    rank: int
    npl: bool
    occ: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClassificationRules:
    """Every version of rules and exemptions, the categories from best to worst, the task that answers each measure, and what
    to look for in events."""

    rules: tuple[Rule, ...]
    categories: tuple[Category, ...]
    tasks: Mapping[str, Mapping[str, str]]
    words: Mapping[str, tuple[str, ...]]

    @property
    def floors(self) -> tuple[Rule, ...]:
        """Every rule but the stage triggers."""
        return tuple(rule for rule in self.rules if rule.effect[0] != "stage")

    @property
    def stages(self) -> tuple[Rule, ...]:
        """Stage triggers and exemptions."""
        return tuple(rule for rule in self.rules if rule.effect[0] in ("stage", "exemption"))

    def category(self, id: str) -> Category:
        """Raises KeyError for an unknown category."""
        for category in self.categories:
            if category.id == id:
                return category
        raise KeyError(id)

    def worst(self, ids: Iterable[str]) -> str | None:
        """The worst category of `ids`; None when there are none."""
        ranked = [self.category(id) for id in ids]
        return max(ranked, key=lambda category: category.rank).id if ranked else None


@dataclass(frozen=True, slots=True)
class LoanCase:
    """What classification knows of one loan. `current` None: not classified yet. `measures` as in
    rulebook/classification/measures.yaml; debtor-level ones are added here. `apart`: left out of debtor-level contagion."""

    loan: str
    current: str | None
    balance: Decimal
    currency: str
    dpd: int | None
    measures: Mapping[str, Known]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class DebtorCase:
    """What is known of the debtor. Amounts at other banks are in `currency` (None: nothing is known of other banks).
    `elsewhere_npl` may be an amount of zero, which is knowledge too. `measures` hold for every loan."""

    retail: bool | None
    measures: Mapping[str, Known] = field(default_factory=dict)
    currency: str | None = None
    elsewhere_balance: Decimal | None = None
    elsewhere_overdue_90: Decimal | None = None
    elsewhere_npl: Decimal | None = None
    bureau_rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """`floors` are the rules hit with a category, worst first; `unknown` those that could not be decided; `exempted` those an
    exemption lifted; `tasks` hit without a floor. `stage` is the worst stage trigger hit or on the books, None if unknown.
    `results` are all rules but stage ones, clear ones too."""

    loan: str
    current: str | None
    proposed: str
    floors: tuple[RuleResult, ...]
    unknown: tuple[RuleResult, ...]
    exempted: tuple[RuleResult, ...]
    tasks: tuple[RuleResult, ...]
    stage: int | None
    stage_rules: tuple[RuleResult, ...]
    occ: str
    results: tuple[RuleResult, ...] = ()

    @property
    def worst_floor(self) -> str | None:
        """The category of the worst floor, None without a floor."""
        return self.floors[0].rule.effect[1] if self.floors else None


def classify(
    case: LoanCase,
    rules: ClassificationRules,
    day: date,
    stage: int | None = None,
    known: Mapping[str, RuleResult] | None = None,
) -> Classification:
    """One loan on the business date `day`, with the measures it has. `stage` is the one on the books; `known` are results by
    rule key that need no second look."""
    results = judge_all(rules.floors, case.measures, day, known)
    floors = [r for r in results if r.verdict == "hit" and r.rule.effect[0] == "classification_floor"]
    floors.sort(key=lambda result: -rules.category(result.rule.effect[1]).rank)
    best = rules.categories[0].id
    proposed = rules.worst([case.current or best, *(result.rule.effect[1] for result in floors)]) or best
    staged = _stage(case, rules, proposed, day)
    return Classification(
        loan=case.loan,
        current=case.current,
        proposed=proposed,
        floors=tuple(floors),
        unknown=tuple(r for r in results if r.verdict == "unknown" and r.rule.effect[0] == "classification_floor"),
        exempted=tuple(r for r in results if r.exempted_by and r.rule.effect[0] == "classification_floor"),
        tasks=tuple(r for r in results if r.verdict == "hit" and r.rule.effect[0] == "task"),
        stage=max([int(r.rule.effect[1]) for r in staged] + [stage or 0, 0 if case.dpd is None else 1]) or None,
        stage_rules=staged,
        occ=rules.category(proposed).occ,
        results=tuple(results),
    )


def _stage(case: LoanCase, rules: ClassificationRules, proposed: str, day: date) -> tuple[RuleResult, ...]:
    category = rules.category(proposed)
    measures = dict(case.measures) | {
        "category_special_mention": Known(category.rank == 1),
        "category_npl": Known(category.npl),
    }
    results = judge_all(rules.stages, measures, day)
    hits = [result for result in results if result.verdict == "hit"]
    return tuple(sorted(hits, key=lambda result: -int(result.rule.effect[1])))


def classify_debtor(
    loans: Sequence[LoanCase],
    debtor: DebtorCase,
    rules: ClassificationRules,
    day: date,
    stages: Mapping[str, int | None] | None = None,
) -> dict[str, Classification]:
    """All loans of one debtor: each by itself first, then with the debtor-level measures, until nothing changes."""
    stages = stages or {}
    common = dict(debtor.measures) | {"debtor_retail": Known(debtor.retail)}
    cases = {case.loan: _with(case, common) for case in loans}
    found = {id: classify(case, rules, day, stages.get(id)) for id, case in cases.items()}
    for _ in range(len(rules.categories)):
        npl = {id for id, result in found.items() if _npl(result, rules) and not cases[id].apart}
        again = {
            id: classify(
                _with(case, _debtor_measures(case, loans, npl, debtor)), rules, day, stages.get(id), _settled(found[id])
            )
            for id, case in cases.items()
        }
        if {id: r.proposed for id, r in again.items()} == {id: r.proposed for id, r in found.items()}:
            return again
        found = again
    return found


def _settled(result: Classification) -> dict[str, RuleResult]:
    """Results that no other loan of the debtor can change."""
    return {found.rule.key: found for found in result.results if DEBTOR_LEVEL.isdisjoint(found.rule.asks)}


def _npl(result: Classification, rules: ClassificationRules) -> bool:
    return rules.category(result.proposed).npl


def _with(case: LoanCase, more: Mapping[str, Known]) -> LoanCase:
    return LoanCase(
        case.loan, case.current, case.balance, case.currency, case.dpd, {**case.measures, **more}, case.apart
    )  # fmt: skip


def _debtor_measures(case: LoanCase, loans: Sequence[LoanCase], npl: set[str], debtor: DebtorCase) -> dict[str, Known]:
    bad_here = tuple(("loans", loan.loan) for loan in loans if loan.loan in npl and loan.loan != case.loan)
    elsewhere = None if debtor.elsewhere_npl is None else debtor.elsewhere_npl > 0
    one_currency = len({loan.currency for loan in loans}) == 1
    total = sum((loan.balance for loan in loans), ZERO)
    bad = sum((loan.balance for loan in loans if loan.loan in npl), ZERO)
    share = Known(bad / total if one_currency and total > 0 else None, tuple(("loans", loan.loan) for loan in loans))
    return {
        "debtor_npl_here": Known(bool(bad_here), bad_here),
        "debtor_npl_elsewhere": Known(elsewhere, debtor.bureau_rows),
        "debtor_npl_share_here": share,
        "debtor_overdue_90_share": _overdue_share(loans, debtor, one_currency),
    }


def _overdue_share(loans: Sequence[LoanCase], debtor: DebtorCase, one_currency: bool) -> Known:
    """Debts overdue more than 90 days at all banks over all debts; a loan counts with its whole balance."""
    rows = tuple(("loans", loan.loan) for loan in loans) + debtor.bureau_rows
    parts = (debtor.elsewhere_balance, debtor.elsewhere_overdue_90)
    if parts[0] == 0:
        parts = (ZERO, ZERO)
    same = one_currency and (parts == (ZERO, ZERO) or debtor.currency is None or debtor.currency == loans[0].currency)
    if parts[0] is None or parts[1] is None or not same or any(loan.dpd is None for loan in loans):
        return Known(None, rows)
    total = sum((loan.balance for loan in loans), parts[0])
    late = sum((loan.balance for loan in loans if (loan.dpd or 0) > 90 and not loan.apart), parts[1])
    return Known(late / total if total > 0 else None, rows)
