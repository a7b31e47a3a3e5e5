"""Every tool once: name, what it is for, its arguments, and the function. One registry for the agent, an MCP server and the API.

Arguments are checked here, by the same models whose schema a chat model sees; the desk (who asks, at which clocks) is put in by
the program and is no argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from tools.errors import BadRequest
from tools.toolbox import arguments as given
from tools.toolbox.alerts import alerts, monitoring
from tools.toolbox.appointments import appointments
from tools.toolbox.artifacts import ToolResult
from tools.toolbox.book_rows import book_rows
from tools.toolbox.borrowers import find_borrower, list_borrowers
from tools.toolbox.certificates import certificates
from tools.toolbox.clauses import clauses
from tools.toolbox.contradictions import contradictions_tool
from tools.toolbox.covenants import covenants
from tools.toolbox.cross_checks import cross_check
from tools.toolbox.deliveries import deliveries
from tools.toolbox.desk import Desk
from tools.toolbox.drivers import drivers
from tools.toolbox.dues_ahead import dues_by_month
from tools.toolbox.exposures import exposure
from tools.toolbox.figures import figures
from tools.toolbox.guarantee_rings import guarantee_circles
from tools.toolbox.guarantees import guarantees
from tools.toolbox.history import trail_integrity, trail_records
from tools.toolbox.loans import loans, portfolio_loans
from tools.toolbox.market import market
from tools.toolbox.mentions import mentions
from tools.toolbox.movements import changes
from tools.toolbox.papers import account_lines, paper_records
from tools.toolbox.passages import documents, passages, visit_notes
from tools.toolbox.portfolio_views import portfolio_view
from tools.toolbox.proceeds import usage
from tools.toolbox.proposing import pending, propose
from tools.toolbox.ranking import rank_borrowers
from tools.toolbox.reaching import reach
from tools.toolbox.repayments import repayments
from tools.toolbox.restatements import restatements
from tools.toolbox.rules import arrears_classes, explain_rule
from tools.toolbox.securities import collateral_ages
from tools.toolbox.signals import signals
from tools.toolbox.standing import standing
from tools.toolbox.stresses import stress
from tools.toolbox.uses import uses
from tools.toolbox.what_if import what_if


@dataclass(frozen=True, slots=True)
class Tool:
    """One entry of the registry."""

    name: str
    description: str
    arguments: type[given.Arguments]
    function: Callable[..., ToolResult]

    def call(self, desk: Desk, asked: Mapping[str, Any]) -> ToolResult:
        """Check the arguments and run. BadRequest says which argument is wrong."""
        try:
            checked = self.arguments.model_validate(dict(asked))
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "arguments"
            raise BadRequest(
                f"{where}: {first['msg']}", where=self.name, fix=f"Arguments: {', '.join(self.arguments.model_fields)}"
            ) from problem
        wanted = checked.model_dump()
        if within := wanted.pop("within", None):
            desk = desk.narrowed(within)
        return self.function(desk, **wanted)


def _tool(name: str, arguments: type[given.Arguments], function: Callable[..., ToolResult], description: str) -> Tool:
    return Tool(name, description, arguments, function)


@cache
def registry() -> Mapping[str, Tool]:
    """All tools by name. Reads, and one that proposes: what it proposes waits for a second person."""
    tools = (
        _tool("find_borrower", given.FindBorrower, find_borrower,
              "Find which borrowers a name or a question means. Call it first; use the ids it returns everywhere else."),
        _tool("list_borrowers", given.ListBorrowers, list_borrowers, "List the borrowers the asker may see."),
        _tool("figures", given.Figures, figures,
              "Line items and ratios of one or more borrowers over periods, with changes between them. Never compute: ask here."),
        _tool("changes", given.Changes, changes, "Metrics beside their values a year or a quarter earlier, with the exact change."),
        _tool("drivers", given.Drivers, drivers, "Why a metric changed: the lines or measures that moved it, largest first."),
        _tool("loans", given.Loans, loans, "A borrower's loans (or one loan): balance, rate, arrears, next payment, maturity, classification."),
        _tool("standing", given.Standing, standing,
              "One metric's path over the years with slope, and its percentile among the asker's borrowers of the same industry."),
        _tool("portfolio_view", given.PortfolioView, portfolio_view,
              "The whole book: concentration with HHI, arrears roll rates, migration between buckets and categories, vintages, maturities."),
        _tool("portfolio_loans", given.PortfolioLoans, portfolio_loans,
              "All loans the asker may see: what is overdue, matures, falls due, is classified below normal, or totals."),
        _tool("covenants", given.Covenants, covenants,
              "Covenant tests: status, actual against limit, headroom, next test, projected breach."),
        _tool("alerts", given.Alerts, alerts,
              "Early-warning alerts: why a borrower is red, orange or yellow, who has it, until when, what is suggested."),
        _tool("signals", given.Signals, signals,
              "Every early-warning signal of a borrower: hit, clear or unknown, with value, limit, since when and what is missing."),
        _tool("monitoring", given.Monitoring, monitoring, "The last monitoring run over all borrowers: signals, alerts, proposals waiting."),
        _tool("rank_borrowers", given.RankBorrowers, rank_borrowers, "Borrowers ordered and filtered by a metric or loan measure."),
        _tool("book_rows", given.BookRows, book_rows, "Rows of the loan book: customer, collateral, guarantors, events, relations, bureau, operations."),
        _tool("passages", given.Passages, passages, "Search documents (visit notes, contracts, filings) and quote them with their page."),
        _tool("visit_notes", given.VisitNotes, visit_notes, "The newest visit notes of a borrower, section by section."),
        _tool("market", given.Market, market,
              "Market series of the bank: prices of goods, LPR, exchange rates, indices, newest and a year before (行情、价格、LPR、汇率)."),
        _tool("mentions", given.Mentions, mentions,
              "Where a name that is no borrower's (a person, a ship, a customer of a borrower) stands in the documents, word for word."),
        _tool("documents", given.Documents, documents, "Which documents of a borrower are on file."),
        _tool("guarantees", given.Guarantees, guarantees,
              "Who guarantees whom around a borrower: circle (担保圈) and exposure in it, whom its fall reaches, related parties, group."),
        _tool("guarantee_circles", given.GuaranteeCircles, guarantee_circles,
              "Every guarantee circle (互保圈) among the asker's customers: members, who guarantees whom, our exposure in it."),
        _tool("collateral_ages", given.CollateralAges, collateral_ages,
              "Collateral of one borrower or of all: when valued and how long ago, when the insurance ends (评估日, 保险到期)."),
        _tool("repayments", given.Repayments, repayments,
              "Payments received on a loan or on a borrower's loans, by day, newest first (最近还款)."),
        _tool("exposure", given.ExposureOf, exposure,
              "Exposure after mitigants (敞口、抵押率、拨备): collateral with haircuts, insurance, risk sharing, guarantors, uncovered rest."),
        _tool("stress", given.Stress, stress,
              "Stress test (压力测试): DSCR, ICR and cash under scenarios, break-even, twelve months of cash, working-capital need, room for debt."),
        _tool("appointments", given.Appointments, appointments,
              "Covenant calendar (测试日历): tests, statements and papers due, ends of grace, cure and waiver, new limits."),
        _tool("certificates", given.Certificates, certificates,
              "Compliance certificates (合规证明) recomputed: what the borrower certified against our tests, every difference."),
        _tool("dues_by_month", given.DuesByMonth, dues_by_month,
              "What falls due month by month (未来12个月应还), per loan, borrower and group."),
        _tool("usage", given.UsageOf, usage,
              "Where a loan's money went: traced payments, misuse by destination, back-flow, evidence, red flags (资金流向、挪用、回流)."),
        _tool("account_lines", given.AccountLines, account_lines,
              "Movements of the borrower's accounts as its statements of account show them (流水), with sums in and out."),
        _tool("paper_records", given.PaperRecords, paper_records,
              "Invoices, purchase contracts, deliveries, bills, tax returns and credit reports read from papers (发票、合同、申报表、电费单、征信报告)."),
        _tool("clauses", given.Clauses, clauses,
              "What a borrower's contracts say on a topic (default interest, governing law, cure period, dividends …) or in a numbered clause, and "
              "which opinion its auditors gave (合同条款、审计意见)."),
        _tool("cross_check", given.CrossCheck, cross_check,
              "Revenue in the statements against VAT-invoiced sales of the same months, and the gap (账面收入与开票申报的差额)."),
        _tool("restatements", given.Restatements, restatements,
              "Figures as first reported beside as they stand after a later report corrected them (重述前后)."),
        _tool("deliveries", given.Deliveries, deliveries,
              "When each paper of a borrower was due and when it came, days late or still waited for (何时收到、是否按时、晚了几天)."),
        _tool("contradictions", given.Contradictions, contradictions_tool,
              "What does not agree: visit notes against statements, meters, papers, the book and earlier notes (矛盾、不一致), both sources named."),
        _tool("what_if", given.WhatIf, what_if,
              "DSCR, interest cover, leverage, cash and limits met or not, as they are and if revenue fell, rates rose, customers paid later, debt was "
              "repaid (如果…会怎样)."),
        _tool("reach", given.Reach, reach,
              "What brings a ratio to a value or to its covenant (还多少债才达标), or how far earnings may fall before it breaks (还能跌多少)."),
        _tool("uses", given.UsesOf, uses, "Where the money of each running loan of a borrower went; `usage` for one loan."),
        _tool("trail_records", given.TrailRecords, trail_records, "Who did what, when, on what: records of the audit trail (谁、何时、做了什么)."),
        _tool("trail_integrity", given.Monitoring, trail_integrity, "Whether the audit trail is intact (审计链是否完整). For auditors."),
        _tool("pending", given.Pending, pending, "Proposals that wait for a second person's decision."),
        _tool("propose", given.Propose, propose,
              "Put a change to a second person (classification, covenant, closing an alert, sending a letter). Changes nothing itself. "
              "Only when the asker plainly asks for the change."),
        _tool("arrears_classes", given.ArrearsClasses, arrears_classes,
              "Which category and stage so many days past due lead to by rule (逾期91天应分哪一类), without any borrower."),
        _tool("explain_rule", given.ExplainRule, explain_rule, "What a ratio, line item, covenant type or rule means, with formula and source."),
    )  # fmt: skip
    return {tool.name: tool for tool in tools}
