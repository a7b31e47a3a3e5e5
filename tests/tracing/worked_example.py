"""The worked example of handbook 6, as account lines and as what it must give."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.domain.account_steps import Account, Line, in_cents
from tools.domain.tracing import Limits, Places

WAN = Decimal(10000)
LIMITS = Limits(smallest=2000 * 10000 * 100 // 100)
ACCOUNTS = {
    "A001": Account("A001", "622001", "C001", "江州明远精密机械有限公司", "江海银行", "CNY"),
    "A009": Account("A009", "622009", "C001", "江州明远精密机械有限公司", "江海银行", "CNY"),
    "B002": Account("B002", "622902", "C901", "江州宏达钢材有限公司", "江海银行", "CNY"),
    "C003": Account("C003", "622903", "C902", "江州晟合贸易有限公司", "江海银行", "CNY"),
}
OPENINGS = {"A001": 150, "A009": 20, "B002": 40, "C003": 5}
NUMBERS = {account.number: account for account in ACCOUNTS.values()}
FLOWS: tuple[tuple[str, str, str, str, str, int, str], ...] = (
    ("0", "03-02", "09:05", "bank", "A001", 2000, "贷款发放"),
    ("1", "03-02", "09:40", "A001", "B002", 1200, "受托支付"),
    ("2", "03-03", "10:12", "客户甲", "A001", 300, "货款"),
    ("3", "03-04", "11:03", "A001", "江州明远置业有限公司", 260, "往来款"),
    ("4", "03-05", "14:20", "A001", "代发工资", 90, "工资"),
    ("5", "03-06", "09:31", "A001", "银证转账资金专户", 200, "银证转账"),
    ("6", "03-09", "10:45", "客户乙", "A001", 110, "货款"),
    ("7", "03-10", "15:02", "A001", "江州顺通物资有限公司", 350, "材料款"),
    ("8", "03-04", "14:55", "B002", "C003", 1000, "货款"),
    ("9", "03-06", "16:10", "C003", "A009", 880, "借款"),
    ("10", "03-12", "10:30", "A009", "江州市自然资源和规划局", 850, "土地款"),
    ("11", "03-16", "10:00", "A001", "结构性存款专户", 100, "购买结构性存款"),
    ("12", "03-20", "09:20", "A001", "江州供电公司", 20, "电费"),
)
"""Row, day, time, from, to, amount in 万元, memo."""
MISUSE = frozenset({"3", "5", "10", "11"})
PLACES = Places(frozenset({"A001", "A009"}))
FIFO = {"1": "1200", "3": "110", "4": "90", "5": "200", "7": "350", "8": "960", "9": "840", "10": "792.2727", "11": "50"}
PRO_RATA = {
    "1": "1200", "3": "166.4000", "4": "57.6000", "5": "128.0000", "7": "193.5802", "8": "967.7419", "9": "847.3760", "10": "800.2996",
    "11": "55.3086", "12": "11.0617",
}  # fmt: skip


def lines() -> list[Line]:
    """Both sides of every flow, as the accounts show them."""
    found: list[Line] = []
    balance = {id: in_cents(amount * WAN) for id, amount in OPENINGS.items()}
    numbers = dict.fromkeys(ACCOUNTS, 0)
    for row, day, time, source, target, amount, memo in sorted(FLOWS, key=lambda flow: (flow[1], flow[2])):
        for id, other, incoming in ((source, target, False), (target, source, True)):
            if id not in ACCOUNTS:
                continue
            cents = in_cents(amount * WAN)
            balance[id] += cents if incoming else -cents
            numbers[id] += 1
            peer = ACCOUNTS.get(other)
            found.append(
                Line(
                    row if not (incoming and source in ACCOUNTS) else f"{row}b", id, date.fromisoformat(f"2026-{day}"), incoming, cents,
                    peer.name if peer else other, peer.number or "" if peer else "", "", memo, "", time, numbers[id], balance[id],
                    "L001" if row == "0" else None, row == "1",
                )
            )  # fmt: skip
    return found


def in_wan(cents: int) -> str:
    """Cents as 万元 to four places, cut to the digits the handbook shows."""
    return format((Decimal(cents) / 100 / WAN).quantize(Decimal("0.0001")), "f")
