"""What a borrower can bear, from its newest figures, its loans and its book: stress, break-even, twelve months of cash, need, capacity.

Every number goes back to a figure or a row; what had to be assumed is said as such, and what is missing leaves its result empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.domain.arrears import dues
from tools.domain.capital_need import Need, NeedInputs, working_capital_need
from tools.domain.cash_plan import CashPlan, MonthDues, PlanInputs, cash_plan, season_of
from tools.domain.debt_capacity import DebtCapacity, break_evens, debt_capacity
from tools.domain.figures import Figure
from tools.domain.grammar import parse
from tools.domain.loan_views import LoanView
from tools.domain.periods import add_months, month_end
from tools.domain.stress import Capacity, Scenario, Stressed, stressed
from tools.errors import BadRequest
from tools.rulebook.capacity_rules import CapacitySettings, capacity_under
from tools.rulebook.loan_rules import scenarios_under
from tools.toolbox.desk import Desk
from tools.toolbox.exposures import rates_of
from tools.toolbox.loan_states import running, views_of

ZERO = Decimal(0)
FLOWS = {
    "ebitda": "ebitda", "tax": "income_tax_expense", "principal": "scheduled_principal", "interest": "interest_expense", "revenue": "revenue",
    "ebit": "ebit", "cost_of_sales": "cost_of_sales", "gross_margin": "gross_margin", "capex": "capex", "dso": "dso", "dio": "dio", "dpo": "dpo",
}  # fmt: skip
BALANCES = {"free_cash": "free_cash", "short_term_debt": "short_term_debt", "total_debt": "total_debt",
            "short_term_borrowings": "short_term_borrowings", "liabilities": "total_liabilities", "assets": "total_assets", "net_debt": "net_debt"}  # fmt: skip
AHEAD = "first(current_portion_lt_debt, current_portion_noncurrent_liabilities)"
"""Instalments of longer debt that fall due in the year after the balance sheet."""


def called(name: str) -> str:
    """The rulebook's name of an input of the capacity."""
    return FLOWS.get(name) or BALANCES.get(name) or name


NEED = {
    "revenue": "revenue", "cost_of_sales": "cost_of_sales", "margin": "profit_before_tax / revenue", "receivables": "avg(accounts_receivable)",
    "inventories": "avg(inventories)", "payables": "avg(accounts_payable)", "prepayments": "avg(prepayments)",
    "advances": "avg(sum_present(advances_from_customers, contract_liabilities))", "own_funds": "total_current_assets - total_current_liabilities",
    "existing_loans": "short_term_borrowings", "growth": "growth(revenue)",
}  # fmt: skip
"""The regulator's formula over the rulebook's measures; own funds are the net working capital unless the bank states them."""


@dataclass(frozen=True, slots=True)
class CapacityView:
    """One borrower's capacity. `figures` by the name they have here; `need_figures` likewise for the need. `assumed`: sentences by key
    (for readers: phrases are elsewhere) about what no document says. `plans` by scenario."""

    borrower: str
    as_of: date
    currency: str | None
    period_end: date | None
    base: Capacity
    figures: Mapping[str, Figure]
    results: tuple[Stressed, ...]
    break_evens: Mapping[str, Decimal | None]
    plans: Mapping[str, CashPlan]
    plan_missing: tuple[str, ...]
    need: Need
    need_figures: Mapping[str, Figure]
    further: DebtCapacity
    rate: Decimal | None
    settings: CapacitySettings
    assumed: tuple[str, ...]


def capacity_of(
    desk: Desk, borrower: str, scenarios: Sequence[str] = (), *, growth: Decimal | None = None, own_funds: Decimal | None = None,
    end: date | None = None,
) -> CapacityView:  # fmt: skip
    """The view of one borrower under the rulebook's scenarios (or those named). `growth` and `own_funds` as the bank states them;
    `end`: the statements to start from, when not the newest."""
    who, day = desk.borrower(borrower).id, desk.clocks.as_of
    settings = capacity_under(desk.rulebook, day, desk.clocks.known_at.date())
    chosen = _chosen(desk, scenarios)
    reader = _Reader(desk, who, settings, end)
    base, figures = reader.base()
    inputs, missing = reader.plan_inputs(base, figures)
    need, need_figures = reader.need(growth, own_funds)
    debt = figures.get("total_debt")
    rate = reader.rate()
    plans = {s.id: cash_plan(inputs, day, s) for s in chosen} if inputs is not None else {}
    return CapacityView(
        who, day, reader.currency, reader.end, base, figures, tuple(stressed(base, s) for s in chosen), break_evens(base), plans, missing,
        need, need_figures,
        debt_capacity(base, debt.value if debt else None, rate, settings.years, settings.dscr, settings.leverage), rate, settings,
        tuple(reader.assumed),
    )  # fmt: skip


