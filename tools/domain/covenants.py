"""Covenants as data: what must hold, from when, tested how often, and which tests were given up.

Names are those of the loan book. A step says from which date (inclusive) its limit applies; a waiver gives up tests, a
reset changes the limit, grace delays the consequence of a breach: three different records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from tools.domain.facts import Box, Scope
from tools.domain.money import plain
from tools.domain.restricted_acts import Finding
from tools.errors import BadRequest

CovenantType = Literal["maintenance", "incurrence", "reporting", "affirmative", "negative", "cross_default"]
Operator = Literal[">=", "<=", "==", "between"]
State = Literal["proposed", "confirmed", "waived", "retired"]


@dataclass(frozen=True, slots=True)
class Limit:
    """`low` binds from below, `high` from above; a single threshold sets the one its operator needs (both for ==)."""

    low: Decimal | None
    high: Decimal | None

    @property
    def text(self) -> str:
        """3.50, or 0.40..0.60 for a band."""
        if self.low is not None and self.high is not None and self.low != self.high:
            return f"{plain(self.low)}..{plain(self.high)}"
        return plain(self.low if self.low is not None else self.high or Decimal(0))

    @property
    def single(self) -> Decimal | None:
        """The one threshold; None for a band."""
        if self.low is not None and self.high is not None and self.low != self.high:
            return None
        return self.low if self.low is not None else self.high


@dataclass(frozen=True, slots=True)
class Step:
    """From `from_date` (inclusive) `limit` applies."""

    from_date: date
    limit: Limit


@dataclass(frozen=True, slots=True)
class Waiver:
    """Tests dated from `from_date` (None: any) to `until` (None: any) are given up."""

    from_date: date | None
    until: date | None

    def covers(self, test_date: date) -> bool:
        """Whether the test of `test_date` is waived."""
        started = self.from_date is None or self.from_date <= test_date
        return started and (self.until is None or test_date <= self.until)


@dataclass(frozen=True, slots=True)
class Cured:
    """Money of the owner put in after the test of `test_date`: `raise` counts it as earnings, `cut` prepays debt with it."""

    test_date: date
    kind: Literal["raise", "cut"]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AddBackTerm:
    """What a contract's EBITDA adds back: its words, the rulebook's name for it (None: nobody's), a cap as a share of EBITDA before or
    after it, or as an amount, and the last period end it counts for."""

    text: str
    item: str | None = None
    cap: Decimal | None = None
    base: Literal["before", "after"] = "before"
    most: Decimal | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Covenant:
    """One covenant. `metric` is a rulebook id or a formula over line items; `basis` as in the loan book (annual, ltm, ytd,
    quarter, point); `due_days` after the test date the statements are due, None: by frequency. Amount limits are in `currency`. What it
    restricts: `actions` (kinds of act, rulebook/covenants/acts.yaml), up to `cap` of the net profit of the year before, only while there
    is `no_default`; `excepted`: the clause lets some such acts pass. `findings`: what people found of it."""

    id: str
    borrower: str
    name: str
    type: CovenantType = "maintenance"
    loan: str | None = None
    facility: str | None = None
    metric: str | None = None
    operator: Operator | None = None
    limit: Limit | None = None
    steps: tuple[Step, ...] = ()
    basis: str | None = None
    scope: Scope = "consolidated"
    currency: str | None = None
    test_frequency: str = "quarterly"
    first_test_date: date | None = None
    end_date: date | None = None
    due_days: int | None = None
    grace_days: int | None = None
    grace_business_days: bool = False
    cure_days: int | None = None
    definition: str | None = None
    document: str | None = None
    page: int | None = None
    box: Box | None = None
    clause: str | None = None
    confidence: Decimal | None = None
    state: State = "confirmed"
    waivers: tuple[Waiver, ...] = ()
    cures: tuple[Cured, ...] = ()
    add_backs: tuple[AddBackTerm, ...] = ()
    actions: tuple[str, ...] = ()
    cap: Decimal | None = None
    no_default: bool = False
    excepted: bool = False
    findings: tuple[Finding, ...] = ()

    def limit_on(self, day: date) -> Limit | None:
        """The limit in force on the test date `day`: the last step begun, else the threshold."""
        begun = [step for step in self.steps if step.from_date <= day]
        return max(begun, key=lambda step: step.from_date).limit if begun else self.limit

    def waived(self, test_date: date) -> bool:
        """Whether the test of `test_date` was given up."""
        return any(waiver.covers(test_date) for waiver in self.waivers)


def parse_limit(text: str, operator: str | None) -> Limit:
    """A threshold as the loan book writes it. Raises BadRequest when it does not fit its operator."""
    try:
        if operator == "between":
            low, _, high = text.partition("..")
            made = Limit(Decimal(low.strip()), Decimal(high.strip()))
        else:
            value = Decimal(text.strip())
            made = Limit(None if operator == "<=" else value, None if operator == ">=" else value)
    except InvalidOperation as error:
        raise BadRequest(f"limit {text!r} does not fit operator {operator!r}", fix="A plain decimal, or low..high") from error
    if made.low is not None and made.high is not None and made.low > made.high:
        raise BadRequest(f"limit {text!r} has its ends the wrong way round", fix="Write low..high")
    return made


def parse_steps(text: str | None, operator: str | None) -> tuple[Step, ...]:
    """`DATE:LIMIT;DATE:LIMIT`, sorted by date. Raises BadRequest for anything else."""
    steps = []
    for part in (text or "").split(";"):
        if not part.strip():
            continue
        day, _, limit = part.strip().partition(":")
        try:
            steps.append(Step(date.fromisoformat(day.strip()), parse_limit(limit, operator)))
        except ValueError as error:
            raise BadRequest(f"step {part.strip()!r} has no date", fix="Write YYYY-MM-DD:LIMIT") from error
    return tuple(sorted(steps, key=lambda step: step.from_date))


def covenant_of(row: Mapping[str, Any], borrower: str, *, box: Box | None = None) -> Covenant:
    """A `covenants` row of the loan book. A status the bank left blank is confirmed: the bank handed it over as its contract."""
    operator = row.get("operator")
    state: State = row.get("status") or "confirmed"
    threshold = row.get("threshold")
    return Covenant(
        id=row["id"], borrower=borrower, name=row["name"], type=row.get("type") or "maintenance",
        loan=row.get("loan_id"), facility=row.get("facility_id"), metric=row.get("metric"), operator=operator,
        limit=parse_limit(threshold, operator) if threshold else None,
        steps=parse_steps(row.get("threshold_steps"), operator), basis=row.get("basis"),
        scope=row.get("scope") or "consolidated", currency=row.get("currency_code"), test_frequency=row["test_frequency"],
        first_test_date=row.get("first_test_date"), end_date=row.get("end_date"), due_days=row.get("due_days"),
        grace_days=row.get("grace_days"), cure_days=row.get("cure_days"), definition=row.get("definition"),
        document=row.get("source_document"), page=row.get("source_page"), box=box, state=state,
        waivers=(Waiver(None, row.get("waived_until")),) if state == "waived" or row.get("waived_until") else (),
    )  # fmt: skip


def covenant_from_shape(shape: Mapping[str, Any]) -> Covenant:
    """A covenant read from a contract, back from its JSON shape: what a person confirms is what is then tested."""
    operator, day = shape.get("operator"), date.fromisoformat
    limit, confidence = shape.get("base_threshold") or shape.get("threshold"), shape.get("confidence")
    first, end = shape.get("first_test_date"), shape.get("end_date")
    steps = [Step(day(step["from"]), parse_limit(str(step["threshold"]), operator)) for step in shape.get("steps") or ()]
    return Covenant(
        id=shape["covenant"], borrower=shape["borrower"], name=shape["name"], type=shape.get("type") or "maintenance",
        loan=shape.get("loan"), facility=shape.get("facility"), metric=shape.get("metric"), operator=operator,
        limit=parse_limit(str(limit), operator) if limit else None, steps=tuple(sorted(steps, key=lambda s: s.from_date)),
        basis=shape.get("basis"), scope=shape.get("scope") or "consolidated", currency=shape.get("currency"),
        test_frequency=shape.get("test_frequency") or "quarterly", first_test_date=day(first) if first else None,
        end_date=day(end) if end else None, due_days=shape.get("due_days"), grace_days=shape.get("grace_days"),
        grace_business_days=shape.get("grace_unit") == "business_day",
        cure_days=shape.get("cure_days"), definition=shape.get("definition"), document=shape.get("document"),
        page=shape.get("page"), box=tuple(shape["box"]) if shape.get("box") else None, clause=shape.get("clause"),
        confidence=Decimal(str(confidence)) if confidence is not None else None, state=shape.get("state") or "proposed",
        add_backs=tuple(_add_back(one) for one in shape.get("add_backs") or ()),
        actions=(str(shape["action"]),) if shape.get("action") else (), cap=_share_of_profit(shape.get("cap")),
        no_default=bool(shape.get("no_event_of_default")),
    )  # fmt: skip


def _share_of_profit(raw: Any) -> Decimal | None:
    return Decimal(str(raw["limit"])) if isinstance(raw, Mapping) and raw.get("share_of") == "net_profit" else None


def _add_back(raw: Mapping[str, Any]) -> AddBackTerm:
    """One add-back as contracts are read: `text`, `item`, `until`, and `cap` as {limit, basis} or {amount}."""
    cap, until = raw.get("cap") or {}, raw.get("until")
    share, most = cap.get("limit"), cap.get("amount")
    base: Literal["before", "after"] = "after" if cap.get("basis") == "after" else "before"
    return AddBackTerm(
        str(raw.get("text") or ""), raw.get("item"), Decimal(str(share)) if share is not None else None, base,
        Decimal(str(most)) if most is not None else None, date.fromisoformat(until) if until else None,
    )  # fmt: skip
