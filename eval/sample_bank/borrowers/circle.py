"""C006, C007, C008: three firms that guarantee each other in a ring, so that what happens to one is everybody's.

C006 guarantees C007, C007 guarantees C008, C008 guarantees C006. Each has a module of its own; the ring is drawn here once all three stand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.sample_bank.draft import Draft
from eval.sample_bank.stories import Question, Story

WAN = Decimal(10000)
RING = (
    ("C006", "东陵铜材有限公司", "C007", "西岭电缆有限公司", "L018;L020", 2700, date(2026, 4, 15), date(2027, 10, 15)),
    ("C007", "西岭电缆有限公司", "C008", "北渠管业有限公司", "L021;L022", 2200, date(2025, 12, 5), date(2027, 6, 5)),
    ("C008", "北渠管业有限公司", "C006", "东陵铜材有限公司", "L015;L016;L017", 4000, date(2023, 9, 20), date(2026, 12, 20)),
)
"""Guarantor, its name, debtor, its name, loans, amount in 万元, from, to."""


def add(draft: Draft) -> None:
    """Draws the ring and tells its story."""
    for guarantor, name, debtor, debtor_name, loans, amount, start, end in RING:
        draft.book.add(
            "guarantors",
            loan_ids=loans,
            name=name,
            customer_id=guarantor,
            amount=amount * WAN,
            currency_code="CNY",
            start_date=start,
            end_date=end,
        )
        draft.book.add(
            "relations", customer_id=guarantor, related_name=debtor_name, related_customer_id=debtor, relation="guarantee_given", amount=amount * WAN,
            start_date=start, end_date=end,
        )  # fmt: skip
        draft.book.add(
            "relations", customer_id=debtor, related_name=name, related_customer_id=guarantor, relation="guarantee_received", amount=amount * WAN,
            start_date=start, end_date=end,
        )  # fmt: skip
    held = {loan: draft.loans[loan].balance for ring in RING for loan in ring[4].split(";")}
    total = sum(held.values(), Decimal(0))
    draft.stories.append(Story(
        borrower="C006", slug="guarantee-circle", title_zh="三家互保担保圈", title_en="A guarantee circle of three",
        what_zh=f"东陵铜材→西岭电缆→北渠管业→东陵铜材首尾相保，圈内在我行贷款合计{total / 10000:,.2f}万元；东陵铜材已不良，另两家随之承压。",
        what_en=f"Dongling guarantees Xiling, Xiling guarantees Beiqu, Beiqu guarantees Dongling; the ring owes us CNY {total / 1000000:,.2f} million and Dongling is "
        "already non-performing.",
        signals={"GUA-03 C006": "hit R", "GUA-03 C007": "hit R", "GUA-03 C008": "hit R", "GUA-01 C007": "hit O"},
        loans={loan: {"balance": str(balance)} for loan, balance in held.items()},
        questions=(
            Question(kind="guarantees", zh="东陵铜材有没有互保？圈里都有谁？", en="Is Dongling in a guarantee circle, and with whom?",
                     answer_zh="有：东陵铜材担保西岭电缆，西岭电缆担保北渠管业，北渠管业担保东陵铜材。",
                     answer_en="Yes: Dongling guarantees Xiling Cable, Xiling guarantees Beiqu Pipe, Beiqu guarantees Dongling.",
                     must=("西岭|Xiling", "北渠|Beiqu")),
            Question(kind="guarantees", zh="东陵铜材所在担保圈的风险敞口多大？", en="How large is our exposure to Dongling's guarantee circle?",
                     answer_zh=f"{total / 10000:,.2f}万元。", answer_en=f"CNY {total / 1000000:,.2f} million.",
                     must=(f"{total / 10000:,.2f}|{total / 1000000:,.2f}|{total:,.2f}",)),
        ),
    ))  # fmt: skip
