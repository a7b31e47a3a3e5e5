"""What each tool may be asked, as models: their schema is what a chat model sees, and what is asked is checked against it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.toolbox.book_rows import TABLES
from tools.toolbox.clauses import known_topics

PERIODS = (
    "Periods: latest, 2025 (a fiscal year), 2025-12-31, 2025-06, 2025H1, 2025Q3, 2025M9 (first nine months), last3y, last4p, "
    "2023..2025, since 2026-06-01."
)


class Arguments(BaseModel):
    """What a tool may be asked; unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class FindBorrower(Arguments):
    text: str = Field(description="a name, short name, alias, id, or the whole question")


class OverMany(Arguments):
    """Of tools that look over many borrowers."""

    within: str | None = Field(
        default=None, description="only the borrowers of one officer, branch or place, as find_borrower names it: officer:S001"
    )


class ListBorrowers(OverMany):
    limit: int = Field(default=50, ge=1, le=500)
    ids: list[str] = Field(default=[], description="only these")


class Figures(Arguments):
    borrowers: list[str] = Field(description="borrower ids, from find_borrower")
    names: list[str] = Field(description="line items and ratios: rulebook ids, or names in either language")
    periods: list[str] = Field(default=["latest"], description=PERIODS)
    basis: Literal["fy", "ltm", "ytd", "quarter", "annualised"] | None = Field(
        default=None, description="for flows; default fy at a year end, else ltm"
    )
    scope: Literal["consolidated", "parent"] = "consolidated"
    known_at: str | None = Field(default=None, description="only what the bank knew by the end of this earlier day")
    share_of: str | None = Field(default=None, description="also each as a share of this line item")
    total: bool = Field(default=False, description="also the periods of each line item added up")
    both: bool = Field(default=False, description="also of the parent company alone, and the difference")


class Changes(Arguments):
    borrowers: list[str]
    names: list[str]
    periods: list[str] = Field(default=["latest"], description=PERIODS)
    basis: Literal["fy", "ltm", "ytd", "quarter", "annualised"] | None = None
    scope: Literal["consolidated", "parent"] = "consolidated"
    against: Literal["year_before", "quarter_before"] = "year_before"


class Drivers(Arguments):
    borrower: str
    name: str = Field(description="the metric whose change is to be explained")
    periods: list[str] = Field(default=[], description="one (against the year before) or two; none: the newest two")
    basis: Literal["fy", "ltm", "ytd", "quarter", "annualised"] | None = None
    scope: Literal["consolidated", "parent"] = "consolidated"


class Loans(Arguments):
    borrower: str | None = None
    loan: str | None = None
    from_date: str | None = Field(default=None, description="with to_date: also what falls due between the two, both inclusive")
    to_date: str | None = None
    as_of: str | None = Field(default=None, description="how it stood on this earlier day")


class PortfolioLoans(OverMany):
    view: Literal["arrears", "maturity", "dues", "classification", "origins", "summary"] = "summary"
    from_date: str | None = None
    to_date: str | None = None
    min_dpd: int = Field(default=1, ge=1, description="for arrears: at least so many days past due")
    limit: int = Field(default=40, ge=1, le=200)


class Condition(Arguments):
    measure: str
    operator: Literal["<", "<=", ">", ">=", "=="]
    value: str = Field(description="a plain decimal; a share as 0.7 for 70 %")


class RankBorrowers(OverMany):
    measure: str = Field(description="a ratio, a line item, or balance, overdue_total, dpd, dues_12m, rate")
    order: Literal["asc", "desc"] = "desc"
    limit: int = Field(default=10, ge=1, le=200)
    where: list[Condition] = []
    periods: list[str] = Field(default=["latest"], description=PERIODS)
    average: bool = Field(default=False, description="also the plain mean over those who have the figure")
    ids: list[str] = Field(default=[], description="only these borrowers")
    currency: str | None = Field(default=None, description="compare in this currency, such as CNY")
    only: str | None = Field(default=None, description="only amounts of this currency, USD")
    loans: list[str] = Field(default=[], description="for measures of loans: only these")
    share: list[str] = Field(default=[], description="borrowers whose part of everybody's amount is wanted too")


