"""What tracing tells classification: whether the use of a loan was changed without consent, for loans whose money can be seen.

Tracing reads account after account, so it is asked only for loans whose drawing shows on an account we hold; of the others nothing
is known, which is not the same as nothing wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tools.domain.rules import Known
from tools.toolbox.desk import Desk

_SEEN = """
SELECT DISTINCT l.id, l._borrower FROM loans l JOIN accounts a ON a.customer_id = l.customer_id
JOIN account_transactions t ON t.account_id = a.id
WHERE t.direction = 'in' AND coalesce(l.status, 'active') NOT IN ('closed', 'written_off')
AND (t.loan_id = l.id OR (t.amount = l.orig_notional AND abs(date_diff('day', t.value_date, l.start_date)) <= 3))
"""
_TABLES = ("loans", "accounts", "account_transactions")


def seen_loans(desk: Desk) -> Mapping[str, str]:
    """Running loans whose money is seen coming in, with their borrower: one query over everything the caller may see."""
    if "seen_loans" not in desk.kept:
        with desk.loan_book.views(desk.caller, desk.clocks, _TABLES) as connection:
            desk.kept["seen_loans"] = {str(id): str(owner) for id, owner in connection.execute(_SEEN).fetchall()}
    found: dict[str, str] = desk.kept["seen_loans"]
    return found


def told_by_tracing(desk: Desk, borrowers: Collection[str]) -> dict[str, dict[str, Known]]:
    """Loan → measures of classification that tracing answers, for loans of these borrowers."""
    from tools.toolbox.usage import usage_of

    wanted = set(borrowers)
    told: dict[str, dict[str, Known]] = {}
    for loan, owner in sorted(seen_loans(desk).items()):
        if owner not in wanted:
            continue
        usage = usage_of(desk, loan)
        hits = [flag for flag in usage.flags if flag.rule.id == "TXN-01" and flag.severity]
        rows = tuple(("account_transactions", id) for flag in hits for id in flag.measured.transactions)
        told[loan] = {"use_changed": Known(usage.changed_use, rows or (("loans", loan),))}
    return told