def _chosen(desk: Desk, ids: Sequence[str]) -> tuple[Scenario, ...]:
    known = scenarios_under(desk.rulebook, desk.clocks.as_of, desk.clocks.known_at.date())
    if unknown := [id for id in ids if id not in {s.id for s in known}]:
        raise BadRequest(f"no scenario is called {unknown[0]!r}", fix=f"Use {', '.join(s.id for s in known)}")
    return tuple(s for s in known if not ids or s.id in ids)


class _Reader:
    """Reads one borrower's year ahead and behind."""

    def __init__(self, desk: Desk, borrower: str, settings: CapacitySettings, end: date | None = None) -> None:
        self.desk, self.borrower, self.settings = desk, borrower, settings
        self.evaluator = desk.evaluator(borrower)
        self.assumed: list[str] = []
        self.views: list[LoanView] = [view for view in views_of(desk, borrower) if running(view)]
        until = min(end or desk.clocks.as_of, desk.clocks.as_of)
        newest = self.evaluator.newest("ebitda", None, until) or self.evaluator.newest("revenue", None, until)
        self.end = newest.period_end if newest else None
        self.currency = newest.currency if newest else None

    def base(self) -> tuple[Capacity, dict[str, Figure]]:
        """The year the stress starts from."""
        figures: dict[str, Figure] = {}
        if self.end is not None:
            for name, metric in {**FLOWS, **BALANCES}.items():
                figures[name] = self.evaluator.figure(metric, self.end)
            figures["next_principal"] = self.evaluator.formula("next_principal", AHEAD, parse(AHEAD), self.end)
            # between year ends the opening balance sheet is often not there: what falls due next stands for what fell due
            if figures["principal"].value is None and figures["next_principal"].value is not None:
                figures["principal"] = figures["next_principal"]
                self.assumed.append("principal_of_next_year")
        value = {name: figure.value for name, figure in figures.items()}
        top = self._top_customer()
        return (
            Capacity(
                value.get("ebitda"), value.get("tax"), value.get("principal"), value.get("interest"), self._floating(value.get("total_debt")),
                value.get("revenue"), value.get("gross_margin"), top, self._net_fx(), value.get("short_term_debt"), value.get("free_cash"),
                value.get("total_debt"), value.get("ebit"), value.get("cost_of_sales"), value.get("liabilities"), value.get("assets"),
                value.get("net_debt"),
            ),
            figures,
        )  # fmt: skip

    def plan_inputs(self, base: Capacity, figures: Mapping[str, Figure]) -> tuple[PlanInputs | None, tuple[str, ...]]:
        """Inputs of the cash plan, or what is missing for it."""
        needed = ("free_cash", "revenue", "ebitda", "cost_of_sales", "tax", "capex", "interest")
        missing = tuple(name for name in needed if name not in figures or figures[name].value is None)
        if missing:
            return None, missing
        value = {name: figure.value for name, figure in figures.items() if figure.value is not None}
        for name in ("dso", "dio", "dpo"):
            if name not in value:
                self.assumed.append(f"{name}_zero")
        dues_ahead, ours = self._dues()
        rest = max(value["interest"] - sum((d.interest for d in dues_ahead.values()), ZERO), ZERO)
        principal = value.get("next_principal")
        if principal is None:
            self.assumed.append("other_principal_zero")
        self.assumed += ["renewed_at_maturity", "other_debt_even"]
        short = value.get("short_term_borrowings", ZERO)
        return PlanInputs(
            opening_cash=value["free_cash"], revenue=value["revenue"], ebitda=value["ebitda"], cost_of_sales=value["cost_of_sales"],
            tax=value["tax"], capex=value["capex"] * self.settings.capex_share, season=self._season(), dso=value.get("dso", ZERO),
            dio=value.get("dio", ZERO), dpo=value.get("dpo", ZERO), dues=dues_ahead, other_interest=rest,
            other_principal=max((principal or ZERO) - sum((d.principal for d in dues_ahead.values()), ZERO), ZERO),
            other_renewed=max(short - ours, ZERO), floating_debt=base.floating_debt, top_customer=base.top_customer, net_fx=base.net_fx,
        ), ()  # fmt: skip

    def need(self, growth: Decimal | None, own_funds: Decimal | None) -> tuple[Need, dict[str, Figure]]:
        """The working-capital need on the newest fiscal year."""
        ends = [end for end in self.desk.book(self.borrower).fiscal_year_ends if end <= self.desk.clocks.as_of]
        if not ends:
            return Need(missing=("annual_statement",), reason="not computable because annual_statement is missing"), {}
        figures = {name: self.evaluator.formula(f"need_{name}", text, parse(text), ends[-1]) for name, text in NEED.items()}
        value = {name: figure.value for name, figure in figures.items()}
        if growth is None:
            self.assumed.append("growth_of_last_year")
        if own_funds is None:
            self.assumed.append("own_funds_net_working_capital")
            own_funds = None if value["own_funds"] is None else max(value["own_funds"], ZERO)
        wanted = growth if growth is not None else value["growth"]
        given: dict[str, Any] = {**value, "own_funds": own_funds, "growth": wanted}
        inputs = NeedInputs(**given)
        return working_capital_need(inputs, None if growth is not None else self.settings.growth_cap), figures

    def rate(self) -> Decimal | None:
        """What new money costs: the balance-weighted rate of the loans here."""
        weighed = [(v.terms.rate, v.terms.balance) for v in self.views if v.terms.balance and v.terms.currency == self.currency]
        total = sum((balance for _, balance in weighed), ZERO)
        return sum((rate * balance for rate, balance in weighed), ZERO) / total if total else None

    def _floating(self, total_debt: Decimal | None) -> Decimal | None:
        """All debt but what is fixed here for longer than a year: whatever else is not known to be fixed is taken to float."""
        if total_debt is None:
            return None
        year = add_months(self.desk.clocks.as_of, 12)
        fixed = [
            v.terms.balance for v in self.views
            if v.terms.rate_type == "fixed" and v.terms.end_date > year and v.terms.balance and v.terms.currency == self.currency
        ]  # fmt: skip
        self.assumed.append("unknown_rates_float")
        return max(total_debt - sum(fixed, ZERO), ZERO)

    def _top_customer(self) -> Decimal | None:
        rows = self.desk.loan_book.rows(self.desk.caller, "relations", self.desk.clocks, borrower=self.borrower)
        shares = [row["share"] for row in rows if row["relation"] == "buyer" and row["share"] is not None]
        return max(shares, default=None)

    def _net_fx(self) -> Decimal | None:
        """A year's exports less debt in other currencies, in the borrower's own; None when neither is known."""
        if self.currency is None:
            return None
        since = add_months(self.desk.clocks.as_of, -12)
        rows = self.desk.loan_book.rows(self.desk.caller, "operations", self.desk.clocks, borrower=self.borrower, since=since,
                                        where={"measure": "export_customs_value"})  # fmt: skip
        sold = [row["value"] for row in rows if row["date"] > since and row["unit"] == self.currency]
        foreign = [view for view in self.views if view.terms.currency != self.currency]
        if not sold and not foreign:
            return None
        owed = ZERO
        for view in foreign:
            rate = rates_of(self.desk)(view.terms.currency, self.currency)
            if rate is None:
                return None
            owed += (view.terms.balance or ZERO) * rate.value
        self.assumed.append("exports_and_foreign_loans_only")
        return sum(sold, ZERO) - owed

    def _dues(self) -> tuple[dict[date, MonthDues], Decimal]:
        """Dues of the loans here by month end, and how much of them is short-term money that is renewed as a rule."""
        day = self.desk.clocks.as_of
        until = month_end(add_months(day.replace(day=1), 12))
        found: dict[date, MonthDues] = defaultdict(MonthDues)
        renewed_total = ZERO
        types = {
            str(r["id"]): r["type"]
            for r in self.desk.loan_book.rows(self.desk.caller, "loans", self.desk.clocks, borrower=self.borrower)
        }
        for view in self.views:
            if view.ledger is None:
                self.assumed.append(f"dues_unknown:{view.terms.id}")
                continue
            rate = ONE_RATE if view.terms.currency == self.currency else self._rate_to_home(view)
            if rate is None:
                self.assumed.append(f"dues_without_rate:{view.terms.id}")
                continue
            renews = types.get(view.terms.id) in self.settings.renewed_types
            if renews:
                renewed_total += (view.terms.balance or ZERO) * rate
            for due in dues(view.ledger, until):
                end = month_end(due.date)
                # what falls due in the rest of this month belongs to the first planned one
                end = max(end, month_end(add_months(day.replace(day=1), 1)))
                rolls = renews and due.date >= view.terms.end_date
                more = MonthDues(
                    due.interest * rate, ZERO if rolls else due.principal * rate, due.principal * rate if rolls else ZERO
                )
                old = found[end]
                found[end] = MonthDues(old.interest + more.interest, old.principal + more.principal, old.renewed + more.renewed)
        return dict(found), renewed_total

    def _rate_to_home(self, view: LoanView) -> Decimal | None:
        found = rates_of(self.desk)(view.terms.currency, str(self.currency))
        return found.value if found else None

    def _season(self) -> dict[int, Decimal]:
        since = self.desk.clocks.as_of - timedelta(days=3 * 366)
        for measure in self.settings.season:
            rows = self.desk.loan_book.rows(self.desk.caller, "operations", self.desk.clocks, borrower=self.borrower, since=since,
                                            where={"measure": measure})  # fmt: skip
            if len({row["date"].month for row in rows}) == 12:
                self.assumed.append(f"season_by:{measure}")
                return season_of([(row["date"], row["value"]) for row in rows])
        self.assumed.append("season_even")
        return season_of([])


ONE_RATE = Decimal(1)