class Covenants(OverMany):
    borrower: str | None = Field(default=None, description="none: all borrowers the asker may see")
    covenant: str | None = None


class BookRows(OverMany):
    table: str = Field(description=f"one of {', '.join(TABLES)}")
    borrower: str | None = None
    from_date: str | None = None
    to_date: str | None = None
    months: list[str] = Field(default=[], description="for operations: only these months, 2026-08")
    limit: int = Field(default=60, ge=1, le=200)


class Passages(Arguments):
    query: str = Field(description="what to look for, in a few words")
    borrower: str | None = None
    kinds: list[str] = Field(default=[], description="visit_note, contract, statement; none: all documents")
    from_date: str | None = None
    to_date: str | None = None
    limit: int = Field(default=6, ge=1, le=20)


class VisitNotes(Arguments):
    borrower: str
    from_date: str | None = None
    to_date: str | None = None
    limit: int = Field(default=2, ge=1, le=10, description="how many notes, newest first")


class Market(Arguments):
    asked: str = Field(default="", description="which series, in words or by code (copper, LPR, USDCNY); none: all")
    day: str | None = Field(default=None, description="on this day; default the newest")
    against: str | None = Field(default=None, description="compared with this day; default a year before")


class Mentions(Arguments):
    name: str = Field(description="the name, as it would be written in a paper")
    limit: int = Field(default=30, ge=1, le=60)


class Documents(OverMany):
    borrower: str | None = None
    kind: str | None = None
    limit: int = Field(default=40, ge=1, le=200)
    from_date: str | None = Field(default=None, description="received on or after this day")
    to_date: str | None = None


class Clauses(Arguments):
    borrower: str
    topics: list[str] = Field(default=[], description=f"of {', '.join(known_topics())}")
    clause: str | None = Field(default=None, description="a clause by its number: 6.2 or 第七条")
    year: int | None = Field(default=None, description="for audit reports: of this year")


class CrossCheck(Arguments):
    borrower: str
    periods: list[str] = Field(default=["latest"], description=PERIODS)


class Restatements(Arguments):
    borrower: str
    names: list[str] = Field(description="line items and ratios")
    periods: list[str] = Field(default=["last3y"], description=PERIODS)
    scope: Literal["consolidated", "parent"] = "consolidated"


class Deliveries(OverMany):
    borrower: str | None = Field(
        default=None, description="none: papers of all borrowers the asker may see that came late or are late"
    )


class CollateralAges(OverMany):
    borrower: str | None = Field(default=None, description="none: all borrowers the asker may see")
    older_than_months: int | None = Field(default=None, ge=1, le=240, description="only valuations older than so many months")
    insurance_from: str | None = None
    insurance_to: str | None = Field(default=None, description="only insurance that ends until this day, inclusive")


class Repayments(Arguments):
    borrower: str | None = None
    loan: str | None = None
    from_date: str | None = None
    to_date: str | None = None


class GuaranteeCircles(OverMany):
    """Nothing to say."""


class Guarantees(Arguments):
    borrower: str


class ExposureOf(Arguments):
    borrower: str


class Stress(Arguments):
    borrower: str
    scenarios: list[str] = Field(default=[], description="ids such as revenue_20, rate_200, no_refinancing; none: all")
    growth: str | None = Field(default=None, description="expected growth of sales, as 0.08")
    own_funds: str | None = Field(default=None, description="own funds for the working-capital need, if stated")


class Appointments(Arguments):
    borrower: str | None = None
    from_date: str | None = None
    to_date: str | None = None


class Certificates(Arguments):
    borrower: str


class DuesByMonth(Arguments):
    borrower: str
    months: int = Field(default=12, ge=1, le=360)
    group: bool = Field(default=False, description="with everybody under one control")


class UsageOf(Arguments):
    loan: str


class AccountLines(Arguments):
    borrower: str
    from_date: str | None = None
    to_date: str | None = None
    account: str | None = Field(default=None, description="last four digits of the account")
    limit: int = Field(default=60, ge=1, le=200)


class PaperRecords(Arguments):
    borrower: str
    kinds: list[str] = Field(
        default=[],
        description="vat_invoice, purchase_contract, delivery_note, vat_return, electricity_bill, credit_report …; none: all",
    )
    limit: int = Field(default=40, ge=1, le=200)


