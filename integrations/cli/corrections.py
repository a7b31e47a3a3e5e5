"""`loanward correct`: a recorded, reversible correction of one fact or of how a caption is mapped."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from integrations.cli.session import Session, command
from tools.errors import BadRequest
from tools.store.lessons import PREFIX

if TYPE_CHECKING:
    from tools.store.corrections import Correction
    from tools.store.lessons import Lesson

REASON = click.option("--reason", required=True, help="Why; it is kept in the trail.")


@click.group()
def correct() -> None:
    """Correct a fact; the old value stays visible and every correction can be reversed."""


@correct.command("value")
@click.argument("fact")
@click.argument("value")
@REASON
@command
def value(session: Session, fact: str, value: str, reason: str) -> None:
    """Give FACT another VALUE (currency units, a plain decimal)."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadRequest(f"{value!r} is not a number", fix="Write a plain decimal in currency units") from None
    _say(session, session.bank.store.corrections.value(session.caller, fact, number, reason, session.now))


@correct.command("mapping")
@click.argument("fact")
@click.argument("item")
@REASON
@command
def mapping(session: Session, fact: str, item: str, reason: str) -> None:
    """Say that FACT is line item ITEM."""
    if item not in session.bank.rulebook.items:
        raise BadRequest(f"there is no line item {item}", fix="Find its id with: loanward explain NAME")
    _say(session, session.bank.store.corrections.mapping(session.caller, fact, item, reason, session.now))


@correct.command("label")
@click.argument("label")
@click.argument("item")
@click.option("--borrower", required=True, help="Whose statements.")
@click.option(
    "--statement",
    type=click.Choice(["balance_sheet", "income_statement", "cash_flow"]),
    required=True,
    help="Where the label stands.",
)
@REASON
@command
def label(session: Session, label: str, item: str, borrower: str, statement: str, reason: str) -> None:
    """Teach that LABEL means line item ITEM in this borrower's statements to come."""
    if item not in session.bank.rulebook.items:
        raise BadRequest(f"there is no line item {item}", fix="Find its id with: loanward explain NAME")
    made = session.bank.store.lessons.teach(session.caller, borrower, statement, label, item, reason, session.now)
    _say_lesson(session, made)


@correct.command("withdraw")
@click.argument("fact")
@REASON
@command
def withdraw(session: Session, fact: str, reason: str) -> None:
    """Say that FACT is no value at all."""
    _say(session, session.bank.store.corrections.withdraw(session.caller, fact, reason, session.now))


@correct.command("reverse")
@click.argument("correction")
@REASON
@command
def reverse(session: Session, correction: str, reason: str) -> None:
    """Take CORRECTION back."""
    if correction.startswith(PREFIX):
        _say_lesson(session, session.bank.store.lessons.reverse(session.caller, correction, reason, session.now))
        return
    _say(session, session.bank.store.corrections.reverse(session.caller, correction, reason, session.now))


@correct.command("list")
@click.option("--borrower", help="Only this borrower.")
@command
def list_(session: Session, borrower: str | None) -> None:
    """Every correction."""
    found = session.bank.store.corrections.list(session.caller, borrower)
    lessons = session.bank.store.lessons.list(session.caller, borrower)
    if session.as_json:
        session.emit([*(_shape(correction) for correction in found), *(_lesson_shape(lesson) for lesson in lessons)])
        return
    for correction in found:
        click.echo(_line(correction))
    for lesson in lessons:
        click.echo(_lesson_line(lesson))
    if not found and not lessons:
        click.echo("No corrections.")


def _say_lesson(session: Session, lesson: Lesson) -> None:
    if session.as_json:
        session.emit(_lesson_shape(lesson))
    else:
        click.echo(_lesson_line(lesson))


def _lesson_shape(lesson: Lesson) -> dict[str, str | None]:
    return {
        "correction": lesson.id, "kind": "label", "borrower": lesson.borrower, "fact": None, "old": lesson.label, "new": lesson.item,
        "statement": lesson.statement, "reason": lesson.reason, "by": lesson.by, "at": lesson.at.isoformat(),
        "reversed_at": lesson.reversed_at.isoformat() if lesson.reversed_at else None,
    }  # fmt: skip


def _lesson_line(lesson: Lesson) -> str:
    taken = " (reversed)" if lesson.reversed_at else ""
    return (
        f"{lesson.id}  label of {lesson.borrower}, {lesson.statement}: {lesson.label} → {lesson.item}, {lesson.reason}{taken}"
    )


def _say(session: Session, correction: Correction) -> None:
    if session.as_json:
        session.emit(_shape(correction))
    else:
        click.echo(_line(correction))


def _shape(correction: Correction) -> dict[str, str | None]:
    return {
        "correction": correction.id,
        "kind": correction.kind,
        "borrower": correction.borrower,
        "fact": correction.fact_id,
        "old": correction.old,
        "new": correction.new,
        "reason": correction.reason,
        "by": correction.by,
        "at": correction.at.isoformat(),
        "reversed_at": correction.reversed_at.isoformat() if correction.reversed_at else None,
    }


def _line(correction: Correction) -> str:
    taken = " (reversed)" if correction.reversed_at else ""
    return f"{correction.id}  {correction.kind} of {correction.fact_id}: {correction.old} → {correction.new or 'nothing'}, {correction.reason}{taken}"
