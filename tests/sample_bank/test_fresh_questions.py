"""How the fresh questions are scored, and that what stands in their files can be scored at all."""

import re
from pathlib import Path

import yaml

from eval.fresh.scoring import meets

FOLDER = Path(__file__).parents[2] / "eval" / "fresh"


def test_a_number_counts_in_any_unit_at_the_precision_it_is_shown_with() -> None:
    assert meets("营业收入为26,400.00万元[1]", "=264000000")
    assert meets("CNY 9.07 million (CNY -9,070,271.84)", "=9070271.84")
    assert meets("净利润1,043.41万元", "=10434095.14")
    assert not meets("约3亿元", "=264000000")
    assert meets("占57.61%", "=57.61%") and not meets("占57.61", "=57.61%")
    assert meets("4.09(4.0945)", "=4.0945x") and not meets("4.06", "=4.0945x")


def test_a_date_counts_in_any_writing() -> None:
    for text in ("2026年11月20日", "11月20日到期", "2026-11-20", "20 November 2026", "Nov 20"):
        assert meets(text, "@2026-11-20")
    assert not meets("2026年11月2日", "@2026-11-20")


def test_alternatives_and_patterns() -> None:
    assert meets("回流880万元", "=57.61%|回流") and meets("b", ["a", "b"]) and not meets("c", ["a", "b"])


def test_every_expectation_can_be_read_and_every_id_is_its_own() -> None:
    seen: list[str] = []
    for name in ("zh", "en", "threads"):
        for entry in yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")):
            seen.append(entry["id"])
            for want in entry.get("turns", [entry]):
                for must in want.get("must", ()):
                    meets("1", must)
                for banned in want.get("not", ()):
                    re.compile(banned)
    assert len(seen) == len(set(seen)) and len(seen) >= 260
