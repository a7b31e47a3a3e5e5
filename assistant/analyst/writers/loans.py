"""Answers about loans: balances, arrears, payments ahead, maturity, classification."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from assistant.analyst.drafting import Draft
from assistant.analyst.loanwords import picked
from assistant.analyst.plans import Heard, Part
from assistant.analyst.writers.figures import values
from tools.domain.facts import Row
from tools.toolbox.artifacts import Artifact, Value

MOST = 20


class Book:
    """One loans artifact by loan and name."""

    def __init__(self, draft: Draft, artifact: Artifact) -> None:
        self.draft, self.artifact = draft, artifact
        self.rows = [row for row in artifact.rows if row.table == "loans"]
        self._values = {(v.name, v.about): v for v in reversed(artifact.values)}

    def value(self, name: str, loan: str) -> Value | None:
        """A loan's value."""
        return self._values.get((name, loan))

    def number(self, name: str, loan: str) -> str:
        """A loan's number with its mark, empty when unknown."""
        found = self.value(name, loan)
        return self.draft.number(found) if found is not None else ""

    def day(self, name: str, loan: str) -> str:
        """A loan's date."""
        found = self.value(name, loan)
        return self.draft.day(found.when) if found is not None and found.when else ""

    def word(self, table: str, name: str, loan: str) -> str:
        """A loan's state in words."""
        found = self.value(name, loan)
        return self.draft.glossary.word(table, found.state, self.draft.language) if found else ""

    def running(self) -> list[Row]:
        """Rows of loans that are neither closed nor written off."""
        statuses = {v.about: v.state for v in self.artifact.values if v.name == "loan_status"}
        return [row for row in self.rows if statuses.get(row.id, "active") == "active"]

    def total(self, name: str) -> str:
        """Totals over the loans, one per currency."""
        found = [v for v in self.artifact.values if v.name == name and v.about == "total" and v.unit == "currency"]
        return self.draft.listed([self.draft.number(v) for v in found])


def money_of(part: Part) -> set[Decimal]:
    """Amounts a question names, of which one may be a loan's ("汇澄3000万那笔")."""
    return {amount.value for amount in part.reading.amounts if amount.unit == "money"}


def books(draft: Draft, part: Part) -> list[tuple[Heard | None, Book]]:
    """The loans artifacts of a part, with the borrower each is about."""
    made: list[tuple[Heard | None, Book]] = []
    for artifact in draft.artifacts:
        if artifact.tool == "loans":
            who = next((h for h in part.borrowers if h.id == artifact.arguments.get("borrower")), None)
            made.append((who, Book(draft, artifact)))
    return made


def owner_of(heard: Heard | None, book: Book) -> str:
    """Whose loans they are."""
    if heard is not None:
        return heard.id
    return book.artifact.borrowers[0].id if book.artifact.borrowers else ""


def none_of(draft: Draft, owner: str, book: Book) -> bool:
    """Says so when there is no loan."""
    if book.rows:
        return False
    draft.say("loans_none", who=draft.who(owner))
    draft.is_("not_available")
    return True


MOST_DAYS = 6
"""Unpaid instalments named by their day."""


def write_arrears(draft: Draft, part: Part) -> None:
    """Overdue or not, first; then each overdue loan."""
    for heard, book in books(draft, part):
        owner = owner_of(heard, book)
        if none_of(draft, owner, book):
            continue
        arrears_of(draft, owner, book)
        if part.reading.cues & {"late_history", "paid_how"}:
            _late(draft, book)
        draft.is_("answered")


def _late(draft: Draft, book: Book) -> None:
    """Instalments of the last year that came late."""
    late = [v for v in book.artifact.values if v.name == "days_late"]
    for value in late[:8]:
        draft.say("late_line", loan=value.about, date=draft.day(value.when or draft.as_of), days=draft.number(value))
    if not late and not any((v := book.value("dpd", row.id)) and v.value for row in book.running()):
        draft.say("late_none")


