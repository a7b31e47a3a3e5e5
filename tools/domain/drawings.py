"""Which account lines are a loan's own: those that credit its drawings, and entrusted payments made out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tools.domain.account_steps import Line
from tools.domain.use_papers import Paper


def credit_lines(
    lines: Sequence[Line], loan: str, drawings: Sequence[tuple[date, int]], account: str | None, own: frozenset[str]
) -> frozenset[str]:
    """The lines that credit a loan's drawings: those that say so, else of the same amount within a day on the named account."""
    incoming = [line for line in lines if line.incoming and line.account in own]
    said = frozenset(line.id for line in incoming if line.loan == loan)
    if said:
        return said
    found: set[str] = set()
    for day, cents in drawings:
        for line in incoming:
            near = abs(line.day - day) <= timedelta(days=1) and line.amount == cents and line.loan is None
            if (
                near
                and line.id not in found
                and (line.account == account or re.search(r"贷款|loan|放款", line.memo.casefold()))
            ):
                found.add(line.id)
                break
    return frozenset(found)


def claims_of(lines: Sequence[Line], draws: Mapping[str, str], papers: Sequence[Paper]) -> dict[str, str]:
    """Entrusted payment → the loan it is made out of: the line says so, or a paper does, or it is the newest drawing before it."""
    by_paper = {paper.transaction: paper.loan for paper in papers if paper.transaction}
    newest: dict[str, str] = {}
    found: dict[str, str] = {}
    for line in sorted(lines, key=lambda one: (one.day, one.time, not one.incoming, one.sequence or 0)):
        if line.id in draws:
            newest[line.account] = draws[line.id]
        elif line.entrusted and not line.incoming:
            loan = line.loan or by_paper.get(line.id) or newest.get(line.account)
            if loan:
                found[line.id] = loan
    return found
