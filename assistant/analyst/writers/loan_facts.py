"""Answers of exactly the facts asked for, loan by loan: balance, rate, maturity, way of repayment, arrears, limit."""

from __future__ import annotations

from assistant.analyst.drafting import Draft
from assistant.analyst.loanwords import facts_of, picked
from assistant.analyst.plans import Part
from assistant.analyst.writers.loans import MOST, Book, books, money_of, none_of, owner_of, write_loans
from tools.domain.facts import Row

NUMBERS = {"principal": "orig_notional", "balance": "balance", "rate": "rate", "overdue": "overdue_total"}
MARKED = frozenset({*NUMBERS, "dpd", "limit", "next_due"})
"""Facts that carry the mark of the loan's row with their number."""
DAYS = {"start_date": "start_date", "end_date": "end_date", "since": "oldest_unpaid_due"}


def write_loan_facts(draft: Draft, part: Part) -> None:
    """One line a running loan, with the facts asked for in it; a fact the book lacks is said to be lacking."""
    asked = facts_of(part.reading.text)
    if not asked:  # a follow-up ("and the other one?") names none of its own
        write_loans(draft, part)
        return
    for heard, book in books(draft, part):
        owner = owner_of(heard, book)
        if none_of(draft, owner, book):
            continue
        rows = picked(book.running(), part.reading.text, money_of(part))
        draft.say("loan_facts_head", who=draft.who(owner), date=draft.day(draft.as_of))
        for row in rows[:MOST]:
            mark = "" if MARKED & set(asked) else draft.mark(row)
            product = row.columns.get("product_name") or draft.glossary.word(
                "loan_type", row.columns.get("type"), draft.language
            )
            told = [said for fact in asked if (said := _told(draft, book, row, fact))]
            draft.say(
                "loan_facts_line", loan=row.id, product=product, said=draft.phrase("loan_facts_between").join(told), mark=mark
            )
        if "balance" in asked and 1 < len(rows) == len(book.running()) and (total := book.total("balance")):
            draft.say("loan_facts_total", total=total)
        draft.is_("answered" if rows else "not_available")


def _told(draft: Draft, book: Book, row: Row, fact: str) -> str:
    """One fact in words."""
    known = book.value("dpd", row.id)
    if fact in ("dpd", "overdue", "since") and known is not None and not known.value:
        return draft.phrase("loan_fact_not_late") if fact != "since" else ""
    if fact in NUMBERS:
        value = book.number(NUMBERS[fact], row.id)
    elif fact in DAYS:
        value = book.day(DAYS[fact], row.id)
    elif fact == "dpd":
        value = book.number("dpd", row.id)
    elif fact == "repayment_type":
        value = draft.glossary.word("repayment_type", row.columns.get("repayment_type"), draft.language)
    elif fact == "classification":
        value = book.word("classification", "classification", row.id)
    elif fact == "next_due":
        due = book.day("next_due", row.id)
        return draft.phrase("loan_fact_next_due", date=due, value=book.number("next_due_total", row.id)) if due else ""
    else:
        used = {
            key: book.number(name, row.id)
            for key, name in (("limit", "limit_amount"), ("used", "limit_used"), ("value", "undrawn"))
        }
        return draft.phrase("loan_fact_limit", **used) if used["limit"] else draft.phrase("loan_fact_no_limit")
    return (
        draft.phrase(f"loan_fact_{fact}", value=value)
        if value
        else draft.phrase("loan_fact_lacking", fact=draft.phrase(f"loan_fact_{fact}", value="").strip(" ,"))
    )
