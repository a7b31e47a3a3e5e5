"""`loanward stress`: what a borrower can bear, and the year of cash ahead of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import Session, command


@click.command()
@click.argument("borrower")
@click.option("--scenario", "scenarios", multiple=True, help="Only this scenario; may be given more than once.")
@click.option("--growth", help="Expected growth of sales for the working-capital need, as 0.08 (default: last year's, capped).")
@click.option("--own-funds", help="The borrower's own funds for the need (default: net working capital).")
@click.option("--plan", "planned", default="base", show_default=True, help="Scenario whose twelve months are shown.")
@command
def stress(
    session: Session, borrower: str, scenarios: tuple[str, ...], growth: str | None, own_funds: str | None, planned: str
) -> None:
    """Stress BORROWER: coverage and cash under scenarios, break-even, twelve months ahead, need and room for further debt."""
    from tools.toolbox.capacities import capacity_of
    from tools.toolbox.capacity_shapes import capacity_shape
    from tools.toolbox.stresses import number

    desk = session.bank.desk(session.caller, session.clocks)
    view = capacity_of(desk, borrower, scenarios, growth=number(growth, "--growth"), own_funds=number(own_funds, "--own-funds"))
    shape = capacity_shape(view)
    if session.as_json:
        session.emit(shape)
        return
    click.echo(f"{shape['borrower']}: year to {shape['period_end']}, {shape['currency']}")
    click.echo(f"{'scenario':<16}{'EBITDA':>20}{'DSCR':>10}{'ICR':>10}{'cash after':>20}{'lowest cash':>20}  in")
    for row in shape["scenarios"]:
        plan = shape["plans"].get(row["scenario"], {})
        lacking = f"  missing {', '.join(row['missing'])}" if row["missing"] else ""
        click.echo(
            f"{row['scenario']:<16}{_money(row['ebitda']):>20}{_times(row['dscr']):>10}{_times(row['icr']):>10}{_money(row['cash_after']):>20}"
            f"{_money(plan.get('lowest')):>20}  {(plan.get('lowest_on') or '')[:7]}{lacking}"
        )
    for name, value in shape["break_even"].items():
        told = "?" if value is None else f"{Decimal(value):,.1f} days" if name == "dso_days" else f"{Decimal(value) * 100:.2f}%"
        click.echo(f"break-even {name:<14}{told:>14}")
    _plan(shape, planned)
    need, further = shape["need"], shape["further_debt"]
    said = need["reason"] or (
        f"need {_money(need['need'])}, new loan {_money(need['new_loan'])} ({_money(need['room'])} before the floor) {' '.join(need['flags'])}"
    )
    click.echo(f"working capital: {said}")
    click.echo(
        f"further debt: {_money(further['further'])} (by coverage {_money(further['by_coverage'])}, by leverage {_money(further['by_leverage'])})"
    )
    click.echo(f"assumed: {', '.join(shape['assumed'])}")


def _plan(shape: dict[str, Any], planned: str) -> None:
    plan = shape["plans"].get(planned)
    if plan is None:
        click.echo(f"no cash plan: {', '.join(shape['plan_missing']) or planned} is missing")
        return
    click.echo(
        f"\n{'month':<9}{'receipts':>17}{'costs':>17}{'tax':>14}{'capex':>14}{'interest':>14}{'principal':>16}{'renewed':>16}{'cash':>18}"
    )
    for m in plan["months"]:
        click.echo(
            f"{m['month'][:7]:<9}{_money(m['receipts']):>17}{_money(m['costs']):>17}{_money(m['tax']):>14}{_money(m['capex']):>14}"
            f"{_money(m['interest']):>14}{_money(m['principal']):>16}{_money(m['renewed']):>16}{_money(m['cash']):>18}"
        )
    click.echo("")


def _money(text: str | None) -> str:
    return "?" if text is None else f"{Decimal(text):,.0f}"


def _times(text: str | None) -> str:
    return "-" if text is None else f"{Decimal(text):.4f}"
