"""What five borrowers intended: sales, margins, days, debt; the simulation makes their books of it."""

from __future__ import annotations

from eval.fresh.fifth.house import H25, H26, Y23, Y24, Y25
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.plan import D, Plan, day, decimals, quarters_of, year_of
from eval.sample_bank.simulation import simulate


def glass(draft: Draft) -> Ledger:
    """Flat glass."""
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY",
        scale=D(1000),
        unit=D(10),
        start=start,
        opening=decimals(
            free_cash="24000", ppe_net="178000", intangible_assets="21000", share_capital="90000", surplus_reserve="6000"
        ),
        sales={(Y23, 12): D(402000), (Y24, 12): D(388000), **year_of(2025, "361000"), **quarters_of(2026, "92000", "104000")},
        rates={
            start: decimals(
                gross_margin="0.162",
                selling="0.031",
                admin="0.041",
                rnd="0.019",
                ar_days="64",
                inventory_days="43",
                ap_days="61",
                np_days="0",
                notes_days="11",
                depreciation="0.085",
            ),
            Y25: decimals(ar_days="76"),
            H26: decimals(gross_margin="0.151", ar_days="118", inventory_days="58"),
        },
        debt={
            start: (D(58000), D(0), D(0)),
            Y24: (D(62000), D(6400), D(13600)),
            H25: (D(66000), D(6500), D(10300)),
            Y25: (D(68000), D(6600), D(7100)),
            H26: (D(84000), D(6800), D(3800)),
        },
        spend={Y23: D(9000), Y24: D(31000), Y25: D(6000), H26: D(1500)},
    )
    return simulate(plan, draft.chance("C502", "books"))


def instruments(draft: Draft) -> Ledger:
    """Surgical instruments."""
    plan = Plan(
        currency="USD",
        scale=D(1000),
        unit=D(1),
        start=day("2022-12-31"),
        opening=decimals(
            free_cash="4200", ppe_net="13800", intangible_assets="2400", share_capital="3000", capital_surplus="6500"
        ),
        sales={(Y23, 12): D(43800), (Y24, 12): D(46300), **year_of(2025, "47900"), **quarters_of(2026, "10300", "9900")},
        rates={
            day("2022-12-31"): decimals(
                vat="0",
                surtax="0",
                np_days="0",
                notes_days="0",
                financing_days="0",
                bank_charges="0",
                gross_margin="0.372",
                selling="0.128",
                admin="0.104",
                rnd="0.069",
                ar_days="54",
                inventory_days="118",
                ap_days="46",
                interest_rate="0.066",
                tax_rate="0.23",
                depreciation="0.12",
            ),
            H26: decimals(gross_margin="0.258", inventory_days="141"),
        },
        debt={
            day("2022-12-31"): (D(2500), D(1100), D(5200)),
            Y23: (D(2800), D(1100), D(4100)),
            Y24: (D(3000), D(1100), D(3000)),
            H25: (D(2600), D(1800), D(15750)),
            Y25: (D(2900), D(1800), D(15300)),
            H26: (D(3200), D(1800), D(14400)),
        },
        spend={Y23: D(1800), Y24: D(2300), H25: D(9800), day("2025-09-30"): D(4700), Y25: D(1500), H26: D(600)},
        dividends={Y23: D(900), Y24: D(1000)},
        transfer=D(0),
    )
    return simulate(plan, draft.chance("C505", "books"))


def paints(draft: Draft) -> Ledger:
    """Ship coatings."""
    start = day("2022-12-31")
    plan = Plan(
        currency="CNY",
        scale=D(1000),
        unit=D(1000),
        start=start,
        opening=decimals(
            free_cash="17000", ppe_net="52000", intangible_assets="8800", share_capital="40000", capital_surplus="9000"
        ),
        sales={(Y23, 12): D(152000), (Y24, 12): D(168000), **year_of(2025, "176000"), **quarters_of(2026, "41000", "43500")},
        rates={
            start: decimals(
                vat="0",
                surtax="0",
                np_days="0",
                notes_days="0",
                financing_days="0",
                bank_charges="0",
                gross_margin="0.261",
                selling="0.081",
                admin="0.066",
                rnd="0.038",
                ar_days="82",
                inventory_days="74",
                ap_days="71",
                tax_rate="0.15",
                depreciation="0.11",
            ),
            Y25: decimals(ar_days="94"),
            H26: decimals(gross_margin="0.243", ar_days="108", ap_days="84"),
        },
        debt={
            start: (D(31000), D(0), D(0)),
            Y24: (D(36000), D(6400), D(24000)),
            H25: (D(39000), D(6400), D(20800)),
            Y25: (D(42000), D(6400), D(17600)),
            H26: (D(61000), D(6400), D(14400)),
        },
        spend={Y23: D(6000), Y24: D(37000), H25: D(4000), Y25: D(3000), H26: D(2000)},
        dividends={Y24: D(2500), Y25: D(2500)},
        transfer=D(0),
    )
    return simulate(plan, draft.chance("C507", "books"))


