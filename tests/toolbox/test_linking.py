"""Who is named in a text, and who is not."""

from __future__ import annotations

import pytest

from tools.domain.names import Borrower, short_name
from tools.toolbox.linking import NameIndex


def borrower(id: str, name: str, name_en: str = "", aliases: tuple[str, ...] = ()) -> Borrower:
    short = tuple(short_name(n) for n in (name, name_en, *aliases) if n)
    return Borrower(id, name, name_en or None, aliases, short)


INDEX = NameIndex(
    [
        borrower("C001", "江州明远精密机械有限公司", "Jiangzhou Mingyuan Precision Machinery Co., Ltd.", ("明远精机",)),
        borrower("C002", "江州恒信贸易有限公司", "Hengxin Trading"), borrower("C003", "Amazon.com, Inc."), borrower("C004", "3M Company"),
        borrower("C005", "MGM Resorts International"), borrower("C006", "Swiss Water Decaffeinated Coffee Inc."),
        borrower("C007", "海宁明远纺织股份有限公司"), borrower("C008", "Yellow Pages Limited"), borrower("C009", "金宇生物技术股份有限公司"),
    ]
)  # fmt: skip


def linked(text: str) -> list[tuple[str, ...]]:
    return [tuple(c.borrower.id for c in m.candidates) for m in INDEX.mentions(text)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("江州明远精密机械有限公司2025年末流动比率", [("C001",)]), ("明远精密的收入", [("C001",)]), ("明远精机怎么样", [("C001",)]), ("C001的负债率", [("C001",)]),
        ("c001 revenue", [("C001",)]), ("明远纺织逾期了吗", [("C007",)]), ("明远怎么样", [("C001", "C007")]), ("恒信逾期了吗", [("C002",)]),
        ("amazon's revenue", [("C003",)]), ("AMAZON.COM INC total assets", [("C003",)]), ("3M 2018 revenue", [("C004",)]), ("MGM debt", [("C005",)]),
        ("Swiss Water net debt", [("C006",)]), ("Yellow Pages Ltd", [("C008",)]), ("金宇", [("C009",)]), ("比较明远精密和恒信贸易", [("C001",), ("C002",)]),
        ("compare Amazon and MGM", [("C003",), ("C005",)]), ("Mingyuan Precision", [("C001",)]),
    ],
)  # fmt: skip
def test_names_ids_and_parts_are_linked(text: str, ids: list[tuple[str, ...]]) -> None:
    assert linked(text) == ids


@pytest.mark.parametrize(
    ("text", "id"),
    [("恒心贸易", "C002"), ("明元精密机械", "C001"), ("jzmy", "C001"), ("myjmjx", "C001"), ("Amazn revenue", "C003"), ("Mingyaun's debt", "C001"),
     ("hengxin", "C002")],
)  # fmt: skip
def test_slips_sounds_and_initials_are_linked(text: str, id: str) -> None:
    assert linked(text) == [(id,)]


@pytest.mark.parametrize(
    "text",
    [
        "星河电子的收入",
        "现金流怎么样",
        "机械行业",
        "贸易有限公司",
        "营业收入是多少",
        "What is the revenue?",
        "the company",
        "pages of the contract",
        "water use",
        "",
    ],
)
def test_trades_and_ordinary_words_name_nobody(text: str) -> None:
    assert linked(text) == []


def test_ten_thousand_names_are_searched_by_dictionary() -> None:
    letters = "宏达顺通晟合瑞安泰永盛金鼎嘉禾东方天成博远启明利丰"
    many = [
        borrower(f"C{n:05d}", f"江州{letters[n % 23]}{letters[n // 23 % 23]}{letters[n // 529 % 23]}实业有限公司")
        for n in range(10_000)
    ]
    index = NameIndex(many)
    assert index.mentions("江州宏达顺实业2025年末的流动比率")[0].candidates[0].how in ("name", "part")
