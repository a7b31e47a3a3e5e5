"""Every tool once: name, what it is for, its arguments, and the function. One registry for the agent, an MCP server and the API.

Arguments are checked here, by the same models whose schema a chat model sees; the desk (who asks, at which clocks) is put in by
the program and is no argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import BadRequest
from tools.toolbox.alerts import alerts, monitoring
from tools.toolbox.appointments import appointments
from tools.toolbox.artifacts import ToolResult
from tools.toolbox.book_rows import TABLES, book_rows
from tools.toolbox.borrowers import find_borrower, list_borrowers
from tools.toolbox.certificates import certificates
from tools.toolbox.contradictions import contradictions_tool
from tools.toolbox.covenants import covenants
from tools.toolbox.deliveries import deliveries
from tools.toolbox.desk import Desk
from tools.toolbox.drivers import drivers
from tools.toolbox.dues_ahead import dues_by_month
from tools.toolbox.exposures import exposure
from tools.toolbox.figures import figures
from tools.toolbox.guarantees import guarantees
from tools.toolbox.history import trail_integrity, trail_records
from tools.toolbox.loans import loans, portfolio_loans
from tools.toolbox.movements import changes
from tools.toolbox.papers import account_lines, paper_records
from tools.toolbox.passages import documents, passages, visit_notes
from tools.toolbox.portfolio_views import portfolio_view
from tools.toolbox.proceeds import usage
from tools.toolbox.proposing import pending, propose
from tools.toolbox.ranking import rank_borrowers
from tools.toolbox.reaching import reach
from tools.toolbox.rules import arrears_classes, explain_rule
from tools.toolbox.signals import signals
from tools.toolbox.standing import standing
from tools.toolbox.stresses import stress
from tools.toolbox.uses import uses
from tools.toolbox.what_if import what_if

PERIODS = (
    "Periods: latest, 2025 (a fiscal year), 2025-12-31, 2025-06, 2025H1, 2025Q3, 2025M9 (first nine months), last3y, last4p, "
    "2023..2025, since 2026-06-01."
)


class Arguments(BaseModel):
    """What a tool may be asked; unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class FindBorrower(Arguments):
    text: str = Field(description="a name, short name, alias, id, or the whole question")


class ListBorrowers(Arguments):
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


class PortfolioLoans(Arguments):
    view: Literal["arrears", "maturity", "dues", "classification", "summary"] = "summary"
    from_date: str | None = None
    to_date: str | None = None
    min_dpd: int = Field(default=1, ge=1, description="for arrears: at least so many days past due")
    limit: int = Field(default=40, ge=1, le=200)


class Condition(Arguments):
    measure: str
    operator: Literal["<", "<=", ">", ">=", "=="]
    value: str = Field(description="a plain decimal; a share as 0.7 for 70 %")


class RankBorrowers(Arguments):
    measure: str = Field(description="a ratio, a line item, or balance, overdue_total, dpd, dues_12m, rate")
    order: Literal["asc", "desc"] = "desc"
    limit: int = Field(default=10, ge=1, le=200)
    where: list[Condition] = []
    periods: list[str] = Field(default=["latest"], description=PERIODS)


class Covenants(Arguments):
    borrower: str | None = Field(default=None, description="none: all borrowers the asker may see")
    covenant: str | None = None


class BookRows(Arguments):
    table: str = Field(description=f"one of {', '.join(TABLES)}")
    borrower: str | None = None
    from_date: str | None = None
    to_date: str | None = None
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


class Documents(Arguments):
    borrower: str | None = None
    kind: str | None = None
    limit: int = Field(default=40, ge=1, le=200)


class Deliveries(Arguments):
    borrower: str


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


class PortfolioView(Arguments):
    view: Literal["concentration", "rolls", "migration", "vintage", "maturity"]
    by: Literal["borrower", "group", "industry", "region", "branch", "product"] = "borrower"
    since: str | None = Field(default=None, description="where migration starts; default a year back")
    days: int = Field(default=30, ge=1, le=360, description="days past due a vintage counts from")
    months: int = Field(default=12, ge=1, le=60, description="months roll rates look back")


class ExplainRule(Arguments):
    rule: str = Field(description="a ratio, line item, term, covenant type or classification rule: id, name or description")
    asked: str = Field(default="", description="the whole question, when the rule is only described in it")


class Alerts(Arguments):
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


class Pending(Arguments):
    borrower: str | None = Field(default=None, description="none: all borrowers the asker may see")


class ArrearsClasses(Arguments):
    days: list[int] = Field(min_length=1, max_length=6, description="numbers of days past due")


class Monitoring(Arguments):
    """Nothing to say."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One entry of the registry."""

    name: str
    description: str
    arguments: type[Arguments]
    function: Callable[..., ToolResult]

    def call(self, desk: Desk, given: Mapping[str, Any]) -> ToolResult:
        """Check the arguments and run. BadRequest says which argument is wrong."""
        try:
            checked = self.arguments.model_validate(dict(given))
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "arguments"
            raise BadRequest(
                f"{where}: {first['msg']}", where=self.name, fix=f"Arguments: {', '.join(self.arguments.model_fields)}"
            ) from problem
        return self.function(desk, **checked.model_dump())


def _tool(name: str, arguments: type[Arguments], function: Callable[..., ToolResult], description: str) -> Tool:
    return Tool(name, description, arguments, function)


