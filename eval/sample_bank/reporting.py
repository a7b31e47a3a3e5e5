"""Reports a firm files over the year: annual ones with notes, half years and quarters with the comparatives the form asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.papers.chinese_ruled import supplement_note
from eval.sample_bank.papers.report import Company, Note, Period, Report

HENGXIN = "江州衡信会计师事务所（普通合伙）"
ZHENGDE = "北川正德会计师事务所有限公司"

_NUMBERED = {
    "cash_and_equivalents": "五、1", "accounts_receivable": "五、3", "other_receivables": "五、5", "inventories": "五、6",
    "ppe_net": "五、11", "short_term_borrowings": "五、17", "current_portion_noncurrent_liabilities": "五、19",
    "long_term_borrowings": "五、20", "revenue": "五、28", "finance_costs_net": "五、33", "dividends_interest_paid": "五、40",
}  # fmt: skip


def annual(
    draft: Draft, company: Company, ledgers: Mapping[str, Ledger], year: int, layout: str, denomination: str, received: date, *,
    auditor: str = HENGXIN, opinion: str = "", restated: frozenset[str] = frozenset(), notes: tuple[Note, ...] = (), due: date | None = None,
    name: str = "", title: str = "",
) -> str:  # fmt: skip
    """Files a year's statements; returns the path."""
    end, before = date(year, 12, 31), date(year - 1, 12, 31)
    english = layout in ("american", "international")
    audited = auditor if layout != "two_column" and layout != "workbook" else ""
    report = Report(
        company=company, title=title or f"{company.name}{year}年度审计报告", ledgers=ledgers, balances=(end, before),
        flows=((end, 12), (before, 12)), denomination=denomination, made_on=received - timedelta(days=6), auditor=audited, opinion=opinion,
        restated=restated, numbered=_NUMBERED if layout == "ruled" else {},
    )  # fmt: skip
    if not english and layout == "ruled":
        report.notes = [*chinese_notes(report), *notes]
    elif english:
        report.notes = list(notes)
    kind = "审计报告" if audited else "财务报表"
    ending = "xlsx" if layout == "workbook" else "pdf"
    return draft.statements(
        report, name or f"{company.name}{year}年度{kind}.{ending}", layout, received, due or date(year + 1, 4, 30)
    )


def interim(
    draft: Draft, company: Company, ledgers: Mapping[str, Ledger], end: date, layout: str, denomination: str, received: date, *,
    due: date | None = None, quarter_columns: bool = False, notes: tuple[Note, ...] = (), name: str = "", title: str = "",
) -> str:  # fmt: skip
    """Files a half year or nine months, unaudited; with `quarter_columns` the quarter alone stands before the year to date."""
    last_year = end.replace(year=end.year - 1)
    flows: tuple[Period, ...] = ((end, end.month), (last_year, end.month))
    if quarter_columns:
        flows = ((end, 3), (last_year, 3), *flows)
    words = {3: "第一季度", 6: "半年度", 9: "第三季度"}[end.month]
    english = layout in ("american", "international")
    report = Report(
        company=company, title=title or f"{company.name}{end.year}年{words}财务报表", ledgers=ledgers,
        balances=(end, date(end.year - 1, 12, 31)), flows=flows, denomination=denomination, made_on=received - timedelta(days=4),
    )  # fmt: skip
    if not english and layout == "ruled" and not quarter_columns:
        report.notes = [*chinese_notes(report), *notes]
    elif english:
        report.notes = list(notes)
    ending = "xlsx" if layout == "workbook" else "pdf"
    return draft.statements(report, name or f"{company.name}{end.year}年{words}财务报表.{ending}", layout, received, due)


def chinese_notes(report: Report) -> list[Note]:
    """The notes that explain what the face of the statements does not: restricted cash, debt due within a year, interest and dividends."""
    scope = next(iter(report.ledgers))
    points: tuple[Period, ...] = tuple((end, 0) for end in report.balances)
    flows = report.flows[:2]
    heads = ("期末余额", "年初余额")

    def of(periods: tuple[Period, ...], item: str) -> tuple[int, ...]:
        return tuple(report.amounts(scope, period).get(item, 0) for period in periods)

    cash, held = of(points, "cash_and_equivalents"), of(points, "restricted_cash")
    whole, long = of(points, "current_portion_noncurrent_liabilities"), of(points, "current_portion_lt_debt")
    return [
        Note(
            title="五、1 货币资金",
            rows=(
                ("银行存款", "", tuple(c - h for c, h in zip(cash, held, strict=True))), ("其他货币资金", "", held), ("合  计", "", cash),
                ("其中：使用受到限制的货币资金（票据保证金）", "restricted_cash", held),
            ),
            columns=heads, periods=points,
        ),
        Note(
            title="五、19 一年内到期的非流动负债",
            rows=(
                ("一年内到期的长期借款", "current_portion_lt_debt", long),
                ("一年内到期的租赁负债", "", tuple(w - x for w, x in zip(whole, long, strict=True))), ("合  计", "", whole),
            ),
            columns=heads, periods=points,
        ),
        Note(
            title="五、40 分配股利、利润或偿付利息支付的现金",
            rows=(
                ("分配股利", "dividends_paid", of(flows, "dividends_paid")), ("偿付利息", "interest_paid", of(flows, "interest_paid")),
                ("合  计", "", of(flows, "dividends_interest_paid")),
            ),
            columns=("本期金额", "上期金额"), periods=flows,
        ),
        supplement_note(report, "五、42 现金流量表补充资料"),
    ]  # fmt: skip
