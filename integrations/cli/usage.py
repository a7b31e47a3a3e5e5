"""`loanward usage`: where a loan's money went, as a table, as JSON, and as a picture."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from integrations.cli.session import Session, command
from tools.domain.use_shapes import usage_shape
from tools.errors import BadRequest


@click.command()
@click.argument("loan")
@click.option("--picture", type=click.Path(path_type=Path), help="Also draw the flow into this file (.svg).")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Language of flags and picture.")
@command
def usage(session: Session, loan: str, picture: Path | None, language: str) -> None:
    """Trace the proceeds of LOAN: drawn, evidenced, misused, sent back, unspent, with every payment."""
    if picture is not None and picture.suffix.lower() != ".svg":
        raise BadRequest(f"{picture.name} is no SVG file", where="--picture", fix="Name a file that ends in .svg")
    desk = session.bank.desk(session.caller, session.clocks)
    found = desk.usage(loan)
    shape = usage_shape(found)
    if picture is not None:
        from assistant.charts.flow import flow_picture

        try:
            picture.write_text(flow_picture(found, language), encoding="utf-8")
        except OSError as problem:
            raise BadRequest(
                f"cannot write: {problem.strerror}", where=str(picture), fix="Choose a folder you may write to"
            ) from problem
        session.say(f"Drawn: {picture}")
    if session.as_json:
        session.emit(shape)
    else:
        _table(shape, language)


def _table(shape: dict[str, Any], language: str) -> None:
    currency = shape["currency"]
    click.echo(f"{shape['loan']} of {shape['borrower']}, as of {shape['as_of']}: {shape['purpose']}")
    click.echo(f"  drawn      {_money(shape['drawn'], currency):>24}   seen in accounts {_money(shape['seen'], '')}")
    click.echo(f"  evidenced  {_money(shape['evidenced'], currency):>24}   {_percent(shape['evidenced_share'])}")
    for method, result in shape["methods"].items():
        mark = "*" if method == shape["default_method"] else " "
        click.echo(
            f"  misuse     {_money(result['misuse'], currency):>24}   {_percent(result['misuse_share']):>8}  by {method}{mark}"
        )
    click.echo(
        f"  back-flow  {_money(shape['backflow'], currency):>24}   {_percent(shape['backflow_share']):>8}  of {_money(shape['backflow_base'], '')}"
    )
    click.echo(f"  unspent    {_money(shape['unspent'], currency):>24}")
    if shape["unfollowed"] not in (None, "0.00"):
        rest = _money(shape["unfollowed"], currency)
        click.echo(f"  {rest} went to payees whose accounts are elsewhere or outside your sight: there may be more misuse")
    for flag in shape["flags"]:
        click.echo(
            f"  {flag['severity']:<7}{flag['rule']:<8}{flag['texts'].get(language, flag['text'])} [{', '.join(flag['transactions'])}]"
        )
    if shape["edges"]:
        click.echo(f"\n  {'date':<11}{'line':<9}{'amount':>16}{'loan, FIFO':>16}{'pro-rata':>16}  {'what':<16}from → to")
    for edge in shape["edges"]:
        parts = edge["loan_part"]
        click.echo(
            f"  {edge['date']:<11}{edge['transaction']:<9}{_money(edge['amount'], ''):>16}{_money(parts['fifo'], ''):>16}"
            f"{_money(parts['pro_rata'], ''):>16}  {edge['category']:<16}{edge['from']} → {edge['to']}"
        )
    for item in shape["missing_evidence"]:
        what = item["payee"] or "drawn out of our sight"
        age = f", {item['age_days']} days ago" if item["age_days"] is not None else ""
        click.echo(f"  ask for {', '.join(item['missing'])}: {what}, {_money(item['amount'], currency)}{age}")
    for remark in shape["remarks"]:
        click.echo(f"  note: {remark}")


def _money(text: str | None, currency: str) -> str:
    return "not known" if text is None else f"{Decimal(text):,.2f} {currency}".strip()


def _percent(text: str | None) -> str:
    return "-" if text is None else f"{Decimal(text) * 100:.2f}%"
