"""What the tea group and its parent alone intended; the simulation makes their two sets of books of it."""

from __future__ import annotations

from eval.fresh.fifth.house import H25, H26, WAN, Y23, Y24, Y25
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.simulation import simulate


def whole(draft: Draft) -> Ledger:
    """The group."""
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY",
        scale=WAN,
        unit=D(100),
        start=start,
        opening=decimals(
            free_cash="3900",
            ppe_net="12400",
            construction_in_progress="900",
            intangible_assets="2800",
            share_capital="8000",
            capital_surplus="1300",
            surplus_reserve="700",
            minority_interest="260",
        ),
        sales={(Y23, 12): D(29600), (Y24, 12): D(31800), **year_of(2025, "33100"), **quarters_of(2026, "6700", "8600")},
        rates={
            start: decimals(
                gross_margin="0.366",
                selling="0.148",
                admin="0.082",
                rnd="0.012",
                ar_days="57",
                inventory_days="171",
                ap_days="63",
                np_days="0",
                minority="0.02",
            ),
            H26: decimals(gross_margin="0.352", ar_days="66", inventory_days="196"),
        },
        debt={
            start: (D(5200), D(0), D(1800)),
            Y24: (D(5600), D(800), D(9000)),
            H25: (D(6100), D(800), D(8600)),
            Y25: (D(6900), D(1200), D(7800)),
            H26: (D(8300), D(1600), D(7000)),
        },
        levels={
            Y24: decimals(construction_in_progress="4600"),
            Y25: decimals(construction_in_progress="6100"),
            H26: decimals(construction_in_progress="6600"),
        },
        spend={Y23: D(1100), Y24: D(6200), H25: D(1300), Y25: D(900), H26: D(700)},
        dividends={Y24: D(500), Y25: D(400)},
    )
    return simulate(plan, draft.chance("C503", "books"))


def alone(draft: Draft) -> Ledger:
    """The parent."""
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY",
        scale=WAN,
        unit=D(100),
        start=start,
        opening=decimals(
            free_cash="2700",
            ppe_net="9300",
            construction_in_progress="900",
            intangible_assets="2200",
            long_term_equity_investments="2400",
            share_capital="8000",
            capital_surplus="1300",
            surplus_reserve="600",
        ),
        sales={(Y23, 12): D(22100), (Y24, 12): D(23500), **year_of(2025, "25200"), **quarters_of(2026, "5300", "6800")},
        rates={
            start: decimals(
                gross_margin="0.318",
                selling="0.112",
                admin="0.076",
                rnd="0.015",
                ar_days="61",
                inventory_days="158",
                ap_days="66",
                np_days="0",
            ),
            H26: decimals(gross_margin="0.309", ar_days="72"),
        },
        debt={
            start: (D(4600), D(0), D(1800)),
            Y24: (D(4900), D(800), D(9000)),
            H25: (D(5300), D(800), D(8600)),
            Y25: (D(6000), D(1200), D(7800)),
            H26: (D(7100), D(1600), D(7000)),
        },
        levels={
            start: decimals(long_term_equity_investments="2400"),
            Y24: decimals(construction_in_progress="4600"),
            Y25: decimals(construction_in_progress="6100"),
            H26: decimals(construction_in_progress="6600"),
        },
        spend={Y23: D(800), Y24: D(5700), H25: D(1200), Y25: D(800), H26: D(650)},
        dividends={Y24: D(500), Y25: D(400)},
    )
    return simulate(plan, draft.chance("C503", "parent"))