def arrears_of(draft: Draft, owner: str, book: Book) -> None:
    """The verdict on arrears and the overdue loans of one book."""
    late = [row for row in book.running() if (v := book.value("dpd", row.id)) and v.value]
    unknown = [row for row in book.running() if book.value("dpd", row.id) is None]
    when = draft.day(_stood(draft, book))
    single = book.artifact.arguments.get("loan")
    if not late and not unknown:
        if single:
            draft.say("arrears_none_loan", loan=str(single), date=when)
        else:
            draft.say("arrears_none", who=draft.who(owner), date=when)
    elif late and single:
        draft.say("arrears_some_loan", loan=str(single), date=when)
    elif late:
        draft.say("arrears_some", who=draft.who(owner), n=len(late), date=when)
    for row in late:
        penalty = book.value("overdue_penalty", row.id)
        unpaid = [v for v in book.artifact.values if v.name == "unpaid_due" and v.about == row.id and v.when]
        count = book.value("unpaid_dues", row.id)
        dues = (
            draft.phrase(
                "arrears_dues",
                n=draft.number(count, marked=False),
                days=draft.listed([draft.day(v.when) for v in unpaid[:MOST_DAYS] if v.when]),
            )
            if count and len(unpaid) > 1
            else ""
        )
        reason = row.columns.get("technical_overdue_reason")
        more = (
            draft.phrase("arrears_penalty", penalty=draft.number(penalty), total=book.number("overdue_total", row.id))
            if penalty
            else ""
        )
        draft.say(
            "arrears_line", loan=row.id, dpd=book.number("dpd", row.id), dues=book.number("overdue_dues", row.id),
            principal=book.number("overdue_principal", row.id), interest=book.number("overdue_interest", row.id), penalty=more,
            oldest=book.day("oldest_unpaid_due", row.id), unpaid=dues, reason=draft.phrase("arrears_reason", reason=reason) if reason else "",
        )  # fmt: skip
    for missing in book.artifact.missing:
        draft.add(f"- {missing}")


def _stood(draft: Draft, book: Book) -> date:
    """The day the book was looked at."""
    asked = book.artifact.arguments.get("as_of")
    return min(date.fromisoformat(str(asked)), draft.as_of) if asked else draft.as_of


def _classed(row: Row, day: date) -> bool:
    """Whether the book's classification was already given on the day looked at."""
    given = row.columns.get("classification_date")
    return not given or date.fromisoformat(str(given)[:10]) <= day


def write_dues(draft: Draft, part: Part) -> None:
    """What falls due next, or in the window asked for; maturities when the question is about them."""
    window = part.reading.windows[0] if part.reading.windows else None
    maturity = "maturity" in part.reading.cues and "dues" not in part.reading.cues
    final = "last_instalment" in part.reading.cues
    for heard, book in books(draft, part):
        owner = owner_of(heard, book)
        if none_of(draft, owner, book):
            continue
        if window and not maturity and not final:
            _window(draft, owner, book, window, {row.id for row in picked(book.running(), part.reading.text, money_of(part))})
        else:
            draft.say("due_head", who=draft.who(owner), date=draft.day(draft.as_of))
            meant = picked(book.running(), part.reading.text, money_of(part))
            for row in meant[:MOST]:
                if maturity:
                    draft.say(
                        "maturity_line",
                        loan=row.id,
                        date=book.day("end_date", row.id),
                        left=_days_left(draft, book, "maturity_days", row.id),
                        balance=book.number("balance", row.id),
                    )
                elif final and book.value("final_due_total", row.id):
                    draft.say("due_final", loan=row.id, date=book.day("final_due_total", row.id), total=book.number("final_due_total", row.id),
                              principal=book.number("final_due_principal", row.id), interest=book.number("final_due_interest", row.id))  # fmt: skip
                elif book.value("next_due", row.id):
                    draft.say("due_line", loan=row.id, date=book.day("next_due", row.id), left=_days_left(draft, book, "due_days", row.id), principal=book.number("next_due_principal", row.id),
                              interest=book.number("next_due_interest", row.id), total=book.number("next_due_total", row.id))  # fmt: skip
                else:
                    draft.say("due_none", loan=row.id)
            total = book.total("dues_12m")
            if total and not maturity and not final and len(meant) == len(book.running()):
                draft.say("due_12m", total=total)
        draft.is_("answered")


def _days_left(draft: Draft, book: Book, name: str, loan: str) -> str:
    days = book.value(name, loan)
    return draft.phrase("days_left", days=draft.number(days, marked=False)) if days and days.value else ""


