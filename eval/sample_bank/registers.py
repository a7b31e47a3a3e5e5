"""The registers every borrower has rows in: customers, covenants, meters and tax, the credit bureau; and the bank's own staff and market data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from eval.sample_bank.book import Value
from eval.sample_bank.draft import Draft
from eval.sample_bank.papers.report import Company

LENDER = "江海银行股份有限公司江州分行"
LENDER_EN = "Jianghai Bank Co., Ltd., Jiangzhou Branch"
NORTH = "江海银行股份有限公司北川分行"

STAFF = (
    ("S001", "李晓峰", "officer", "B01", "江州", "li.xiaofeng@jianghaibank.example", "U0LIXIAOF"),
    ("S002", "张岚", "officer", "B01", "江州", "zhang.lan@jianghaibank.example", "U0ZHANGLA"),
    ("S003", "Emma Hartley", "officer", "B02", "北川", "emma.hartley@jianghaibank.example", "U0HARTLEY"),
    ("S004", "王建国", "manager", "B01", "江州", "wang.jianguo@jianghaibank.example", "U0WANGJIA"),
    ("S005", "赵敏仪", "manager", "B02", "北川", "zhao.minyi@jianghaibank.example", "U0ZHAOMIN"),
    ("S006", "孙若谷", "reviewer", None, "江州", "sun.ruogu@jianghaibank.example", "U0SUNRUOG"),
    ("S007", "周正", "approver", "B01", "江州", "zhou.zheng@jianghaibank.example", "U0ZHOUZHE"),
    ("S008", "何清和", "auditor", None, None, "he.qinghe@jianghaibank.example", "U0HEQINGH"),
    ("S009", "系统管理员", "admin", None, None, "admin@jianghaibank.example", "U0ADMIN00"),
)


def add_staff(draft: Draft) -> None:
    """Two branches in two regions: three officers, two managers, and those who see across."""
    for number, name, role, branch, region, email, slack in STAFF:
        draft.book.add(
            "staff", id=number, name=name, role=role, branch_id=branch, region=region, email=email, slack_user_id=slack
        )


def enrol(draft: Draft, company: Company, officer: str, branch: str, **columns: Value) -> None:
    """A customers row."""
    draft.book.add(
        "customers",
        id=company.id,
        name=company.name,
        name_en=company.name_en or None,
        registration_id=company.registration,
        officer_id=officer,
        branch_id=branch,
        **{
            "country_code": "CN", "status": "active", "in_financial_difficulty": False, "rating_date": date(2026, 3, 31),
            "aliases": company.short, **columns,
        },
    )  # fmt: skip


def covenant(draft: Draft, number: str, name: str, *, definition: str, frequency: str, **columns: Value) -> None:
    """A covenants row; confirmed maintenance unless told otherwise."""
    draft.book.add(
        "covenants", id=number, name=name, definition=definition, test_frequency=frequency,
        **{"type": "maintenance", "status": "confirmed", **columns},
    )  # fmt: skip


def month_ends(first: tuple[int, int], last: tuple[int, int]) -> list[date]:
    """Last days of the months from first to last."""
    ends = []
    year, month = first
    while (year, month) <= last:
        year_after, month_after = (year + 1, 1) if month == 12 else (year, month + 1)
        ends.append(date(year_after, month_after, 1) - timedelta(days=1))
        year, month = year_after, month_after
    return ends


def meter(
    draft: Draft, company: Company, measure: str, level: Callable[[date], Decimal], unit: str, source: str, *,
    exact: Mapping[date, Decimal] | None = None, wobble: str = "0.025", last: tuple[int, int] = (2026, 9),
) -> None:  # fmt: skip
    """Twenty-four months of an operating measure around `level`; `exact` months are taken as given."""
    chance = draft.chance(company.id, measure)
    for end in month_ends((2024, 10), last):
        drawn = chance.near(level(end), wobble)
        value = (exact or {}).get(end, drawn).quantize(Decimal(1))
        draft.book.add("operations", customer_id=company.id, date=end, measure=measure, value=value, unit=unit, source=source)


def season(end: date, falling_from: date | None = None, factor: str = "1") -> Decimal:
    """A manufacturer's month against its average; from a date on also times `factor`."""
    shape = {1: "0.92", 2: "0.66", 12: "1.06", 11: "1.05", 7: "1.04", 8: "1.05"}.get(end.month, "1.01")
    return Decimal(shape) * (Decimal(factor) if falling_from and end >= falling_from else 1)


def bureau(draft: Draft, company: Company, day: date, **columns: Value) -> None:
    """A credit-bureau record."""
    draft.book.add("bureau", customer_id=company.id, date=day, **{"currency_code": "CNY", **columns})


def add_market(draft: Draft) -> None:
    """Exchange rates weekly; rates, prices and confidence monthly."""
    chance = draft.chance("market")
    level, day = Decimal("7.1820"), date(2025, 1, 3)
    while day <= draft.book_date:
        level += chance.share("-0.0120", "0.0112", 4)
        draft.book.add(
            "market", series="USDCNY", date=day, value=level, name="美元兑人民币中间价", unit="CNY per USD", country_code="CN"
        )
        day += timedelta(days=7)
    series: tuple[tuple[str, str, str, str, str, str], ...] = (
        ("LPR1Y", "贷款市场报价利率（一年期）", "share", "0.0310", "0", ""),
        ("LPR5Y", "贷款市场报价利率（五年期以上）", "share", "0.0360", "0", ""),
        ("PMI_MFG", "制造业采购经理指数", "index", "50.2", "0.5", "C"),
        ("HRC_STEEL", "热轧卷板价格", "CNY/t", "3460", "0.02", "C31"),
        ("COPPER", "电解铜价格", "CNY/t", "76800", "0.025", "C32"),
        ("COTTON", "棉花价格", "CNY/t", "14950", "0.02", "C17"),
    )
    for code, name, unit, base, move, industry in series:
        level = Decimal(base)
        for end in month_ends((2024, 10), (2026, 10)):
            if unit == "index":
                value = level + chance.share(f"-{move}", move, 1) - (Decimal("0.9") if end >= date(2026, 5, 1) else 0)
            elif move == "0":
                value = level - (Decimal("0.0010") if end >= date(2025, 5, 20) else 0)
            else:
                level = chance.near(level, move).quantize(Decimal(1))
                value = level
            draft.book.add(
                "market",
                series=code,
                date=end,
                value=value,
                name=name,
                unit=unit,
                industry_code=industry or None,
                country_code="CN",
            )