def seeds(draft: Draft) -> Ledger:
    """Seed."""
    start = day("2022-12-31")
    seasons = (D("0.24"), D("0.41"), D("0.13"), D("0.22"))
    plan = Plan(
        currency="CNY",
        scale=D(1000),
        unit=D(1000),
        start=start,
        opening=decimals(
            free_cash="9800", ppe_net="34000", intangible_assets="6100", share_capital="30000", capital_surplus="5000"
        ),
        sales={
            (Y23, 12): D(91000),
            (Y24, 12): D(97500),
            **year_of(2025, "101000", seasons),
            **quarters_of(2026, "22500", "38200"),
        },
        rates={
            start: decimals(
                vat="0",
                surtax="0",
                np_days="0",
                notes_days="0",
                financing_days="0",
                bank_charges="0",
                gross_margin="0.342",
                selling="0.121",
                admin="0.083",
                rnd="0.058",
                ar_days="61",
                inventory_days="132",
                ap_days="55",
                tax_rate="0.15",
                depreciation="0.09",
            ),
            H26: decimals(gross_margin="0.329", other_receivable_days="49"),
        },
        debt={
            start: (D(11000), D(0), D(0)),
            Y24: (D(12000), D(0), D(0)),
            Y25: (D(13000), D(0), D(0)),
            H26: (D(27000), D(0), D(0)),
        },
        spend={Y23: D(3000), Y24: D(3500), Y25: D(2500), H26: D(800)},
        dividends={Y24: D(2500), Y25: D(3000)},
        transfer=D(0),
    )
    return simulate(plan, draft.chance("C509", "books"))


def books(draft: Draft) -> Ledger:
    """Bookshops."""
    seasons = (D("0.215"), D("0.22"), D("0.235"), D("0.33"))
    plan = Plan(
        currency="USD",
        scale=D(1000),
        unit=D(1000),
        start=day("2022-12-31"),
        opening=decimals(
            free_cash="1700", ppe_net="7100", intangible_assets="300", share_capital="1500", capital_surplus="3100"
        ),
        sales={
            (Y23, 12): D(33900),
            (Y24, 12): D(34800),
            **year_of(2025, "33100", seasons),
            **quarters_of(2026, "6300", "5900"),
        },
        rates={
            day("2022-12-31"): decimals(
                vat="0",
                surtax="0",
                np_days="0",
                notes_days="0",
                financing_days="0",
                bank_charges="0",
                gross_margin="0.366",
                selling="0.209",
                admin="0.098",
                rnd="0",
                ar_days="9",
                inventory_days="121",
                ap_days="68",
                interest_rate="0.067",
                tax_rate="0.24",
                depreciation="0.13",
            ),
            H25: decimals(gross_margin="0.352"),
            day("2026-03-31"): decimals(gross_margin="0.262", ap_days="86"),
        },
        debt={
            day("2022-12-31"): (D(1900), D(0), D(0)),
            Y24: (D(1500), D(1200), D(3400)),
            H25: (D(900), D(1200), D(2800)),
            Y25: (D(1100), D(1200), D(2200)),
            H26: (D(1800), D(1200), D(1600)),
        },
        spend={Y23: D(700), Y24: D(4300), H25: D(600), Y25: D(300), H26: D(100)},
        dividends={Y23: D(500), Y24: D(400)},
        transfer=D(0),
    )
    return simulate(plan, draft.chance("C510", "books"))
