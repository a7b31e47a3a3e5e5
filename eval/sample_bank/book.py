"""The loan book being written: rows by table, checked for known columns and known ids, saved as the CSV a core system exports."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

Value = str | int | bool | Decimal | date | datetime | None
Row = dict[str, Value]

COLUMNS: dict[str, str] = {
    "customers": "id name name_en aliases type registration_id industry_code country_code incorporation_date group_id branch_id "
    "officer_id internal_rating rating_date status enterprise_size in_financial_difficulty shares_outstanding market_cap",
    "loans": "id customer_id facility_id product_name type purpose currency_code orig_notional limit_amount balance rate rate_type "
    "base_rate spread start_date end_date repayment_type repayment_frequency day_count_convention payment_control secured status "
    "classification classification_date restructured_date extension_count origin replaces_loan_id first_payment_date "
    "interest_frequency penalty_rate impairment_amount stage technical_overdue_reason",
    "loan_cash_flows": "id loan_id payment_date type amount currency_code",
    "loan_transactions": "id loan_id value_date type amount currency_code account_id reference reverses_id posted_at",
    "accounts": "id customer_id bank number type currency_code limit_amount",
    "account_transactions": "id account_id value_date direction amount currency_code balance_after counterparty_name "
    "counterparty_account counterparty_bank memo channel time sequence loan_id entrusted",
    "collateral": "id loan_ids type description value currency_code value_date valuation_type orig_value owner_id charge "
    "insurance_end_date lien_rank seized_on",
    "guarantors": "id loan_ids name customer_id amount currency_code start_date end_date",
    "covenants": "id loan_id facility_id name type metric operator threshold threshold_steps scope currency_code due_days end_date "
    "test_frequency first_test_date basis grace_days cure_days definition source_document source_page status waived_until",
    "events": "id customer_id date type title detail amount currency_code source subject",
    "relations": "customer_id related_name related_customer_id relation share amount start_date end_date",
    "bureau": "id customer_id date other_bank_count other_bank_balance other_bank_overdue max_overdue_days guarantee_balance "
    "enquiries_6m currency_code other_bank_overdue_90 other_bank_npl new_lenders_3m limits_total",
    "operations": "id customer_id date measure value unit source",
    "market": "series date value name unit industry_code country_code",
    "staff": "id name role branch_id region email slack_user_id",
    "documents": "file customer_id kind period_end received_date due_date assurance",
    "counterparties": "name account kind registered_on business_scope industry_code",
    "evidence": "id loan_id transaction_id kind document party amount date red_flushed_on",
    "mitigants": "id loan_ids kind provider cover cover_share start_date end_date claim_deadline_days",
}
"""Every file of the loan book with its columns, in its order."""

_POINTS = {
    "customer_id": "customers", "loan_id": "loans", "account_id": "accounts", "loan_ids": "loans",
    "related_customer_id": "customers",
}  # fmt: skip


def shown(value: Value) -> str:
    """As the file holds it: plain decimals, ISO dates, true or false, nothing for None."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


class Book:
    """Rows of every table. `add` numbers rows that have an id but were given none, by table prefix."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self._columns = {name: tuple(columns.split()) for name, columns in COLUMNS.items()}
        self._next: dict[str, int] = {}

    def add(self, table: str, **values: Value) -> Row:
        """Adds a row; ValueError for a column the table does not have."""
        if unknown := set(values) - set(self._columns[table]):
            raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}")
        if "id" in self._columns[table] and "id" not in values:
            number = self._next[table] = self._next.get(table, 0) + 1
            values = {"id": f"{_PREFIX[table]}{number:05d}", **values}
        self.tables[table].append(values)
        return values

    def rows(self, table: str, **where: Value) -> list[Row]:
        """The rows whose columns equal `where`."""
        return [row for row in self.tables[table] if all(row.get(name) == value for name, value in where.items())]

    def forget_strangers(self) -> None:
        """Drops references from relations and guarantors to customers a smaller bank does not have; the names stay."""
        known = {row["id"] for row in self.tables["customers"]}
        for table, column in (("relations", "related_customer_id"), ("guarantors", "customer_id")):
            for row in self.tables[table]:
                if row.get(column) not in known:
                    row[column] = None

    def dangling(self) -> list[str]:
        """References that lead nowhere; empty for a whole book."""
        known = {name: {row.get("id") for row in rows} for name, rows in self.tables.items()}
        faults = []
        for table, rows in self.tables.items():
            for row in rows:
                for column, target in _POINTS.items():
                    value = row.get(column)
                    for part in str(value).split(";") if value else ():
                        if part not in known[target]:
                            faults.append(f"{table}: {column} {part} is not in {target}")
        return faults

    def write(self, folder: Path) -> None:
        """One CSV per table, UTF-8, header row, Unix line ends; empty tables too, with their header."""
        folder.mkdir(parents=True, exist_ok=True)
        for table in COLUMNS:
            (folder / f"{table}.csv").write_text(self.text(table), encoding="utf-8", newline="")

    def text(self, table: str) -> str:
        """The file's content."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self._columns[table])
        writer.writerows(self._cells(table, self.tables[table]))
        return out.getvalue()

    def _cells(self, table: str, rows: Iterable[Mapping[str, Value]]) -> Iterable[Sequence[str]]:
        columns = self._columns[table]
        return ([shown(row.get(name)) for name in columns] for row in rows)


_PREFIX = {
    "customers": "C", "loans": "L", "loan_cash_flows": "CF", "loan_transactions": "LT", "accounts": "A",
    "account_transactions": "AT", "collateral": "COL", "guarantors": "G", "covenants": "CV", "events": "EV", "bureau": "BR",
    "operations": "OP", "staff": "S", "evidence": "E", "mitigants": "M",
}  # fmt: skip
