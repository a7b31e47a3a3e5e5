"""Runs a plan period by period into a ledger whose three statements agree to the last unit.

Cash is what is left over. The direct cash flow has one remainder (other operating payments); the indirect reconciliation is computed
on its own, and the ledger refuses a period in which the two differ.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from eval.sample_bank.chance import Chance
from eval.sample_bank.ledger import DEPRECIATION, Amounts, Ledger, with_balance_totals, with_flow_totals
from eval.sample_bank.plan import TYPICAL, D, Plan

Up = Callable[..., int]

_FROM_SALES = {
    "notes_receivable": "notes_days", "accounts_receivable": "ar_days", "receivables_financing": "financing_days",
    "other_receivables": "other_receivable_days", "contract_assets": "contract_asset_days",
    "contract_liabilities": "advance_days", "taxes_payable": "tax_days", "other_current_liabilities": "other_liability_days",
}  # fmt: skip
_FROM_COST = {
    "prepayments": "prepay_days", "inventories": "inventory_days", "other_current_assets": "other_current_days",
    "notes_payable": "np_days", "accounts_payable": "ap_days", "employee_benefits_payable": "wage_days",
    "other_payables": "other_payable_days",
}  # fmt: skip
_WORN = dict(
    zip(DEPRECIATION, ("ppe_net", "right_of_use_assets", "intangible_assets", "long_term_deferred_expenses"), strict=True)
)
_RECEIVABLES = (
    "notes_receivable", "accounts_receivable", "receivables_financing", "contract_assets", "prepayments", "other_receivables",
    "other_current_assets",
)  # fmt: skip
_PAYABLES = (
    "notes_payable", "accounts_payable", "contract_liabilities", "employee_benefits_payable", "taxes_payable",
    "other_payables", "other_current_liabilities", "deferred_income",
)  # fmt: skip
_OWED = ("short_term_borrowings", "current_portion_lt_debt", "long_term_borrowings", "bonds_payable")
_HELD = ("long_term_equity_investments", "investment_property", "short_term_investments", "goodwill")


def simulate(plan: Plan, chance: Chance) -> Ledger:
    """The ledger of a plan: its periods, and half years, nine months and years summed from quarters."""
    return _Run(plan, chance).go()


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_EVEN))


class _Run:
    def __init__(self, plan: Plan, chance: Chance) -> None:
        self.plan, self.chance = plan, chance
        self.ledger = Ledger(plan.currency, plan.unit)
        self.rates = dict(TYPICAL)
        self.levels: dict[str, Decimal] = {}
        self.debt = (D(0), D(0), D(0))
        self.history: list[tuple[int, Decimal, Decimal]] = []

    def go(self) -> Ledger:
        plan = self.plan
        self._change(plan.start)
        first = min(plan.sales)
        yearly = plan.sales[first] * 12 / first[1]
        self.history.append((12, yearly, yearly * (1 - self.rates["gross_margin"])))
        before = {name: self.units(amount) for name, amount in plan.opening.items()}
        free = before.pop("free_cash")
        before.update(self._working_lines(plan.start))
        before.update(cash_and_equivalents=free + before["restricted_cash"], undistributed_profit=0)
        whole = with_balance_totals(before)
        before["undistributed_profit"] = whole["total_assets"] - whole["total_liabilities_and_equity"]
        self.ledger.add_balance(plan.start, before)
        for (end, months), sales in sorted(plan.sales.items()):
            self._change(end)
            before = self._step(before, end, months, sales)
        self._longer_periods()
        return self.ledger

    def units(self, amount: Decimal) -> int:
        """Units of an amount in the plan's scale."""
        return _whole(amount * self.plan.scale / self.plan.unit)

    def amount(self, units: int) -> Decimal:
        """The plan's scale again."""
        return D(units) * self.plan.unit / self.plan.scale

    def _change(self, day: date) -> None:
        self.rates.update(self.plan.rates.get(day, {}))
        self.levels.update(self.plan.levels.get(day, {}))
        self.debt = self.plan.debt.get(day, self.debt)

    def _trailing_year(self, place: int) -> Decimal:
        left, got = 12, D(0)
        for entry in reversed(self.history):
            months = min(left, entry[0])
            got += (D(0), entry[1], entry[2])[place] * months / entry[0]
            left -= months
            if not left:
                break
        return got

    def _working_lines(self, end: date) -> Amounts:
        """Every line that follows sales, cost or the plan's levels and debt; zero ones included so that they can end."""
        rate = self.rates
        sales, cost = self._trailing_year(1), self._trailing_year(2)
        lines = {name: self.units(self.chance.near(sales * rate[days] / 365)) for name, days in _FROM_SALES.items()}
        lines.update({name: self.units(self.chance.near(cost * rate[days] / 365)) for name, days in _FROM_COST.items()})
        lines.update({name: self.units(amount) for name, amount in self.levels.items()})
        for name, amount in self.plan.adjust.get(end, {}).items():
            lines[name] = lines[name] + self.units(amount)
        lines.setdefault("restricted_cash", _whole(lines["notes_payable"] * rate["restricted"]))
        short, current, long = map(self.units, self.debt)
        lines.update(short_term_borrowings=short, current_portion_lt_debt=current, long_term_borrowings=long)
        lines["current_portion_noncurrent_liabilities"] = current + self.units(self.plan.lease.get("principal", D(0)))
        return lines

    def _step(self, before: Amounts, end: date, months: int, sales: Decimal) -> Amounts:
        part = D(months) / 12
        cost = self.chance.near(sales * (1 - self.rates["gross_margin"]), "0.004")
        self.history.append((months, sales, cost))
        after = {**before, **self._working_lines(end)}

        def up(*names: str) -> int:
            return sum(after.get(name, 0) - before.get(name, 0) for name in names)

        one_off = {name: self.units(amount) for name, amount in self.plan.one_off.get(end, {}).items()}
        flow = self._income(before, after, sales, cost, part, one_off)
        spend = self._wear(flow, before, after, end, part, one_off)
        lease = self._lease(before, after, part)
        self._tax(flow, before, after, one_off)
        self._share_out(flow, before, after, end, months)
        operating = self._reconcile(flow, up)
        self._direct(flow, up, operating, cost)
        self._invest(flow, up, spend, one_off)
        self._finance(flow, before, up, lease, part, end)
        flow["cash_beginning"] = before["cash_and_equivalents"] - before["restricted_cash"]
        self.ledger.add_flow(end, months, flow)
        after["cash_and_equivalents"] = self.ledger.flows[end, months]["cash_ending"] + after["restricted_cash"]
        self.ledger.add_balance(end, after)
        return after

    def _income(
        self, before: Amounts, after: Amounts, sales: Decimal, cost: Decimal, part: Decimal, one_off: Amounts
    ) -> Amounts:
        rate, near = self.rates, self.chance.near
        owed = sum((self.amount(side.get(name, 0)) for side in (before, after) for name in _OWED), D(0)) / 2
        interest = self.units(near(owed * rate["interest_rate"] * part, "0.004"))
        interest += self.units(self.plan.lease.get("interest", D(0)) * part)
        earned = self.units(self.amount(before["cash_and_equivalents"]) * rate["deposit_rate"] * part)
        lines = {
            "revenue": self.units(sales),
            "cost_of_sales": self.units(cost),
            "taxes_and_surcharges": self.units(sales * rate["surtax"]),
            "selling_expenses": self.units(near(sales * rate["selling"])),
            "admin_expenses": self.units(near(sales * rate["admin"])),
            "rnd_expenses": self.units(near(sales * rate["rnd"])),
            "interest_expense": interest,
            "interest_income": earned,
            "credit_impairment_loss": self.units(near(sales * rate["bad_debt"], "0.2")),
            "asset_impairment_loss": self.units(near(cost * rate["write_down"], "0.2")),
        }
        for name, amount in one_off.items():
            if not name.startswith("x_"):
                lines[name] = lines.get(name, 0) + amount
        charges = self.units(sales * rate["bank_charges"])
        lines["finance_costs_net"] = lines["interest_expense"] - earned + charges + lines.get("fx_loss", 0)
        return lines

    def _wear(self, flow: Amounts, before: Amounts, after: Amounts, end: date, part: Decimal, one_off: Amounts) -> int:
        """Depreciation, amortisation and what is bought; returns the cash spent on long-lived assets."""
        rate = self.rates
        yearly = {
            "depreciation_ppe": before.get("ppe_net", 0) * rate["depreciation"],
            "depreciation_rou": D(self.units(self.plan.lease.get("principal", D(0)))),
            "amortization_intangibles": before.get("intangible_assets", 0) * rate["amortization"],
            "amortization_lt_deferred": before.get("long_term_deferred_expenses", 0) * D("0.2"),
        }
        for name, amount in yearly.items():
            flow[name] = min(_whole(amount * part), before.get(_WORN[name], 0))
            after[_WORN[name]] = before.get(_WORN[name], 0) - flow[name]
        spend, bought = self.units(self.plan.spend.get(end, D(0))), one_off.get("x_intangibles_bought", 0)
        building = after.get("construction_in_progress", 0) - before.get("construction_in_progress", 0)
        after["ppe_net"] += spend - building - one_off.get("x_book_value_sold", 0)
        after["intangible_assets"] += bought
        return spend + bought

    def _lease(self, before: Amounts, after: Amounts, part: Decimal) -> tuple[int, int]:
        """Lease principal and interest paid; the current part stays a year's principal while the lease lasts."""
        owed = before.get("lease_liabilities", 0)
        principal = min(self.units(self.plan.lease.get("principal", D(0)) * part), owed)
        after["lease_liabilities"] = owed - principal
        return principal, self.units(self.plan.lease.get("interest", D(0)) * part)

    def _tax(self, flow: Amounts, before: Amounts, after: Amounts, one_off: Amounts) -> None:
        profit = with_flow_totals(flow)["profit_before_tax"]
        lost = flow["credit_impairment_loss"] + flow["asset_impairment_loss"]
        later = _whole(lost * self.rates["tax_rate"]) if profit > 0 else 0
        current = _whole(max(profit + lost, 0) * self.rates["tax_rate"]) if profit > 0 else 0
        later += one_off.get("x_deferred_asset", 0)
        current += one_off.get("x_deferred_asset", 0)
        after["deferred_tax_assets"] = before.get("deferred_tax_assets", 0) + later
        flow["income_tax_expense"] = current - later + flow.get("income_tax_expense", 0)
        flow["x_deferred_tax_assets"] = -later

    def _share_out(self, flow: Amounts, before: Amounts, after: Amounts, end: date, months: int) -> None:
        """Profit to its owners: minorities, the statutory reserve at year end, dividends, new capital."""
        profit = with_flow_totals(flow)["net_profit"]
        flow["minority_profit"] = _whole(profit * self.rates["minority"])
        after["minority_interest"] = before.get("minority_interest", 0) + flow["minority_profit"]
        mine = profit - flow["minority_profit"]
        year = mine + sum(
            done["net_profit_to_parent"]
            for (done_end, done_months), done in self.ledger.flows.items()
            if done_end.year == end.year and done_months == 3
        )
        transfer = _whole(max(year, 0) * self.plan.transfer) if end.month == 12 else 0
        dividend, paid_in = self.units(self.plan.dividends.get(end, D(0))), self.units(self.plan.capital.get(end, D(0)))
        after["surplus_reserve"] = before.get("surplus_reserve", 0) + transfer
        after["undistributed_profit"] = before["undistributed_profit"] + mine - transfer - dividend
        after["share_capital"] = before["share_capital"] + paid_in
        flow.update(equity_proceeds=paid_in, dividends_paid=dividend)
        self.ledger.transfers[end, months], self.ledger.dividends[end, months] = transfer, dividend

    def _reconcile(self, flow: Amounts, up: Up) -> int:
        """The indirect way from profit to operating cash."""
        lost, wrote = flow["credit_impairment_loss"], flow["asset_impairment_loss"]
        flow["x_disposal_loss"] = -flow.get("asset_disposal_gains", 0)
        flow["x_fair_value_loss"] = -flow.get("fair_value_gains", 0)
        flow["x_finance_costs"] = flow["interest_expense"]
        flow["x_investment_loss"] = -flow.get("investment_income", 0)
        flow["x_deferred_tax_liabilities"] = up("deferred_tax_liabilities")
        flow["x_inventories"] = -(up("inventories") + wrote)
        flow["x_receivables"] = -(up(*_RECEIVABLES) + lost)
        flow["x_payables"] = up(*_PAYABLES)
        flow["x_other"] = -up("restricted_cash")
        own = sum(amount for name, amount in flow.items() if name.startswith("x_"))
        return with_flow_totals(flow)["net_profit"] + lost + wrote + sum(flow[name] for name in DEPRECIATION) + own

    def _direct(self, flow: Amounts, up: Up, operating: int, planned_cost: Decimal) -> None:
        rate = self.rates
        vat_out = _whole(flow["revenue"] * rate["vat"] * (1 - self.plan.vat_free_share))
        labour = self.units(planned_cost * rate["labour"])
        staff = labour + (flow["selling_expenses"] + flow["admin_expenses"] + flow["rnd_expenses"]) * 45 // 100
        worn = sum(flow[name] for name in DEPRECIATION) * 70 // 100
        bought = flow["cost_of_sales"] - labour - worn + up("inventories") + flow["asset_impairment_loss"]
        vat_in = _whole(bought * rate["vat"] * D("0.92"))
        owed_by_customers = up("accounts_receivable", "notes_receivable", "receivables_financing", "contract_assets")
        flow["cash_from_customers"] = (
            flow["revenue"] + vat_out + up("contract_liabilities") - owed_by_customers - flow["credit_impairment_loss"]
        )
        flow["tax_refunds_received"] = max(vat_in - vat_out, 0)
        flow["other_operating_cash_in"] = (
            flow.get("other_income", 0) + flow["interest_income"] + flow.get("non_operating_income", 0) + up("deferred_income")
        )
        flow["cash_to_suppliers"] = bought + vat_in + up("prepayments") - up("accounts_payable", "notes_payable")
        flow["cash_to_employees"] = staff - up("employee_benefits_payable")
        tax = flow["income_tax_expense"] + up("deferred_tax_assets") + flow["taxes_and_surcharges"]
        flow["taxes_paid"] = tax + max(vat_out - vat_in, 0) - up("taxes_payable")
        came = flow["cash_from_customers"] + flow["tax_refunds_received"] + flow["other_operating_cash_in"]
        went = flow["cash_to_suppliers"] + flow["cash_to_employees"] + flow["taxes_paid"]
        flow["other_operating_cash_out"] = came - went - operating

    def _invest(self, flow: Amounts, up: Up, spend: int, one_off: Amounts) -> None:
        placed = up(*_HELD) - flow.get("fair_value_gains", 0)
        flow["capex"] = spend + up("other_noncurrent_assets")
        flow["cash_for_investments"], flow["investment_recovered"] = max(placed, 0), max(-placed, 0)
        flow["investment_income_received"] = flow.get("investment_income", 0)
        flow["cash_from_asset_disposal"] = one_off.get("x_book_value_sold", 0) + flow.get("asset_disposal_gains", 0)

    def _finance(self, flow: Amounts, before: Amounts, up: Up, lease: tuple[int, int], part: Decimal, end: date) -> None:
        grown = up(*_OWED)
        turned = _whole(before["short_term_borrowings"] * min(part * D("0.9"), D(1)))
        due = _whole(before["current_portion_lt_debt"] * part)
        flow["debt_repaid"] = max(turned + due, -grown)
        flow["borrowings_proceeds"] = grown + flow["debt_repaid"]
        flow["interest_paid"] = flow["interest_expense"] - lease[1]
        flow["dividends_interest_paid"] = flow["interest_paid"] + flow["dividends_paid"]
        flow["other_financing_out"] = sum(lease)

    def _longer_periods(self) -> None:
        for year in sorted({end.year for end, months in self.ledger.flows if months == 3}):
            quarters = sorted(key for key in self.ledger.flows if key[1] == 3 and key[0].year == year)
            for count in (2, 3, 4):
                if len(quarters) >= count:
                    self.ledger.sum_flows(quarters[count - 1][0], 3 * count, quarters[:count])
