"""What a brief says of the use of proceeds passes the gate in both languages, and a wrong share there does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from assistant.briefs.checking import proven
from assistant.briefs.material import gather
from assistant.briefs.model import Line
from assistant.briefs.pen import Pen
from assistant.briefs.sections.usage import usage_section
from assistant.briefs.writing import write_brief
from tests.assistant.bank import CLOCKS, SmallBank
from tools.domain.callers import LOCAL
from tools.toolbox.artifacts import Artifact, BorrowerRef, Value

SHARES = {"evidenced_share": "0.0176", "misuse_share": "0.4333", "backflow_share": "0.7321"}
AMOUNTS = {"drawn": "31500000", "misuse": "13650000", "backflow": "8700000", "unfollowed": "16931664.60"}


def _values() -> tuple[Value, ...]:
    day = CLOCKS.as_of
    money = [
        Value(f"{name}:L001:all", name, "C001", "currency", Decimal(amount), "CNY", day, None, "L001", inputs=("loans:L001",))
        for name, amount in AMOUNTS.items()
    ]
    parts = [
        Value(f"{name}:L001:all", name, "C001", "ratio", Decimal(share), None, day, None, "L001", inputs=("loans:L001",))
        for name, share in SHARES.items()
    ]
    return (*money, *parts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_use_of_proceeds_is_told_whole_and_a_wrong_share_is_not(small: SmallBank, language: str) -> None:
    bank = small.bank
    material = gather(bank.desk(LOCAL, CLOCKS), "C001", date(2026, 9, 30), date(2026, 10, 1))
    artifact = Artifact(
        "use_of_proceeds",
        borrowers=(BorrowerRef("C001", small.bank.desk(LOCAL, CLOCKS).borrower("C001").name),),
        values=_values(),
    )
    artifacts = (*material.artifacts, artifact)
    draft = write_brief(material, bank.briefs.glossary, language, "r")
    pen = Pen(language, bank.briefs.glossary, artifacts, CLOCKS.as_of)
    told = SimpleNamespace(usage={"L001": SimpleNamespace(seen=True, method="fifo")}, usage_artifacts={"L001": artifact})
    section = usage_section(told, pen)  # type: ignore[arg-type]
    assert len(section.blocks) == 4
    made = proven(replace(draft, sections=(section,)), artifacts, bank.briefs.gate_names, bank.briefs.gate_value_names)
    assert not made.dropped, made.dropped
    blocks = tuple(
        replace(block, text=block.text.replace("43.33", "73.21").replace("1.76", "43.33"))
        for block in section.blocks
        if isinstance(block, Line)
    )
    wrong = replace(draft, sections=(replace(section, blocks=blocks),))
    caught = proven(wrong, artifacts, bank.briefs.gate_names, bank.briefs.gate_value_names).dropped
    assert len(caught) == 2, caught
