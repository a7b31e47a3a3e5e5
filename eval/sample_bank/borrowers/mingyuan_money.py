"""Where the 20 million of loan L001 went: the worked example of handbook 6, row by row, between ordinary months.

B002 and C003 of the handbook are customers C901 and C902 here, as their accounts must belong to someone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from eval.sample_bank.accounts import Account, Move, loan_moves, post
from eval.sample_bank.draft import Draft
from eval.sample_bank.lending import Booked
from eval.sample_bank.papers.report import Company
from eval.sample_bank.registration import account_number, credit_code

WAN = Decimal(10000)
HONGDA, CHENGHE, SHUNTONG = "江州宏达钢材有限公司", "江州晟合贸易有限公司", "江州顺通物资有限公司"
ESTATE = "江州明远置业有限公司"
BUYER_A, BUYER_B = "海陵重机有限公司", "北川泵业有限公司"
LAND = "江州市自然资源和规划局"
_MONTHS_BEFORE = ((2025, 11), (2025, 12), (2026, 1), (2026, 2))
_MONTHS_AFTER = tuple((2026, month) for month in range(4, 11))


def add_accounts(draft: Draft, company: Company, loans: list[Booked]) -> dict[str, str]:
    """Writes the four accounts; returns the ids of the transactions of the worked example by row."""
    chance = draft.chance("C001", "accounts")
    numbers = {
        name: account_number(chance.stream(name)) for name in ("A001", "A009", "B002", "C003", "estate", "shuntong", "land")
    }
    for number, name, scope in (("C901", HONGDA, "钢材销售"), ("C902", CHENGHE, "金属材料贸易")):
        draft.book.add(
            "customers", id=number, name=name, type="sme", registration_id=credit_code(chance.stream(name)), industry_code="F5164",
            country_code="CN", branch_id="B01", status="active", enterprise_size="small", aliases=scope,
            incorporation_date=date(2015, 5, 6) if number == "C901" else date(2025, 12, 8),
        )  # fmt: skip

    def move(
        row: str, day: str, way: str, amount: int, party: str, memo: str, clock: str, account: str = "", **more: object
    ) -> Move:
        made = Move(
            day=date.fromisoformat(f"2026-{day}"), way=way, amount=amount * WAN, party=party, memo=memo, time=clock, key=row,
            party_account=numbers.get(account, ""), party_bank="江海银行" if account in ("A001", "A009", "B002", "C003") or party.startswith("江海银行") else "他行",
        )  # fmt: skip
        return replace(made, **more) if more else made  # type: ignore[arg-type]

    before = Account(
        id="A001", customer="C001", number=numbers["A001"], opening=Decimal("2137460.25"),
        monthly_sales={month: Decimal(7_200_000) for month in (*_MONTHS_BEFORE, *_MONTHS_AFTER)},
        buyers=(BUYER_A, BUYER_B, "东港船舶配套有限公司", "华川农机有限公司"), suppliers=(HONGDA, SHUNTONG, "江州联创刀具有限公司"),
        wages=Decimal(1_050_000), taxes=Decimal(520_000), power=Decimal(210_000), target=Decimal(1_900_000),
        fixed_ends={(2026, 2): 150 * WAN, (2026, 3): 340 * WAN},
    )  # fmt: skip
    cut = {(2026, month): Decimal(5_300_000) for month in range(7, 11)}
    before.monthly_sales = {**before.monthly_sales, **cut}
    before.moves = [m for m in loan_moves(loans, date(2025, 11, 1)) if m.day != date(2026, 3, 2)]
    own = "江州明远精密机械有限公司（江北银行户）"
    before.moves += [
        Move(day=date(2026, 1, 20), way="in", amount=1030 * WAN, party=own, memo="本公司他行账户调入", party_bank="江北银行"),
        Move(day=date(2026, 6, 18), way="in", amount=400 * WAN, party=own, memo="本公司他行账户调入", party_bank="江北银行"),
        move("0", "03-02", "in", 2000, "江海银行", "贷款发放 L001", "09:05", loan="L001", channel="系统"),
        move("1", "03-02", "out", 1200, HONGDA, "受托支付 钢材采购款", "09:40", "B002", entrusted=True, channel="系统"),
        move("2", "03-03", "in", 300, BUYER_A, "货款", "10:12"),
        move("3", "03-04", "out", 260, ESTATE, "往来款", "11:03", "estate"),
        move("4", "03-05", "out", 90, "代发工资", "代发工资", "14:20"),
        move("5", "03-06", "out", 200, "银证转账资金专户", "银证转账", "09:31"),
        move("6", "03-09", "in", 110, BUYER_B, "货款", "10:45"),
        move("7", "03-10", "out", 350, SHUNTONG, "材料款", "15:02", "shuntong"),
        move("11", "03-16", "out", 100, "江海银行结构性存款专户", "购买结构性存款", "10:00"),
        move("12", "03-20", "out", 20, "江州供电公司", "电费", "09:20"),
    ]
    keys = post(draft.book, before, chance.stream("A001"), draft.book_date)
    other = {
        "A009": Account(id="A009", customer="C001", number=numbers["A009"], opening=20 * WAN),
        "B002": Account(id="B002", customer="C901", number=numbers["B002"], opening=40 * WAN),
        "C003": Account(id="C003", customer="C902", number=numbers["C003"], opening=5 * WAN),
    }
    other["A009"].moves = [
        move("9b", "03-06", "in", 880, CHENGHE, "借款", "16:10", "C003"),
        move("10", "03-12", "out", 850, LAND, "土地款", "10:30", "land"),
    ]
    other["B002"].moves = [
        move("1b", "03-02", "in", 1200, company.name, "受托支付 钢材采购款", "09:40", "A001", channel="系统"),
        move("8", "03-04", "out", 1000, CHENGHE, "货款", "14:55", "C003"),
    ]
    other["C003"].moves = [
        move("8b", "03-04", "in", 1000, HONGDA, "货款", "14:55", "B002"),
        move("9", "03-06", "out", 880, company.name, "借款", "16:10", "A009"),
    ]
    for account in other.values():
        keys.update(post(draft.book, account, chance, draft.book_date))
    _add_parties(draft, numbers)
    return keys


def _add_parties(draft: Draft, numbers: dict[str, str]) -> None:
    for name, account, kind, registered, scope, industry in (
        (HONGDA, "B002", "company", date(2015, 5, 6), "钢材、建材批发零售", "F5164"),
        (CHENGHE, "C003", "company", date(2025, 12, 8), "日用百货、信息咨询", "F5191"),
        (SHUNTONG, "shuntong", "company", date(2012, 9, 18), "金属材料、五金交电批发", "F5164"),
        (ESTATE, "estate", "company", date(2013, 3, 22), "房地产开发经营、物业管理", "K7010"),
        (LAND, "land", "government", None, "土地出让", "S9121"),
        ("银证转账资金专户", "", "financial", None, "证券交易结算资金第三方存管", "J67"),
        ("江海银行结构性存款专户", "", "financial", None, "结构性存款", "J66"),
        (BUYER_A, "", "company", date(2006, 4, 11), "重型机械制造", "C3511"),
        (BUYER_B, "", "company", date(2009, 8, 2), "泵及真空设备制造", "C3441"),
        ("江州供电公司", "", "company", date(2001, 1, 8), "电力供应", "D4420"),
    ):  # fmt: skip
        draft.book.add(
            "counterparties", name=name, account=numbers.get(account) if account else None, kind=kind, registered_on=registered,
            business_scope=scope, industry_code=industry,
        )  # fmt: skip
