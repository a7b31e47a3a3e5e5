"""What papers other than statements say: movements of accounts, invoices and contracts of purchase, bills, returns, reports.

Account numbers leave with their last four digits only; the rows keep their document, page and locator so that each opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tools.domain.account_lines import AccountLine
from tools.domain.disagreements import Claim, Disagreement
from tools.domain.facts import Row
from tools.domain.money import plain
from tools.domain.paper_records import PaperRecord
from tools.domain.reconciling import BookMovement, Reconciliation, Spell, reconcile
from tools.toolbox.artifacts import Artifact, ToolResult, Value, asked_days, count_of
from tools.toolbox.desk import Desk
from tools.toolbox.periods import day_asked
from tools.toolbox.references import mark

MOST_SHOWN = 40
MOST_BREAKS = 50


def account_lines(
    desk: Desk,
    borrower: str,
    from_date: str | None = None,
    to_date: str | None = None,
    account: str | None = None,
    limit: int = 60,
) -> ToolResult:
    """The tool: movements read from statements of account the borrower sent, newest first; duplicates of overlapping statements once."""
    who = desk.borrower(borrower)
    first, last = day_asked(from_date), day_asked(to_date)
    found = [
        line
        for line in desk.store.papers.lines(desk.caller, who.id, desk.clocks, first=first, last=last)
        if line.duplicate_of is None
    ]
    if account:
        found = [line for line in found if (line.account_number or "").endswith(account[-4:])]
    found.sort(key=lambda line: (line.value_date, line.sequence), reverse=True)
    rows = tuple(line_row(line, who.id) for line in found[:limit])
    sums = [
        Value(f"account_lines_{side}:{who.id}:{currency}", f"account_lines_{side}", who.id, "currency", total, currency, last or desk.clocks.as_of, first,
              inputs=tuple(line.id for line in found if line.direction == side and line.currency == currency))
        for side in ("in", "out") for currency in sorted({line.currency for line in found if line.currency})
        if (total := sum((line.amount for line in found if line.direction == side and line.currency == currency), Decimal(0)))
    ]  # fmt: skip
    missing = () if found else (f"{who.id}: no statements of account",)
    arguments = {"borrower": who.id, "from_date": from_date, "to_date": to_date, "account": account, "limit": limit}
    values = (count_of("account_lines", len(found), who.id), *sums, *asked_days(first, last))
    artifact = Artifact("account_lines", arguments, (desk.ref(who),), rows=rows, values=values, missing=missing)
    lines = [f"{len(found)} movements"]
    lines += [f"{value.name} {value.currency}: {plain(value.value or Decimal(0))} {mark(value.id)}" for value in sums]
    for row in rows[:MOST_SHOWN]:
        c = row.columns
        lines.append(
            f"{c['value_date']} {c['direction']} {c['amount']} {c['currency'] or ''} {c['counterparty_name'] or ''} {c['memo'] or ''} "
            f"(account {c['account']}) {mark(row.id)}"
        )
    return ToolResult("\n".join(lines), artifact)


def paper_records(desk: Desk, borrower: str, kinds: Sequence[str] = (), limit: int = 40) -> ToolResult:
    """The tool: invoices, purchase contracts, deliveries, bills, tax returns and credit reports read from papers, newest first."""
    who = desk.borrower(borrower)
    found = desk.store.papers.records(desk.caller, who.id, desk.clocks, kinds)[::-1]
    rows = tuple(record_row(record, who.id) for record in found[:limit])
    missing = () if found else (f"{who.id}: no such papers",)
    artifact = Artifact(
        "paper_records", {"borrower": who.id, "kinds": list(kinds), "limit": limit}, (desk.ref(who),), rows=rows,
        values=(count_of("paper_records", len(found), who.id),), missing=missing,
    )  # fmt: skip
    lines = [f"{len(found)} papers"]
    for row in rows:
        c = row.columns
        about = f"no {c['number']}" if c["number"] else ""
        lines.append(
            f"{c['kind']} {about} {c['date'] or c['period_end'] or ''} {c['party'] or ''} {c['amount'] or ''} {c['currency'] or ''} {c['state']} {mark(row.id)}"
        )
    return ToolResult("\n".join(lines), artifact)


def reconciliations(desk: Desk, borrower: str) -> list[tuple[str, Reconciliation]]:
    """Each own-bank account of which the borrower also sent a statement, against the book; (account id, outcome)."""
    from tools.domain.account_lines import same_account

    who = desk.borrower(borrower)
    lines = [line for line in desk.store.papers.lines(desk.caller, who.id, desk.clocks) if line.duplicate_of is None]
    out = []
    for account in desk.loan_book.rows(desk.caller, "accounts", desk.clocks, borrower=who.id):
        own = [line for line in lines if same_account(line.account_number, account["number"])]
        if not own:
            continue
        rows = desk.loan_book.rows(
            desk.caller, "account_transactions", desk.clocks, borrower=who.id, where={"account_id": account["id"]}
        )
        book = [BookMovement(str(r["id"]), r["value_date"], r["direction"], r["amount"], r["counterparty_name"]) for r in rows]
        spells = _covered(desk, who.id, str(account["number"]))
        out.append((str(account["id"]), reconcile(own, book, covered=spells, known_to=desk.clocks.as_of)))
    return out


def _covered(desk: Desk, borrower: str, number: str) -> list[Spell]:
    """The first to last day of each statement of the account."""
    from tools.domain.account_lines import same_account

    return [
        (date.fromisoformat(account["first"]), date.fromisoformat(account["last"]))
        for document in desk.store.documents.list(desk.caller, borrower, "bank_flow", desk.clocks)
        for account in document.report.get("details", {}).get("accounts", ())
        if account["first"] and account["last"] and same_account(account["account"], number)
    ]


def paper_disagreements(desk: Desk, borrower: str) -> list[Disagreement]:
    """Differences between statements of account and the book, balances that do not follow, and checks of papers that fail."""
    who = desk.borrower(borrower)
    out: list[Disagreement] = []
    for account, outcome in reconciliations(desk, who.id):
        for line, movement in outcome.altered:
            out.append(
                _disagreement(who.id, "account_line_altered", "red", line, movement, account, line.amount - movement.amount)
            )
        for line in outcome.only_paper[:MOST_BREAKS]:
            out.append(_disagreement(who.id, "account_line_not_in_book", "orange", line, None, account, line.amount))
        for movement in outcome.only_book[:MOST_BREAKS]:
            out.append(
                _disagreement(who.id, "account_line_missing_on_paper", "orange", None, movement, account, movement.amount)
            )
    for document in desk.store.documents.list(desk.caller, who.id, None, desk.clocks):
        if document.kind not in ("bank_flow", "bureau", "evidence"):
            continue
        for check in document.report.get("checks", ()):
            if check["status"] == "failed":
                out.append(_failed(who.id, document.name, document.sha256, check))
    return out


WORDS = {
    "account_line_altered": ("流水金额与行内账不符", "A statement of account shows another amount than the book"),
    "account_line_not_in_book": ("流水上有、行内账没有", "A movement on the statement of account is not in the book"),
    "account_line_missing_on_paper": ("行内账有、流水上没有", "A movement of the book is missing on the statement of account"),
}


def _disagreement(
    who: str, rule: str, severity: str, line: AccountLine | None, movement: BookMovement | None, account: str, gap: Decimal
) -> Disagreement:
    claims = []
    if line is not None:
        text = f"{line.value_date} {line.direction} {plain(line.amount)} {line.counterparty_name or ''}".strip()
        claims.append(
            Claim("transaction", line.id, "amount", text, line.amount, line.currency, line.value_date, "", line.source)
        )
    if movement is not None:
        text = f"{movement.value_date} {movement.direction} {plain(movement.amount)} {movement.counterparty or ''}".strip()
        claims.append(
            Claim("row", f"account_transactions:{movement.id}", "amount", text, movement.amount, None, movement.value_date)
        )
    zh, en = WORDS[rule]
    said = "; ".join(claim.text for claim in claims)
    day = claims[0].when
    key = ":".join(claim.id for claim in claims)
    return Disagreement(
        f"{rule}:{key}", rule, who, severity, {"zh": zh, "en": en},  # type: ignore[arg-type]
        {"zh": f"{zh}（账户{account}）：{said}", "en": f"{en} (account {account}): {said}"}, tuple(claims), day, gap, "currency",
    )  # fmt: skip


def _failed(who: str, document: str, sha256: str, check: dict[str, object]) -> Disagreement:
    from tools.domain.facts import Source

    gap = Decimal(str(check["difference"])) if check.get("difference") is not None else None
    claim = Claim("check", f"{sha256[:12]}:{check['id']}", str(check["id"]), str(check.get("detail") or check["id"]), gap, None,
                  date.fromisoformat(str(check["period_end"])), "", Source(document, sha256))  # fmt: skip
    zh = f"{document} 的内部勾稽不成立：{claim.text}"
    en = f"{document} does not agree with itself: {claim.text}"
    return Disagreement(
        f"paper_check:{claim.id}", "paper_check", who, "orange", {"zh": "单据自身勾稽不符", "en": "A paper does not agree with itself"},
        {"zh": zh, "en": en}, (claim,), claim.when, gap, "currency",
    )  # fmt: skip


def line_row(line: AccountLine, who: str) -> Row:
    source = line.source
    return Row("account_lines", line.id, {
        "customer_id": who, "account": f"****{line.account_number[-4:]}" if line.account_number else None, "bank": line.account_bank,
        "value_date": line.value_date.isoformat(), "direction": line.direction, "amount": plain(line.amount), "currency": line.currency,
        "balance_after": plain(line.balance_after) if line.balance_after is not None else None, "counterparty_name": line.counterparty_name,
        "memo": line.memo, "document": source.document, "sha256": source.sha256, "page": str(source.page) if source.page else None,
        "locator": source.locator,
    })  # fmt: skip


def record_row(record: PaperRecord, who: str) -> Row:
    """A record as a row of evidence."""
    source = record.source
    measures = {f"measure_{m.measure}": plain(m.value) for m in record.measures}
    return Row("paper_records", record.id, {
        "customer_id": who, "kind": record.kind, "number": record.number, "date": record.date.isoformat() if record.date else None,
        "period_start": record.period_start.isoformat() if record.period_start else None,
        "period_end": record.period_end.isoformat() if record.period_end else None, "party": record.party, "counterparty": record.counterparty,
        "amount": plain(record.amount) if record.amount is not None else None, "tax": plain(record.tax) if record.tax is not None else None,
        "currency": record.currency, "state": record.state, **measures, "document": source.document, "sha256": source.sha256,
        "page": str(source.page) if source.page else None, "locator": source.locator,
    })  # fmt: skip
