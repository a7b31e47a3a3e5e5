"""A small bank of artifacts two borrowers wide, and right answers about it in varied wording."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.domain.facts import Fact, Passage, Source
from tools.domain.figures import Figure
from tools.domain.periods import Period
from tools.toolbox.artifacts import Artifact, BorrowerRef, Value

D = Decimal
NAMES = {
    "total_assets": frozenset({"total assets", "资产总计", "总资产", "资产总额"}),
    "total_liabilities": frozenset({"total liabilities", "负债合计", "总负债"}),
    "revenue": frozenset({"revenue", "营业收入", "收入", "sales"}),
    "net_profit": frozenset({"net profit", "净利润", "profit for the year"}),
    "current_ratio": frozenset({"current ratio", "流动比率"}),
    "debt_to_assets": frozenset({"debt to assets", "资产负债率", "负债率", "liabilities/assets"}),
    "debt_to_ebitda": frozenset({"debt/ebitda", "debt to ebitda", "总债务/EBITDA", "leverage", "杠杆"}),
    "dscr": frozenset({"dscr", "偿债备付率"}),
    "net_cash_operating": frozenset({"operating cash flow", "经营现金流", "经营活动现金流"}),
    "dso": frozenset({"dso", "应收账款周转天数"}),
}
VALUE_NAMES = {
    "threshold": frozenset({"limit", "限额", "上限", "下限", "阈值", "threshold"}),
    "headroom": frozenset({"headroom", "余量"}),
    "dpd": frozenset({"dpd", "days past due", "逾期天数", "逾期"}),
    "overdue_total": frozenset({"overdue amount", "逾期金额"}),
    "balance": frozenset({"balance", "余额"}),
}
MINGYUAN = BorrowerRef(
    "C001", "江州明远精密机械有限公司", "Jiangzhou Mingyuan Precision Machinery Co., Ltd.", ("明远精密", "Mingyuan")
)
HENGTAI = BorrowerRef("C002", "临江恒泰贸易有限公司", "Linjiang Hengtai Trading Co., Ltd.", ("恒泰贸易", "Hengtai"))
EVERYONE = {
    "C001": ("江州明远精密机械有限公司", "明远精密", "Mingyuan"),
    "C002": ("临江恒泰贸易有限公司", "恒泰贸易", "Hengtai"),
    "C003": ("海州东方化工有限公司", "东方化工", "Dongfang Chemical"),
}


def fact(borrower: str, item: str, value: str, end: date, months: int) -> Fact:
    return Fact(
        f"f-{borrower}-{item}-{end}",
        item,
        D(value),
        "CNY",
        Period(end, months, date(end.year, 1, 1) if months else None),
        "consolidated",
        "audited",
        "balance_sheet",
        borrower,
        Source(f"{borrower}_{end.year}.pdf", "ab" * 32, 3, (1, 2, 3, 4)),
        item,
        value,
        D(1),
        D("0.99"),
    )


def figure(borrower: str, name: str, value: str, unit: str, end: date, basis: str, *inputs: Fact) -> Figure:
    return Figure(
        f"g-{borrower}-{name}-{end}",
        name,
        "ok",
        D(value),
        unit,
        None,
        end,
        "consolidated",
        basis,
        borrower,
        name,
        f"{name}@1",
        inputs=inputs,
    )  # type: ignore[arg-type]


Y25, Y24, H26 = date(2025, 12, 31), date(2024, 12, 31), date(2026, 6, 30)
FACTS = [
    fact("C001", "total_assets", "300000000", Y25, 0),
    fact("C001", "total_assets", "265000000", Y24, 0),
    fact("C001", "revenue", "264000000", Y25, 12),
    fact("C001", "revenue", "240000000", Y24, 12),
    fact("C001", "net_profit", "11600000", Y25, 12),
    fact("C001", "net_profit", "15000000", Y24, 12),
    fact("C001", "net_cash_operating", "3760000", Y25, 12),
    fact("C002", "revenue", "812345678.90", Y25, 12),
    fact("C002", "net_profit", "-5230000", Y25, 12),
]
FIGURES = [
    figure("C001", "current_ratio", "1.181818181818", "x", Y25, "point"),
    figure("C001", "current_ratio", "1.232", "x", Y24, "point"),
    figure("C001", "debt_to_assets", "0.608", "ratio", Y25, "point"),
    figure("C001", "debt_to_assets", "0.577358490566", "ratio", Y24, "point"),
    figure("C001", "debt_to_ebitda", "4.094488188976", "x", H26, "ltm"),
    figure("C001", "dscr", "1.985507246377", "x", Y25, "fy"),
    figure("C001", "dso", "85.857954545455", "days", Y25, "fy"),
    figure("C002", "current_ratio", "0.953", "x", Y25, "point"),
    figure("C002", "debt_to_assets", "0.7812", "ratio", Y25, "point"),
]
AS_OF = date(2026, 10, 31)
VALUES = [
    Value("v1", "threshold", "C001", "x", D("4.00"), when=H26, about="C4", state="<="),
    Value("v2", "headroom", "C001", "ratio", D("-0.0236"), when=H26, about="C4"),
    Value(
        "v3",
        "covenant_status",
        "C001",
        "state",
        when=H26,
        about="C4",
        state="breach",
        inputs=("g-C001-debt_to_ebitda-2026-06-30",),
    ),
    Value("v4", "threshold", "C001", "ratio", D("0.65"), when=Y25, about="C3", state="<="),
    Value("v5", "headroom", "C001", "ratio", D("0.0646153846"), when=Y25, about="C3"),
    Value(
        "v6",
        "covenant_status",
        "C001",
        "state",
        when=Y25,
        about="C3",
        state="compliant",
        inputs=("g-C001-debt_to_assets-2025-12-31",),
    ),
    Value("v7", "dpd", "C002", "days", D(69), when=AS_OF, about="L009"),
    Value("v8", "overdue_total", "C002", "currency", D("150000"), "CNY", AS_OF, about="L009"),
    Value("v9", "arrears_state", "C002", "state", when=AS_OF, about="L009", state="arrears"),
    Value("v10", "oldest_unpaid_due", "C002", "date", when=date(2026, 8, 23), about="L009"),
    Value("v11", "arrears_state", "C001", "state", when=AS_OF, about="L001", state="no_arrears"),
    Value("v12", "balance", "C001", "currency", D("64000000"), "CNY", AS_OF),
    Value("v13", "change", "C001", "currency", D("24000000"), "CNY", Y25, Y24, about="revenue", direction="rise"),
    Value("v14", "change_share", "C001", "ratio", D("0.1"), None, Y25, Y24, about="revenue", direction="rise"),
    Value("v15", "change", "C001", "currency", D("-3400000"), "CNY", Y25, Y24, about="net_profit", direction="fall"),
    Value("v16", "change_share", "C001", "ratio", D("-0.226666666"), None, Y25, Y24, about="net_profit", direction="fall"),
    Value(
        "v17", "change", "C001", "percent_points", D("0.030641509434"), None, Y25, Y24, about="debt_to_assets", direction="rise"
    ),
]
NOTE = Passage(
    "p1",
    "所见:6条产线开工4条,单班;抽盘钢材账面1,180吨,实盘1,062吨(差10.0%)。对方陈述:两条线在检修。",
    Source("2026-10-20 走访记录.docx", "cd" * 32, None, locator="#p3"),
    "visit_note",
    "C001",
    date="2026-10-20",
)
ARTIFACTS = [
    Artifact("figures", {"period": "2025"}, (MINGYUAN, HENGTAI), tuple(FIGURES), tuple(FACTS), (), tuple(VALUES), (NOTE,)),
]
CITATIONS = {
    1: ["g-C001-debt_to_assets-2025-12-31"],
    2: ["g-C001-debt_to_ebitda-2026-06-30"],
    3: ["p1"],
    4: ["v7"],
    5: ["f-C001-revenue-2025-12-31"],
}
RIGHT = [
    "江州明远精密机械有限公司2025年末资产总计为3.00亿元（300,000,000元）[1]。",
    "明远精密2025年末资产负债率为60.80%[1]，2024年末为57.74%，上升3.06个百分点。",
    "Mingyuan's current ratio was 1.18x at 31 December 2025, down from 1.23x at the end of 2024.",
    "明远精密2025年度营业收入26,400.00万元，比2024年度的24,000.00万元增加2,400.00万元，增长10.0%[5]。",
    "Mingyuan's revenue for FY2025 was CNY 264.0 million, up 10.0% from CNY 240.0 million in FY2024 [5].",
    "明远精密的净利润从2024年的1,500万元降至2025年的1,160万元，下降22.7%。",
    "Net profit of Mingyuan fell 22.7% to CNY 11.6 million in 2025.",
    "截至2026年6月30日，明远精密总债务/EBITDA为4.09倍，高于上限4.00倍，违反C4[2]。",
    "C4 is breached: Debt/EBITDA of Mingyuan was 4.09x at 30 June 2026 against a limit of 4.00x, headroom -2.36% [2].",
    "资产负债率60.80%，低于上限65.00%，余量6.46%，C3满足约定（2025年12月31日，明远精密）。",
    "恒泰贸易的L009截至2026年10月31日逾期69天，逾期金额150,000.00元，最早未还到期日2026年8月23日[4]。",
    "Hengtai is 69 days past due on L009 (overdue amount CNY 150,000.00 as of 2026-10-31) [4].",
    "Hengtai made a net loss of CNY 5.23 million in 2025.",
    "恒泰贸易2025年净利润为-523.00万元，流动比率0.95。",
    "走访记录写道：“6条产线开工4条,单班”，钢材账面1,180吨，实盘1,062吨[3]。",
    "明远精密无逾期，余额6,400.00万元（截至2026-10-31）。",
    "明远精密的DSCR为1.99倍，应收账款周转天数85.86天（2025年度）。",
    "| 指标 | 2025年末 | 2024年末 |\n|---|---|---|\n| 明远精密 资产负债率 | 60.80% | 57.74% |\n| 明远精密 流动比率 | 1.18 | 1.23 |",
    "Mingyuan's liabilities/assets stood at roughly 61% at the end of 2025.",
    "恒泰贸易2025年营业收入约8.12亿元，明远精密同期营业收入2.64亿元。",
    "Operating cash flow of Mingyuan was only CNY 3.76m in 2025.",
]
