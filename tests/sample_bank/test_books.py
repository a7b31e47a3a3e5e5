"""The books behind the papers: every identity of handbook 2.2 holds, and the handbook's company has the handbook's figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eval.sample_bank.bank import prepare
from eval.sample_bank.borrowers.mingyuan_books import mingyuan_ledger
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import CASH_MINUS, CASH_PLUS, OPERATING_MINUS, OPERATING_PLUS, RECONCILING, Ledger, total
from eval.sample_bank.truth import Reckoner, rounded

Y24, Y25, H26 = date(2024, 12, 31), date(2025, 12, 31), date(2026, 6, 30)
WAN = Decimal(10000)


def ledgers(draft: Draft) -> list[tuple[str, Ledger]]:
    return [(f"{path} {scope}", ledger) for path, report in draft.reports.items() for scope, ledger in report.ledgers.items()]


def test_balances_flows_and_roll_forward_agree(draft: Draft) -> None:
    assert {name: ledger.broken() for name, ledger in ledgers(draft) if ledger.broken()} == {}


def test_statements_add_up_line_by_line(draft: Draft) -> None:
    for name, ledger in ledgers(draft):
        for end, sheet in ledger.balances.items():
            assert sheet["total_assets"] == sheet["total_liabilities"] + sheet["total_equity"], (name, end)
        for key, flow in ledger.flows.items():
            assert flow["operating_profit"] == total(flow, OPERATING_PLUS) - total(flow, OPERATING_MINUS), (name, key)
            for net, plus in CASH_PLUS.items():
                assert flow[net] == total(flow, plus) - total(flow, CASH_MINUS[net]), (name, key, net)
            assert flow["cash_ending"] == flow["cash_beginning"] + total(flow, tuple(CASH_PLUS)), (name, key)
            assert flow["net_cash_operating"] == total(flow, RECONCILING), (name, key)


@pytest.mark.parametrize("seed", [1, 20261031])
def test_firms_look_like_firms(tmp_path: Path, seed: int) -> None:
    """No negative cash, stock, payables or cash payments: a reader must never meet nonsense."""
    for name, ledger in ledgers(prepare(tmp_path, seed, documents=False)):
        for end, sheet in ledger.balances.items():
            negative = {
                item: v for item, v in sheet.items() if v < 0 and item not in ("undistributed_profit", "accumulated_oci")
            }
            assert not negative, (name, end, negative)
        for key, flow in ledger.flows.items():
            if key[1] >= 6:
                paid = [item for items in (*CASH_PLUS.values(), *CASH_MINUS.values()) for item in items]
                negative = {item: flow[item] for item in paid if flow.get(item, 0) < 0 and item != "investment_income_received"}
                assert not negative, (name, key, negative)


HANDBOOK = {
    "current_ratio": "1.1818", "debt_to_assets": "0.6080", "debt_to_ebitda": "3.4558", "icr_ebit": "3.5185", "dscr": "1.9855",
    "gross_margin": "0.2100", "tnw": "107000000.0000",
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), HANDBOOK.items())
def test_mingyuan_has_the_ratios_of_the_handbook(name: str, expected: str) -> None:
    assert rounded(Reckoner(mingyuan_ledger()).ratio(name, Y25)) == expected


def test_mingyuan_has_the_lines_of_the_handbook() -> None:
    ledger = mingyuan_ledger()
    at = {
        Y25: "total_current_assets 18200 total_noncurrent_assets 11800 total_assets 30000 total_current_liabilities 15400 total_noncurrent_liabilities "
        "2840 total_liabilities 18240 equity_attributable_to_parent 11420 total_equity 11760 inventories 5900 restricted_cash 840",
        Y24: "total_current_assets 15400 total_noncurrent_assets 11100 total_assets 26500 total_current_liabilities 12500 total_noncurrent_liabilities "
        "2800 total_liabilities 15300 equity_attributable_to_parent 10900 total_equity 11200 inventories 4800 restricted_cash 600",
        date(2023, 12, 31): "total_assets 25000",
    }
    of = {
        (
            Y25,
            12,
        ): "operating_profit 1236 profit_before_tax 1360 net_profit 1160 net_profit_to_parent 1120 net_cash_operating 376 net_cash_investing -1676 "
        "net_cash_financing 500 cash_ending 1800 depreciation_amortization 1040 interest_paid 540 dividends_paid 600",
        (
            Y24,
            12,
        ): "operating_profit 1746 profit_before_tax 1750 net_profit 1500 net_profit_to_parent 1450 net_cash_operating 1680 net_cash_investing -1280 "
        "net_cash_financing -200 cash_ending 2600 depreciation_amortization 1000",
        (date(2023, 12, 31), 12): "net_profit 1300 cash_ending 2400",
        (date(2025, 6, 30), 6): "revenue 12600 profit_before_tax 900 interest_expense 250 depreciation_amortization 510",
        (H26, 6): "revenue 12000 profit_before_tax 420 interest_expense 300 depreciation_amortization 540",
    }
    for end, text in at.items():
        words = text.split()
        assert {n: ledger.value(n, end) / WAN for n in words[::2]} == dict(
            zip(words[::2], map(Decimal, words[1::2]), strict=True)
        )
    for (end, months), text in of.items():
        words = text.split()
        assert {n: ledger.value(n, end, months) / WAN for n in words[::2]} == dict(
            zip(words[::2], map(Decimal, words[1::2]), strict=True)
        )


def test_mingyuan_mid_2026_is_t37_and_t38() -> None:
    reckon = Reckoner(mingyuan_ledger())
    assert reckon.ebitda(H26) == 2540 * WAN
    assert reckon.total_debt(H26) == 10400 * WAN
    assert rounded(reckon.ratio("debt_to_ebitda", H26)) == "4.0945"
    assert reckon.total_debt(H26) / 4 - reckon.ebitda(H26) == 60 * WAN


def test_a_restated_year_keeps_its_cash() -> None:
    """Only the corrected lines move: stock, cost, deferred tax, profit; cash stays what it was."""
    from eval.sample_bank.borrowers.jincheng import OVERSTATED, _group

    draft = Draft(seed=5, book_date=date(2026, 10, 31), folder=Path("unused"), with_documents=False)
    first, again = _group(draft, restated=False), _group(draft, restated=True)
    assert first.value("inventories", Y24) - again.value("inventories", Y24) == OVERSTATED * WAN
    assert first.value("net_profit", Y24, 12) - again.value("net_profit", Y24, 12) == OVERSTATED * WAN * 3 / 4
    for item in ("net_cash_operating", "cash_ending", "cash_to_suppliers"):
        assert first.value(item, Y24, 12) == again.value(item, Y24, 12), item
