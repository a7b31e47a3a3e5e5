"""`loanward figure`, `facts` and `explain`: one number with everything it stands on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import click

from integrations.cli.session import DATE, Session, command
from tools.domain.money import shown

BASES = ("point", "fy", "ltm", "ytd", "quarter", "annualised")


@click.command()
@click.argument("name")
@click.option("--borrower", required=True, help="Whose figure.")
@click.option("--period", type=DATE, help="Period end (default: the newest that has the inputs).")
@click.option("--basis", type=click.Choice(BASES), help="Default: fiscal year at fiscal year ends, else last twelve months.")
@click.option("--scope", type=click.Choice(["consolidated", "parent"]), default="consolidated", show_default=True)
@click.option(
    "--peers",
    is_flag=True,
    help="Also its path over the years and its place among your borrowers of the same industry (division, else section).",
)
@command
def figure(session: Session, name: str, borrower: str, period: date | None, basis: str | None, scope: str, peers: bool) -> None:
    """Compute one figure; NAME is a rulebook id such as current_ratio, or a line item."""
    from tools.domain.shapes import figure_shape
    from tools.toolbox.figures import figure_of
    from tools.toolbox.standing import standing_shape
    from tools.toolbox.warning_levels import warning_levels

    desk = session.bank.desk(session.caller, session.clocks)
    found = figure_of(desk, name, borrower, period, basis, scope)
    shape = figure_shape(found)
    shape["warnings"] = warning_levels(desk, found.borrower, found)
    if peers:
        shape |= standing_shape(desk, borrower, name)
    if session.as_json:
        session.emit(shape)
        return
    value = shown(found.value) if found.value is not None else f"{found.status}: {found.reason or ', '.join(found.missing)}"
    click.echo(f"{found.name} = {value}  ({found.unit}, {found.period_end}, {found.basis}, {found.scope}; {found.rule})")
    click.echo(f"  {found.formula}")
    for line in _tree(shape["inputs"], 1):
        click.echo(line)
    for flag in found.flags:
        click.echo(f"  flag: {flag}")
    for level in shape["warnings"]:
        click.echo(f"  warning level ({level['name']['en']}): {level['when']}: {level['verdict']}")
    for line in _standing(shape) if peers else ():
        click.echo(line)


@click.command()
@click.option("--borrower", required=True, help="Whose facts.")
@click.option("--item", help="Only this line item.")
@click.option(
    "--restated", is_flag=True, help="Values a later paper gives differently, and what would have come out differently."
)
@command
def facts(session: Session, borrower: str, item: str | None, restated: bool) -> None:
    """Stored facts in force, with the page each came from."""
    from tools.domain.shapes import fact_shape

    bank = session.bank
    desk = bank.desk(session.caller, session.clocks)
    if restated:
        from tools.toolbox.restated_effects import restated_effects

        shape = restated_effects(desk, borrower)
        if item is not None:
            shape["restated"] = [one for one in shape["restated"] if one["item"] == item]
        session.emit(shape) if session.as_json else click.echo("\n".join(_restated(shape)))
        return
    found = bank.store.facts.active(session.caller, desk.borrower(borrower).id, session.clocks, item)
    if session.as_json:
        session.emit([fact_shape(fact) for fact in found])
        return
    for fact in sorted(found, key=lambda f: (f.statement, f.item, f.period)):
        place = f"p.{fact.source.page}" if fact.source.page else fact.source.locator or ""
        months = f"{fact.period.months}m" if fact.period.months else "at"
        click.echo(
            f"{fact.item:<36}{months:>4} {fact.period.end}  {fact.value:>22,} {fact.currency or '?'}  {fact.scope:<13}{fact.source.document} {place}"
        )
    if not found:
        click.echo("No facts.")


def _short(value: str | None) -> str:
    return shown(Decimal(value)) if value is not None else ""


def _restated(shape: dict[str, Any]) -> list[str]:
    lines = []
    for one in shape["restated"]:
        old, new = one["before"], one["after"]
        months = f"{one['period_months']} months to" if one["period_months"] else "at"
        lines.append(
            f"{one['item']} {months} {one['period_end']} ({one['scope']}): {one['kind']} by {Decimal(one['difference']):,}"
        )
        for word, fact in (("was", old), ("is ", new)):
            place = f"p.{fact['page']}" if fact["page"] else fact["locator"] or ""
            lines.append(f"    {word} {Decimal(fact['value']):>22,} {fact['currency'] or '?'}  {fact['document']} {place}")
    for group in shape["consequences"]:
        lines.append(
            f"Received {group['received'][:10]} ({', '.join(group['documents'])}); with these values the bank would have seen:"
        )
        for figure in group["figures"]:
            before, after = (_short(side["value"]) or side["status"] for side in (figure["before"], figure["after"]))
            lines.append(f"    figure {figure['figure']} {figure['period_end']}: {before} -> {after}")
        for test in group["covenants"]:
            before, after = (
                f"{side['status']} {side['actual'] or ''}" if side else "-" for side in (test["before"], test["after"])
            )
            lines.append(f"    covenant {test['covenant']} {test['test_date']}: {before} -> {after}")
        for signal in group["signals"]:
            before, after = (side["verdict"] if side else "-" for side in (signal["before"], signal["after"]))
            lines.append(f"    signal {signal['signal']} {signal['loan'] or ''}: {before} -> {after}")
        lines += [f"    alert {a['alert']} of {a['opened']} stands on {', '.join(a['signals'])}" for a in group["alerts"]]
        lines += [f"    brief of {b['month']} ({b['trail_id']}) shows what is different now" for b in group["briefs"]]
    return lines or ["Nothing was restated."]


@click.command()
@click.argument("rule")
@click.option("--borrower", help="Show it on this borrower's own numbers.")
@command
def explain(session: Session, rule: str, borrower: str | None) -> None:
    """What a ratio, score, line item, signal or regulation rule means, with its source and this bank's version."""
    from tools.rulebook.vocabulary import describe

    shape = dict(describe(session.bank.rulebook, rule))
    if borrower is not None:
        from assistant.teaching import on_borrower

        shape["on_borrower"] = on_borrower(session.bank.desk(session.caller, session.clocks), str(shape["id"]), borrower)
    if session.as_json:
        session.emit(shape)
        return
    click.echo(f"{shape['name']['en']} / {shape['name']['zh']}  ({shape['rule']})")
    for key in ("explain", "formula", "unit", "warn", "source", "effective_from"):
        if shape.get(key):
            click.echo(
                f"  {key}: {shape[key] if not isinstance(shape[key], dict) else '; '.join(str(v) for v in shape[key].values())}"
            )
    own = shape.get("on_borrower")
    if own:
        click.echo(f"  {own['name']} ({own['borrower']}):")
        for line in [*own.get("signals", ()), *own.get("figures", ())]:
            click.echo(f"    {line}")
        for loan in own.get("loans", ()):
            told = f": {loan['told']['zh']} / {loan['told']['en']}" if loan["told"]["en"] else ""
            click.echo(f"    {loan['loan']} {loan['rule']} {loan['verdict']}{told}")