def _window(draft: Draft, owner: str, book: Book, window: tuple[date, date], meant: set[str]) -> None:
    first, last = draft.day(window[0]), draft.day(window[1])
    totals = [v for v in book.artifact.values if v.name == "dues_window"]
    whole = meant >= {row.id for row in book.running()}
    if not totals:
        draft.say("due_window_none", who=draft.who(owner), first=first, last=last)
        return
    pool = book.artifact.values
    for total in totals if whole else ():
        parts = {v.name: v for v in pool if v.currency == total.currency and v.about == "window"}
        draft.say("due_window", who=draft.who(owner), first=first, last=last, total=draft.number(total),
                  principal=draft.number(parts["next_due_principal"]), interest=draft.number(parts["next_due_interest"]))  # fmt: skip
    dues = [
        v
        for v in pool
        if v.name == "next_due_principal" and v.since is not None and (v.about in meant or (whole and v.about != "window"))
    ]
    if not whole:
        draft.say("due_head", who=draft.who(owner), date=draft.day(draft.as_of))
    for principal in sorted(dues, key=lambda v: (v.when or window[0], v.about))[:MOST]:
        interest = next(
            v for v in pool if v.name == "next_due_interest" and v.about == principal.about and v.when == principal.when
        )
        after = next(
            (v for v in pool if v.name == "balance_after" and v.about == principal.about and v.when == principal.when), None
        )
        left = (
            draft.phrase("due_left", balance=draft.number(after, marked=False)) if after is not None and principal.value else ""
        )
        draft.say("due_window_line", left=left, loan=principal.about, date=draft.day(principal.when or window[0]), principal=draft.number(principal),
                  interest=draft.number(interest))  # fmt: skip


def write_loans(draft: Draft, part: Part) -> None:
    """The loans one by one with their total."""
    for heard, book in books(draft, part):
        owner = owner_of(heard, book)
        if none_of(draft, owner, book):
            continue
        if "origin" in part.reading.cues:
            _origins(draft, book, part.loans)
        elif "undrawn" in part.reading.cues:
            _undrawn(draft, owner, book)
        else:
            if "purpose" in part.reading.cues and part.loans:
                _purposes(draft, book)
            else:
                loans_of(draft, owner, book, purpose="purpose" in part.reading.cues)
        draft.is_("answered")


def _purposes(draft: Draft, book: Book) -> None:
    """The contracted purpose of the loans asked about."""
    for row in book.rows:
        said = row.columns.get("purpose")
        draft.say("loan_purpose" if said else "loan_purpose_none", loan=row.id, purpose=f"{said}{draft.mark(row)}")


def _undrawn(draft: Draft, owner: str, book: Book) -> None:
    """What may still be drawn, limit by limit; loans without a limit are drawn in full."""
    found = [row for row in book.running() if book.value("undrawn", row.id)]
    if not found:
        draft.say("undrawn_none", who=draft.who(owner), date=draft.day(draft.as_of))
    for row in found:
        draft.say("undrawn_line", who=draft.who(owner), loan=row.id, limit=book.number("limit_amount", row.id), used=book.number("limit_used", row.id),
                  undrawn=book.number("undrawn", row.id))  # fmt: skip


def _origins(draft: Draft, book: Book, asked: tuple[str, ...] = ()) -> None:
    """Where each loan came from: new money, a renewal, or the refinancing of an older one; of the loans asked about, also by which
    newer one they were repaid."""
    for row in [row for row in book.rows if not asked or row.id in asked or row.columns.get("replaces_loan_id") in asked]:
        if asked and row.columns.get("replaces_loan_id") in asked:
            origin = draft.glossary.word("origin", row.columns.get("origin") or "new", draft.language)
            draft.say(
                "loan_replaced",
                old=row.columns["replaces_loan_id"],
                loan=row.id,
                origin=origin,
                date=book.day("start_date", row.id),
                mark=draft.mark(row),
            )
        origin = draft.glossary.word("origin", row.columns.get("origin") or "new", draft.language)
        old = row.columns.get("replaces_loan_id")
        said = origin + (draft.phrase("loan_replaces", old=old) if old else "")
        draft.say("loan_origin", loan=row.id, origin=said, mark=draft.mark(row))