class Contradictions(Arguments):
    borrower: str
    limit: int = Field(default=20, ge=1, le=60)


class Standing(Arguments):
    borrower: str
    name: str = Field(description="one metric")


class PortfolioView(OverMany):
    view: Literal["concentration", "rolls", "migration", "vintage", "maturity", "watch"]
    by: Literal["borrower", "group", "industry", "region", "branch", "product"] = "borrower"
    since: str | None = Field(default=None, description="where migration starts; default a year back")
    days: int = Field(default=30, ge=1, le=360, description="days past due a vintage counts from")
    months: int = Field(default=12, ge=1, le=60, description="months roll rates look back")


class ExplainRule(Arguments):
    rule: str = Field(description="a ratio, line item, term, covenant type or classification rule: id, name or description")
    asked: str = Field(default="", description="the whole question, when the rule is only described in it")


class Alerts(OverMany):
    borrower: str | None = Field(default=None, description="none: all borrowers the asker may see")
    alert: str | None = Field(default=None, description="one alert by its id")
    state: Literal["live", "open", "taken", "snoozed", "cleared", "closed", "all"] = "live"
    severity: Literal["red", "orange", "yellow"] | None = None
    limit: int = Field(default=20, ge=1, le=200)


class Signals(Arguments):
    borrower: str
    signal: str | None = Field(default=None, description="one signal by its id, such as FIN-01")
    verdict: Literal["hit", "unknown", "clear", "all"] = "hit"


class WhatIf(Arguments):
    borrower: str
    revenue_fall: str | None = Field(default=None, description="0.2 for a fall of 20 %")
    ebitda_fall: str | None = Field(default=None, description="0.2 for a fall of 20 %")
    rate_rise: str | None = Field(default=None, description="0.01 for 100 basis points")
    gross_profit_fall: str | None = None
    ebit_fall: str | None = None
    dso_days: str | None = Field(default=None, description="days by which customers pay later; -10 for ten days sooner")
    dio_days: str | None = Field(default=None, description="days by which stock is held longer")
    dpo_days: str | None = Field(default=None, description="days by which suppliers are paid later")
    debt_change: str | None = Field(default=None, description="money borrowed, in full units; negative when repaid")
    ebitda_to: str | None = Field(default=None, description="the level EBITDA falls to")
    revenue_to: str | None = Field(default=None, description="the level revenue falls to")
    no_refinancing: bool = Field(default=False, description="short-term debt cannot be renewed")
    lose_top_customer: bool = False
    period: str | None = Field(default=None, description=f"the year to start from; none: the newest. {PERIODS}")


class Reach(Arguments):
    borrower: str
    metrics: list[str] = Field(default=[], description="the ratios; none: every covenant that hangs on earnings")
    target: str | None = Field(default=None, description="the value to reach, 4.0 or 0.65 for 65 %; none: the limits in force")
    operator: Literal["<", "<=", ">", ">="] | None = Field(default=None, description="which side of the target is wanted")
    period: str | None = Field(default=None, description=PERIODS)


class UsesOf(Arguments):
    borrower: str


class TrailRecords(Arguments):
    borrower: str | None = None
    acts: list[str] = Field(
        default=[], description="ingest, answer, brief, letter, confirm, approve, propose, alert …; none: all"
    )
    by: str | None = Field(default=None, description="only acts of this member of staff (id or name), or `self` for the asker")
    from_date: str | None = Field(default=None, description="a day, or today, yesterday, week")
    to_date: str | None = None
    limit: int = Field(default=12, ge=1, le=200)


class Propose(Arguments):
    kind: Literal["classification", "covenant", "alert", "letter"]
    proposed: str = Field(description="the category; confirm, waive, reset; close; or the kind of letter")
    borrower: str | None = None
    object: str | None = Field(default=None, description="the loan, covenant or alert")


class Pending(OverMany):
    borrower: str | None = Field(default=None, description="none: all borrowers the asker may see")


class ArrearsClasses(Arguments):
    days: list[int] = Field(min_length=1, max_length=6, description="numbers of days past due")


class Monitoring(Arguments):
    """Nothing to say."""
