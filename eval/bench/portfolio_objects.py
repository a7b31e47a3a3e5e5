"""The row-by-row way: one loan after another through ORM objects and Python numbers, as a baseline.

It is given every advantage: an indexed SQLite file, formulas already turned into Python functions, floats, no provenance.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Date, Float, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from eval.bench.portfolio_data import AS_OF, LOANS_A_BORROWER, YEARS
from tools.domain.definitions import PERIOD_DAYS, Definition, Rulebook
from tools.domain.interpreter import PlainValues, run_defined
from tools.domain.outcomes import Outcome


class Base(DeclarativeBase):
    """Tables of the baseline."""


class Due(Base):
    """One contractual payment."""

    __tablename__ = "dues"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    loan_id: Mapped[str] = mapped_column(ForeignKey("loans.id"), index=True)
    payment_date: Mapped[date] = mapped_column(Date)
    type: Mapped[str] = mapped_column(String)
    amount: Mapped[float] = mapped_column(Float)


class Posting(Base):
    """One payment received."""

    __tablename__ = "postings"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    loan_id: Mapped[str] = mapped_column(ForeignKey("loans.id"), index=True)
    value_date: Mapped[date] = mapped_column(Date)
    type: Mapped[str] = mapped_column(String)
    amount: Mapped[float] = mapped_column(Float)


class Reported(Base):
    """One line of a statement."""

    __tablename__ = "facts"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    borrower: Mapped[str] = mapped_column(String, index=True)
    item: Mapped[str] = mapped_column(String)
    period_end: Mapped[date] = mapped_column(Date)
    cents: Mapped[int] = mapped_column(Integer)


class Loan(Base):
    """One loan."""

    __tablename__ = "loans"
    id: Mapped[str] = mapped_column(String, primary_key=True)
    borrower: Mapped[str] = mapped_column(String)
    dues: Mapped[list[Due]] = relationship(order_by=Due.payment_date)
    postings: Mapped[list[Posting]] = relationship(order_by=Posting.value_date)


def row_by_row(folder: Path, loans: int) -> tuple[float, int, int]:
    """Seconds for `loans` loans with their borrower's ratios (shared by the borrower's loans), figures known, loans late."""
    import duckdb

    from tools.rulebook.loader import load_rulebook

    rules = load_rulebook()
    with tempfile.TemporaryDirectory() as scratch:
        engine = create_engine(f"sqlite:///{scratch}/objects.db")
        Base.metadata.create_all(engine)
        wanted = f"loan_id IN (SELECT 'L' || i FROM range({loans}) t(i))"
        with duckdb.connect() as source, Session(engine) as session:
            session.add_all(Loan(id=f"L{i}", borrower=f"C{i // LOANS_A_BORROWER}") for i in range(loans))
            for table, kind, day in (("loan_cash_flows", Due, "payment_date"), ("loan_transactions", Posting, "value_date")):
                found = source.execute(
                    f"SELECT loan_id, {day}, type, amount::DOUBLE FROM '{folder}/{table}.parquet' WHERE {wanted}"
                )
                session.add_all(
                    kind(**dict(zip(("loan_id", day, "type", "amount"), row, strict=True))) for row in found.fetchall()
                )
            people = loans // LOANS_A_BORROWER
            found = source.execute(
                f"SELECT 'C' || borrower, item, period_end, cents FROM '{folder}/facts-000.parquet' WHERE borrower < {people}"
            )
            names = ("borrower", "item", "period_end", "cents")
            session.add_all(Reported(**dict(zip(names, row, strict=True))) for row in found.fetchall())
            session.commit()
        began, known, late = time.perf_counter(), 0, 0
        for number in range(loans):
            with Session(engine) as session:
                loan = session.get_one(Loan, f"L{number}")
                late += _dpd(loan) > 0
                if number % LOANS_A_BORROWER == 0:
                    known += _ratios(session, loan.borrower, rules)
        seconds = time.perf_counter() - began
        engine.dispose()
    return seconds, known, late


def _dpd(loan: Loan) -> int:
    oldest: date | None = None
    for kind in ("principal", "interest"):
        left = sum(p.amount for p in loan.postings if p.type == kind and p.value_date <= AS_OF)
        for due in loan.dues:
            if due.type != kind:
                continue
            left -= due.amount
            if left < -0.005 and due.payment_date < AS_OF:
                oldest = min(oldest or due.payment_date, due.payment_date)
                break
    return (AS_OF - oldest).days if oldest else 0


def _ratios(session: Session, borrower: str, rules: Rulebook) -> int:
    values: dict[str, list[float]] = {item: [0.0, 0.0] for item in rules.items}
    for row in session.scalars(select(Reported).where(Reported.borrower == borrower)):
        values[row.item][YEARS.index(row.period_end)] = row.cents / 100
    fixed = {name: p.value for name, p in rules.parameters.items() if p.value is not None}
    environment = PlainValues(
        {**values, **{name: [value] * 3 for name, value in fixed.items()}, PERIOD_DAYS: [365] * 3}, _deeper(rules)
    )
    return sum(run_defined(definition, "CAS", environment).number is not None for definition in rules.ratios.values())


def _deeper(rules: Rulebook) -> Callable[[str, object], Outcome | None]:
    kept: Mapping[str, Definition] = {**rules.blocks, **rules.ratios, **rules.scores}

    def compute(name: str, environment: object) -> Outcome | None:
        return run_defined(kept[name], "CAS", environment) if name in kept else None  # type: ignore[arg-type]

    return compute