@cache
def registry() -> Mapping[str, Tool]:
    """All tools by name. Reads, and one that proposes: what it proposes waits for a second person."""
    tools = (
        _tool("find_borrower", FindBorrower, find_borrower,
              "Find which borrowers a name or a question means. Call it first; use the ids it returns everywhere else."),
        _tool("list_borrowers", ListBorrowers, list_borrowers, "List the borrowers the asker may see."),
        _tool("figures", Figures, figures,
              "Line items and ratios of one or more borrowers over periods, with changes between them. Never compute: ask here."),
        _tool("changes", Changes, changes, "Metrics beside their values a year or a quarter earlier, with the exact change."),
        _tool("drivers", Drivers, drivers, "Why a metric changed: the lines or measures that moved it, largest first."),
        _tool("loans", Loans, loans, "A borrower's loans (or one loan): balance, rate, arrears, next payment, maturity, classification."),
        _tool("standing", Standing, standing,
              "One metric's path over the years with slope, and its percentile among the asker's borrowers of the same industry."),
        _tool("portfolio_view", PortfolioView, portfolio_view,
              "The whole book: concentration with HHI, arrears roll rates, migration between buckets and categories, vintages, maturities."),
        _tool("portfolio_loans", PortfolioLoans, portfolio_loans,
              "All loans the asker may see: what is overdue, matures, falls due, is classified below normal, or totals."),
        _tool("covenants", Covenants, covenants,
              "Covenant tests: status, actual against limit, headroom, next test, projected breach."),
        _tool("alerts", Alerts, alerts,
              "Early-warning alerts: why a borrower is red, orange or yellow, who has it, until when, what is suggested."),
        _tool("signals", Signals, signals,
              "Every early-warning signal of a borrower: hit, clear or unknown, with value, limit, since when and what is missing."),
        _tool("monitoring", Monitoring, monitoring, "The last monitoring run over all borrowers: signals, alerts, proposals waiting."),
        _tool("rank_borrowers", RankBorrowers, rank_borrowers, "Borrowers ordered and filtered by a metric or loan measure."),
        _tool("book_rows", BookRows, book_rows, "Rows of the loan book: customer, collateral, guarantors, events, relations, bureau, operations."),
        _tool("passages", Passages, passages, "Search documents (visit notes, contracts, filings) and quote them with their page."),
        _tool("visit_notes", VisitNotes, visit_notes, "The newest visit notes of a borrower, section by section."),
        _tool("documents", Documents, documents, "Which documents of a borrower are on file."),
        _tool("guarantees", Guarantees, guarantees,
              "Who guarantees whom around a borrower: circle (担保圈) and exposure in it, whom its fall reaches, related parties, group."),
        _tool("exposure", ExposureOf, exposure,
              "Exposure after mitigants (敞口、抵押率、拨备): collateral with haircuts, insurance, risk sharing, guarantors, uncovered rest."),
        _tool("stress", Stress, stress,
              "Stress test (压力测试): DSCR, ICR and cash under scenarios, break-even, twelve months of cash, working-capital need, room for debt."),
        _tool("appointments", Appointments, appointments,
              "Covenant calendar (测试日历): tests, statements and papers due, ends of grace, cure and waiver, new limits."),
        _tool("certificates", Certificates, certificates,
              "Compliance certificates (合规证明) recomputed: what the borrower certified against our tests, every difference."),
        _tool("dues_by_month", DuesByMonth, dues_by_month,
              "What falls due month by month (未来12个月应还), per loan, borrower and group."),
        _tool("usage", UsageOf, usage,
              "Where a loan's money went: traced payments, misuse by destination, back-flow, evidence, red flags (资金流向、挪用、回流)."),
        _tool("account_lines", AccountLines, account_lines,
              "Movements of the borrower's accounts as its statements of account show them (流水), with sums in and out."),
        _tool("paper_records", PaperRecords, paper_records,
              "Invoices, purchase contracts, deliveries, bills, tax returns and credit reports read from papers (发票、合同、申报表、电费单、征信报告)."),
        _tool("deliveries", Deliveries, deliveries,
              "When each paper of a borrower was due and when it came, days late or still waited for (何时收到、是否按时、晚了几天)."),
        _tool("contradictions", Contradictions, contradictions_tool,
              "What does not agree: visit notes against statements, meters, papers, the book and earlier notes (矛盾、不一致), both sources named."),
        _tool("what_if", WhatIf, what_if,
              "DSCR, interest cover, leverage, cash and limits met or not, as they are and if revenue fell, rates rose, customers paid later, debt was "
              "repaid (如果…会怎样)."),
        _tool("reach", Reach, reach,
              "What brings a ratio to a value or to its covenant (还多少债才达标), or how far earnings may fall before it breaks (还能跌多少)."),
        _tool("uses", UsesOf, uses, "Where the money of each running loan of a borrower went; `usage` for one loan."),
        _tool("trail_records", TrailRecords, trail_records, "Who did what, when, on what: records of the audit trail (谁、何时、做了什么)."),
        _tool("trail_integrity", Monitoring, trail_integrity, "Whether the audit trail is intact (审计链是否完整). For auditors."),
        _tool("pending", Pending, pending, "Proposals that wait for a second person's decision."),
        _tool("propose", Propose, propose,
              "Put a change to a second person (classification, covenant, closing an alert, sending a letter). Changes nothing itself. "
              "Only when the asker plainly asks for the change."),
        _tool("arrears_classes", ArrearsClasses, arrears_classes,
              "Which category and stage so many days past due lead to by rule (逾期91天应分哪一类), without any borrower."),
        _tool("explain_rule", ExplainRule, explain_rule, "What a ratio, line item, covenant type or rule means, with formula and source."),
    )  # fmt: skip
    return {tool.name: tool for tool in tools}