def loans_of(draft: Draft, owner: str, book: Book, *, purpose: bool = False, brief: bool = False) -> None:
    """Head line and one line per running loan; closed ones in a word."""
    alive = book.running()
    if book.artifact.arguments.get("borrower") or len(alive) > 1:
        draft.say(
            "loans_head", who=draft.who(owner), n=len(alive), total=book.total("balance"), date=draft.day(_stood(draft, book))
        )
    elif alive:
        draft.say("loan_head", who=draft.who(owner), loan=alive[0].id, date=draft.day(_stood(draft, book)))
    for row in alive[:MOST]:
        c = row.columns
        klass = book.word("classification", "classification", row.id) if _classed(row, _stood(draft, book)) else ""
        draft.say(
            "loan_line", loan=row.id, product=c.get("product_name") or draft.glossary.word("loan_type", c.get("type"), draft.language),
            balance=book.number("balance", row.id), rate=book.number("rate", row.id),
            repayment=draft.glossary.word("repayment_type", c.get("repayment_type"), draft.language), start=book.day("start_date", row.id),
            end=book.day("end_date", row.id), extra=draft.phrase("loan_class", classification=klass) if klass else "",
        )  # fmt: skip
        if not brief and c.get("replaces_loan_id"):
            origin = draft.glossary.word("origin", c.get("origin") or "new", draft.language)
            draft.say(
                "loan_origin",
                loan=row.id,
                origin=origin + draft.phrase("loan_replaces", old=c["replaces_loan_id"]),
                mark=draft.mark(row),
            )
        if purpose and c.get("purpose"):
            draft.say("loan_purpose", loan=row.id, purpose=f"{c['purpose']}{draft.mark(row)}")
    for row in [] if brief else [r for r in book.rows if r not in alive]:
        c = row.columns
        draft.say(
            "loan_closed", loan=row.id, product=c.get("product_name") or draft.glossary.word("loan_type", c.get("type"), draft.language),
            status=draft.glossary.word("loan_status", c.get("status"), draft.language) + draft.mark(row),
        )  # fmt: skip


def write_classification(draft: Draft, part: Part) -> None:
    """The category on the books, the floors hit, the stage."""
    for heard, book in books(draft, part):
        owner = owner_of(heard, book)
        if none_of(draft, owner, book):
            continue
        said = 0
        for row in book.running()[:MOST]:
            if not book.value("classification", row.id):
                continue
            proposed = book.value("classification_proposed", row.id)
            now = book.value("classification", row.id)
            floors = [_rule(draft, book, v.state) for v in book.artifact.values if v.name == "floor" and v.about == row.id]
            lower = proposed is not None and now is not None and proposed.state != now.state
            stage = book.value("stage", row.id)
            draft.say(
                "class_line", loan=row.id, dpd=_past_due(draft, book, row.id), exempted=_exempted(draft, book, row), classification=book.word("classification", "classification", row.id) + draft.mark(row),
                proposed=draft.phrase("class_proposed", proposed=book.word("classification", "classification_proposed", row.id),
                                      rules=draft.listed(floors)) if lower else draft.phrase("class_kept"),
                stage=draft.phrase("class_stage", stage=draft.number(stage, marked=False)) if stage else "",
            )  # fmt: skip
            said += 1
        if said:
            draft.say("class_note")
        else:
            draft.say("class_none", who=draft.who(owner))
        draft.is_("answered" if said else "not_available")


def _past_due(draft: Draft, book: Book, loan: str) -> str:
    dpd = book.value("dpd", loan)
    return draft.phrase("class_dpd", dpd=draft.number(dpd)) if dpd is not None and dpd.value else ""


def _exempted(draft: Draft, book: Book, row: Row) -> str:
    rules = [_rule(draft, book, v.state) for v in book.artifact.values if v.name == "exempted" and v.about == row.id]
    reason = row.columns.get("technical_overdue_reason")
    return draft.phrase("class_exempted", rules=draft.listed(rules), reason=reason) if rules and reason else ""


def _rule(draft: Draft, book: Book, id: str) -> str:
    found = next((row for row in book.artifact.rows if row.table == "classification_rules" and row.id == id), None)
    name = found.columns.get(f"name_{draft.language}") if found else ""
    return f"{id} {name}".strip()


__all__ = [
    "Book",
    "arrears_of",
    "books",
    "loans_of",
    "none_of",
    "owner_of",
    "values",
    "write_arrears",
    "write_classification",
    "write_dues",
    "write_loans",
]
