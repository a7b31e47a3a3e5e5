"""A loan with a few account lines and papers, put together by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.domain.account_steps import Account, Line, party_place, walk
from tools.domain.drawings import claims_of
from tools.domain.usage import find_usage
from tools.domain.use_case import Case, Party, Usage, UseRules
from tools.domain.use_papers import Paper
from tools.rulebook.use_rules import load_use

DAY = date(2026, 3, 2)
AS_OF = date(2026, 10, 31)
RULES: UseRules = load_use(AS_OF)
OWN = Account("A1", "6001", "C1", "江州恒远机械有限公司", "江海银行", "CNY")
SECOND = Account("A2", "6002", "C1", "江州恒远机械有限公司", "江海银行", "CNY")
UNIT = 100
"""Cents of one currency unit."""


class Book:
    """Lines of the borrower's accounts with running balances, in the order they are written."""

    def __init__(
        self,
        drawn: int,
        *,
        opening: int = 0,
        control: str = "self",
        loan_type: str = "working_capital",
        purpose: str = "采购钢材",
    ) -> None:
        self.drawn, self.control, self.loan_type, self.purpose = drawn, control, loan_type, purpose
        self.lines: list[Line] = []
        self.balances = {"A1": opening, "A2": 0}
        self.accounts: dict[str, Account] = {"A1": OWN, "A2": SECOND}
        self.parties: dict[str, Party] = {}
        self.before: dict[str, int] = {}
        self.papers: list[Paper] | None = []
        self.line("D", 0, "江海银行", drawn, incoming=True, loan="L1", memo="贷款发放")

    def line(
        self, id: str, days: int, party: str, amount: int, *, incoming: bool = False, memo: str = "货款", account: str = "A1", number: str = "",
        entrusted: bool = False, loan: str | None = None, channel: str = "网银", bank: str = "",
    ) -> None:  # fmt: skip
        """One line, `days` after the drawing, in whole units of currency."""
        self.balances[account] = self.balances.get(account, 0) + (amount if incoming else -amount)
        self.lines.append(
            Line(id, account, DAY + timedelta(days=days), incoming, amount * UNIT, party, number, bank, memo, channel, "", len(self.lines),
                 self.balances[account] * UNIT, loan, entrusted)
        )  # fmt: skip

    def know(self, name: str, **facts: Any) -> None:
        """What registers say of a party."""
        self.parties[party_place(name, "")] = Party(name, **facts)

    def paper(self, id: str, kind: str, party: str, amount: int | None, days: int = 0, **more: Any) -> None:
        """One piece of evidence."""
        assert self.papers is not None
        given = {"loan": "L1", "transaction": None, "document": f"{id}.pdf", "flushed": None, **more}
        self.papers.append(
            Paper(id, given["loan"], given["transaction"], kind, given["document"], party, None if amount is None else amount * UNIT,
                  DAY + timedelta(days=days), given["flushed"])
        )  # fmt: skip

    def case(self, refinancing: bool = False) -> Case:
        """The case as the reader would hand it over."""
        parties = dict(self.parties)
        for line in self.lines:
            parties.setdefault(party_place(line.party, line.party_account), Party(line.party))
        papers = None if self.papers is None else tuple(self.papers)
        return Case(
            "L1", "C1", (OWN.name,), "CNY", self.loan_type, self.purpose, self.control, refinancing, ((DAY, self.drawn * UNIT),),
            frozenset({"D"}), self.accounts, walk(self.accounts, self.lines), parties, self.before, papers,
            claims_of(self.lines, {"D": "L1"}, papers or ()),
        )  # fmt: skip

    def usage(self, as_of: date = AS_OF, **more: Any) -> Usage:
        """Traced and judged."""
        return find_usage(self.case(**more), RULES, as_of)


def flags(usage: Usage) -> Mapping[str, str]:
    """Flag → severity of those that were raised."""
    return {flag.rule.id: flag.severity for flag in usage.flags if flag.severity}


def verdicts(usage: Usage, ids: Iterable[str]) -> list[str]:
    """The verdicts of some flags."""
    found = {flag.rule.id: flag.verdict for flag in usage.flags}
    return [found[id] for id in ids]


def share(part: int, whole: int) -> Decimal:
    """A plain share."""
    return Decimal(part) / whole
