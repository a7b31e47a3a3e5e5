"""Papers typeset once for all tests here, and the movements they were made from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from eval.sample_bank.chance import Chance
from eval.sample_bank.papers.account_statement import (
    AccountStatement,
    Movement,
    flow_workbook,
    open_flow_paper,
    ruled_flow_paper,
)
from eval.sample_bank.papers.official import Debt, credit_report, invoice_list, vat_return
from eval.sample_bank.papers.press import print_papers
from eval.sample_bank.papers.slips import bank_flow_csv
from eval.sample_bank.papers.vouchers import (
    Item,
    Party,
    commercial_invoice,
    goods_receipt,
    power_bill,
    purchase_contract,
    vat_invoice,
)
from eval.sample_bank.registration import credit_code
from ingestion.extraction import Extraction
from ingestion.reading import extract_file

WAN = Decimal(10000)
HOLDER, HOLDER_EN = "江州明远精密机械有限公司", "Calder Textiles Ltd"
PARTIES = ("东港船舶配套有限公司", "华川农机有限公司", "国家金库江州市中心支库", "江州市自来水有限责任公司营业分公司")
PARTIES_EN = ("Harbour Marine Supplies Ltd", "HM Revenue and Customs", "Northern Energy plc")


def movements(count: int, parties: tuple[str, ...], seed: int = 3) -> list[Movement]:
    """Invented movements, oldest first."""
    chance = Chance(seed, "movements")
    day, out = date(2026, 7, 1), []
    for _ in range(count):
        day += timedelta(days=chance.whole(0, 3))
        amount = Decimal(chance.whole(100, 99_999_999)) / 100
        way = "in" if chance.whole(0, 1) else "out"
        party = parties[chance.whole(0, len(parties) - 1)]
        out.append(
            (day, way, amount, party, f"6222{chance.whole(10**11, 10**12 - 1)}", "货款" if parties is PARTIES else "INV 2291")
        )
    return out


def statement(count: int = 41, english: bool = False) -> AccountStatement:
    """One account's movements of a quarter."""
    moved = movements(count, PARTIES_EN if english else PARTIES)
    return AccountStatement(
        holder=HOLDER_EN if english else HOLDER, number="20-44-51 83920174" if english else "6222080200117762345",
        bank="Pennine Bank plc" if english else "江北银行", branch="Leeds" if english else "江州支行", opening=Decimal("2310640.00"),
        movements=moved, first=date(2026, 7, 1), last=moved[-1][0],
    )  # fmt: skip


@pytest.fixture(scope="session")
def typeset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every paper, on disk."""
    folder = tmp_path_factory.mktemp("papers")
    mine, theirs = statement(), statement(english=True)
    buyer = Party(HOLDER, credit_code(Chance(1).stream("buyer")))
    seller = Party("江州宏达钢材有限公司", credit_code(Chance(1).stream("seller")), "6222080200456789012")
    items = [
        Item("*黑色金属冶炼压延品*热轧钢板", "Q235B 12mm", "吨", Decimal(1500), Decimal("3982.30")),
        Item("*黑色金属冶炼压延品*圆钢", "45# φ80", "吨", Decimal(1180), Decimal("3937.46")),
    ]
    debts = [
        Debt("江海银行江州分行", "流动资金贷款", 2000 * WAN, 1850 * WAN, "正常"), Debt("江北银行", "流动资金贷款", 1500 * WAN, 1310 * WAN, "正常"),
        Debt("东部商业银行", "银行承兑汇票", 1000 * WAN, 900 * WAN, "关注", 25 * WAN, 12),
    ]  # fmt: skip
    bank_flow_csv(folder / "flow.csv", mine.holder, mine.number, mine.bank, mine.opening, mine.movements)
    flow_workbook(mine, folder / "flow.xlsx")
    invoices = [
        (
            f"26322000000{n:09d}",
            date(2026, 9, n + 1),
            PARTIES[0],
            Decimal(120_000 + n),
            Decimal(15_600),
            "作废" if n == 3 else "正常",
        )
        for n in range(8)
    ]
    invoice_list(folder / "list.xlsx", buyer.name, buyer.registration, invoices, date(2026, 10, 8))
    print_papers({
        folder / "flow.pdf": ruled_flow_paper(mine), folder / "flow_en.pdf": open_flow_paper(theirs),
        folder / "invoice.pdf": vat_invoice("26322000000118273645", date(2026, 3, 3), buyer, seller, items, remark="合同编号：HD-2026-0218"),
        folder / "red.pdf": vat_invoice("26322000000118279999", date(2026, 5, 20), buyer, seller, items[:1], remark="被红冲蓝字数电票号码：26322000000118273645", red=True),
        folder / "invoice_en.pdf": commercial_invoice("INV-20418", date(2026, 4, 8), date(2026, 5, 8), Party("Harbour Wool Supplies Ltd"), Party(HOLDER_EN),
                                                      [("Merino tops 64s", Decimal(12000), Decimal("9.85")), ("Dyeing charge", Decimal(1), Decimal("2400.00"))]),
        folder / "purchase.pdf": purchase_contract("HD-2026-0218", date(2026, 2, 18), seller, buyer, items, "2026年3月底前送至需方厂区"),
        folder / "receipt.pdf": goods_receipt("RK20260328-07", date(2026, 3, 28), seller, buyer, items),
        folder / "power.pdf": power_bill("3208005512", HOLDER, "国网江州供电公司", date(2026, 9, 1), date(2026, 9, 30), Decimal(312000), Decimal("0.6712"), date(2026, 10, 5)),
        folder / "credit.pdf": credit_report("2026093012345678901234", date(2026, 9, 30), HOLDER, buyer.registration, debts, 4200 * WAN, 3),
        folder / "vat.pdf": vat_return(HOLDER, buyer.registration, date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 14), Decimal(18_950_000), Decimal(15_200_000), Decimal(181_200_000)),
    })  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def read(typeset: Path) -> Callable[[str], Extraction]:
    """Reads one of them, once."""
    known: dict[str, Extraction] = {}

    def reader(name: str) -> Extraction:
        if name not in known:
            known[name] = extract_file(typeset / name)
        return known[name]

    return reader