def _standing(shape: dict[str, Any]) -> list[str]:
    path, among = shape["trend"], shape["peers"]
    lines = []
    if path:
        points = ", ".join(f"{point['period_end']} {shown(Decimal(point['value']))}" for point in path["points"])
        slope = f"; {shown(Decimal(path['slope']))} a year" if path["slope"] else ""
        lines.append(f"  path: {points}{slope}")
    if among["percentile"] is None:
        return [*lines, f"  peers: {among['peers']} in industry {among['industry'] or '(not stated)'}, too few to compare"]
    quartiles = " / ".join(shown(Decimal(among[part])) for part in ("low", "median", "high"))
    return [
        *lines,
        f"  peers: above {Decimal(among['percentile']) * 100:.0f}% of {among['peers']} in {among['industry']}; quartiles {quartiles}",
    ]


def _tree(nodes: list[dict[str, Any]], depth: int) -> list[str]:
    lines = []
    for node in nodes:
        pad = "  " * depth
        if node["kind"] == "fact":
            place = f"page {node['page']}" if node["page"] else node["locator"] or ""
            lines.append(
                f"{pad}{node['item']} {node['period_end']} = {node['value']} {node['currency'] or ''}  [{node['document']} {place}]"
            )
        elif node["kind"] == "figure":
            lines.append(f"{pad}{node['name']} {node['period_end']} = {node['value'] or node['status']}  ({node['formula']})")
            lines += _tree(node["inputs"], depth + 1)
        else:
            lines.append(f"{pad}{node['table']} {node['id']}")
    return lines
