"""`loanward portfolio`: the caller's book as a whole, one view at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import DATE, Session, command

VIEWS = ("concentration", "rolls", "migration", "vintage", "maturity", "watch")
KEYS = ("borrower", "group", "industry", "region", "branch", "product")
SHOWN = 12


@click.command()
@click.argument("view", type=click.Choice(VIEWS))
@click.option(
    "--by", type=click.Choice(KEYS), default="borrower", show_default=True, help="What concentration counts together."
)
@click.option(
    "--since", type=DATE, help="Where migration and watch-list flows start (default: a year before the business date)."
)
@click.option("--days", type=click.IntRange(1, 360), default=30, show_default=True, help="Days past due a vintage counts from.")
@click.option("--months", type=click.IntRange(1, 60), default=12, show_default=True, help="Months that roll rates look back.")
@command
def portfolio(session: Session, view: str, by: str, since: date | None, days: int, months: int) -> None:
    """Concentration and HHI, arrears rolling from month to month, migration, vintages, the maturity ladder, or the watch list."""
    from tools.toolbox.portfolio_views import portfolio_shape

    desk = session.bank.desk(session.caller, session.clocks)
    shape = portfolio_shape(desk, view, by=by, since=since, days=days, months=months)  # type: ignore[arg-type]
    if session.as_json:
        session.emit(shape)
        return
    lines = list(_LINES[view](shape))
    click.echo("\n".join(lines) if lines else "Nothing outstanding.")


def _share(text: str | None) -> str:
    return "not computable" if text is None else f"{Decimal(text) * 100:.2f}%"


def _loans(count: int) -> str:
    return f"{count} loan" if count == 1 else f"{count} loans"


def _named(share: Mapping[str, Any]) -> str:
    return " ".join(part for part in (share["key"], share.get("name")) if part)[:38] or "(not stated)"


def _money(text: str) -> str:
    return f"{Decimal(text):>20,.2f}"


def _concentration(shape: Mapping[str, Any]) -> Iterator[str]:
    for currency, found in shape["currencies"].items():
        yield f"{currency} {_money(found['total']).strip()} outstanding at {shape['as_of']} by {shape['by']}"
        yield f"  HHI {Decimal(found['hhi']):.4f}; ten largest {_share(found['top10_share'])}; unknown {_share(found['unknown_share'])}"
        for share in found["shares"][:SHOWN]:
            yield f"  {_named(share):<40}{_money(share['amount'])} {_share(share['share']):>8}  {_loans(share['loans'])}"
        if len(found["shares"]) > SHOWN:
            yield f"  and {len(found['shares']) - SHOWN} more (--json shows all)"


def _rolls(shape: Mapping[str, Any]) -> Iterator[str]:
    for currency, found in shape["currencies"].items():
        yield f"{currency} roll rates over the last months, weighted by amount"
        for step, rate in found["mean"].items():
            yield f"  {step:<16}{_share(rate):>16}"
        why = f": nothing was in the first bucket of {', '.join(found['missing'])}" if found["missing"] else ""
        yield f"  flow to 91 days and more: {_share(found['flow_to_npl'])}{why}"


def _migration(shape: Mapping[str, Any]) -> Iterator[str]:
    for currency, found in shape["currencies"].items():
        yield f"{currency} from {shape['since']} to {shape['as_of']}, arrears buckets"
        yield from (_move(move) for move in found["buckets"])
    if shape["categories"] is None:
        yield f"Risk categories: not computable because {', '.join(shape['missing'])} is missing"
    for currency, found in (shape["categories"] or {}).items():
        yield f"{currency} risk categories"
        yield from (_move(move) for move in found)


def _move(move: Mapping[str, Any]) -> str:
    return (
        f"  {move['from']:<16}→ {move['to']:<16}{_loans(move['loans']):>11} {_money(move['amount'])} {_share(move['share']):>8}"
    )


def _vintage(shape: Mapping[str, Any]) -> Iterator[str]:
    for currency, cohorts in shape["currencies"].items():
        yield f"{currency} ever {shape['days']}+ days past due, share of what was lent, by months on book"
        for cohort in cohorts:
            points = [f"m{month} {_share(share)}" for month, share in cohort["curve"].items() if int(month) % 6 == 0]
            unknown = f", {cohort['unknown']} without history" if cohort["unknown"] else ""
            yield f"  {cohort['cohort']} {_money(cohort['disbursed'])} {_loans(cohort['loans']):>9}{unknown}: {'; '.join(points) or 'too young'}"


def _maturity(shape: Mapping[str, Any]) -> Iterator[str]:
    for currency, found in shape["currencies"].items():
        yield f"{currency} principal to come at {shape['as_of']}"
        for rung in found["rungs"]:
            yield f"  {rung['span']:<12}{_money(rung['amount'])}  {_loans(rung['loans'])}"
        if found["not_computable"]:
            yield f"  not computable: {', '.join(found['not_computable'])}"


def _watch(shape: Mapping[str, Any]) -> Iterator[str]:
    yield f"Watch list at {shape['as_of']}, as the alerts call for it"
    for level, people in shape["levels"].items():
        sums = "; ".join(f"{currency} {_money(row['amount']).strip()}" for currency, found in shape["currencies"].items()
                         for row in found["levels"] if row["level"] == level and row["borrowers"])  # fmt: skip
        yield f"  {level}  {len(people):>4}  {', '.join(people[:SHOWN])}{' …' if len(people) > SHOWN else ''}  {sums}"
    decided = {level: people for level, people in shape["approved"].items() if people}
    yield "  approved: " + ("; ".join(f"{level} {', '.join(people)}" for level, people in decided.items()) or "nobody yet")
    if shape["missing"]:
        yield f"Flows since {shape['since']}: not computable because {', '.join(shape['missing'])} is missing"
        return
    yield f"Flows since {shape['since']}: {len(shape['entered'])} came, {len(shape['left'])} left"
    for flow in shape["flows"]:
        yield f"  {flow['from']} → {flow['to']}  {len(flow['borrowers']):>4}  {', '.join(flow['borrowers'][:SHOWN])}"


_LINES = {
    "concentration": _concentration, "rolls": _rolls, "migration": _migration, "vintage": _vintage, "maturity": _maturity,
    "watch": _watch,
}  # fmt: skip
