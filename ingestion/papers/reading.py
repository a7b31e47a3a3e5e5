"""A bank flow, report, return, bill, invoice or purchase contract put into the Extraction of its file.

What follows no known form is kept as text, and the message says so: nothing that was not read looks as if it were.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.blocks import Block
from ingestion.extraction import Extraction, Message
from ingestion.papers.account_checks import Account, account_of
from ingestion.papers.accounts import sections_of
from ingestion.papers.records import form_of, read_paper
from ingestion.papers.rows import PaperRow, rows_of_blocks, rows_of_pdf
from ingestion.pdf.document import PdfDocument
from tools.domain.account_lines import line_shape
from tools.domain.money import plain
from tools.domain.paper_records import record_shape

READ_AS_RECORDS = frozenset({"bureau", "evidence", "other"})
TITLE_ROWS = 8
LONGEST_FORM = 60
"""Pages beyond which a paper of unknown kind is no form."""


def read_papers(source: PdfDocument | None, extraction: Extraction, blocks: Sequence[Block], text: str) -> None:
    """Fills transactions and records of `extraction` by its kind; `text` is the file's own text, where forms are recognised."""
    if extraction.kind == "bank_flow":
        _accounts(_rows(source, blocks), extraction)
    elif extraction.kind in READ_AS_RECORDS and extraction.pages <= LONGEST_FORM:
        if extraction.kind == "other" and form_of(text) is None:
            _text_only(extraction, "it is no statement, contract, note or form this reader knows")
            return
        _records(_rows(source, blocks), extraction)
    elif extraction.kind in READ_AS_RECORDS:
        _text_only(extraction, f"it has more than the {LONGEST_FORM} pages of any form this reader knows")


def _rows(source: PdfDocument | None, blocks: Sequence[Block]) -> list[PaperRow]:
    return list(rows_of_pdf(source)) if source is not None else list(rows_of_blocks(blocks))


def _accounts(rows: list[PaperRow], extraction: Extraction) -> None:
    title = "\n".join(row.text for row in rows[:TITLE_ROWS])
    accounts: list[Account] = []
    start = 1
    for section in sections_of(rows):
        account = account_of(
            section, document=extraction.name, sha256=extraction.sha256, start=start, title=title, language=extraction.language
        )
        start += len(account.lines)
        accounts.append(account)
    extraction.account_lines = [line for account in accounts for line in account.lines]
    extraction.transactions = [line_shape(line) for line in extraction.account_lines]
    extraction.checks += [check for account in accounts for check in account.checks]
    extraction.messages += [message for account in accounts for message in account.messages]
    extraction.details = {"accounts": [_account_shape(account) for account in accounts]}
    if not extraction.account_lines:
        _kept_as_text(extraction, "no table of movements with a date and an amount was found in it")
        return
    extraction.entity = next((account.name for account in accounts if account.name), None) or extraction.entity
    extraction.currency = accounts[0].currency
    extraction.period_end = max(line.value_date for line in extraction.account_lines)
    if any(account.unread for account in accounts) or any(check.status == "failed" for check in extraction.checks):
        extraction.status = "partial"


def _account_shape(account: Account) -> dict[str, object]:
    return {
        "account": account.number, "bank": account.bank, "name": account.name, "currency": account.currency,
        "first": account.first.isoformat() if account.first else None, "last": account.last.isoformat() if account.last else None,
        "opening": plain(account.opening) if account.opening is not None else None,
        "closing": plain(account.closing) if account.closing is not None else None, "lines": len(account.lines),
        "newest_first": account.newest_first, "unread": account.unread,
    }  # fmt: skip


def _records(rows: list[PaperRow], extraction: Extraction) -> None:
    reading = read_paper(rows, document=extraction.name, sha256=extraction.sha256, language=extraction.language)
    if reading.form is None:
        _kept_as_text(extraction, "it follows no form this reader knows")
        return
    if extraction.kind == "other" or reading.form.document == "bureau":
        extraction.kind = reading.form.document
    extraction.paper_records = reading.records
    extraction.details = {"form": reading.form.id, "records": [record_shape(record) for record in reading.records]}
    extraction.checks += reading.checks
    extraction.messages += reading.messages
    extraction.entity = reading.subject or extraction.entity
    extraction.document_date = reading.dated or extraction.document_date
    extraction.period_end = reading.period_end
    if reading.records:
        extraction.currency = reading.records[0].currency
    if any(check.status == "failed" for check in reading.checks) or any(m.level == "warning" for m in reading.messages):
        extraction.status = "partial"


def _text_only(extraction: Extraction, why: str) -> None:
    """Nothing went wrong: the paper holds no figures this reader takes, and says so."""
    text = f"{extraction.name}: it is kept as text only: {why}. It can be searched and quoted, but no figures are taken from it"
    extraction.messages.append(Message("info", None, text))


def _kept_as_text(extraction: Extraction, why: str) -> None:
    what = {"bank_flow": "statement of account", "bureau": "credit report"}.get(extraction.kind, "paper")
    text = f"{extraction.name}: this {what} is kept as text only: {why}. It can be searched and quoted, but its figures are not used"
    extraction.messages.append(Message("warning", None, text))
    extraction.status = "partial"
