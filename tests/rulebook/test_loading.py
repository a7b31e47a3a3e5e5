"""The rulebook loads whole or not at all, and says where it is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tools.errors import RulebookError
from tools.rulebook.entries import in_force, read_entries, read_yaml
from tools.rulebook.loader import HOME, load_rulebook

HEAD = """
defaults: {version: 1, kind: ratio, jurisdiction: CN, source: {title: Bank policy 12}, effective_from: 2026-01-01,
           effective_to: null, recorded_from: 2026-01-01, scope: {borrower: any}}
entries:
"""


def entry(
    id: str = "stock_share", formula: str = "inventories / total_assets", test: str = "{in: {inventories: 5, total_assets: 20}, value: '0.25'}",
    more: str = "", guards: str = "[]",
) -> str:  # fmt: skip
    return f"""
- id: {id}
  name: {{en: {id} en, zh: {id} 中文}}
  synonyms: {{en: [], zh: []}}
  unit: ratio
  better: lower
  definition: {{formula: "{formula}", guards: {guards}}}
  explain: {{en: words, zh: 文字}}
  tests: [{test}]
{more}
"""


def loaded(tmp_path: Path, *entries: str, head: str = HEAD) -> Path:
    file = tmp_path / "draft.yaml"
    file.write_text(head + "".join(entries), encoding="utf-8")
    return file


def refused(tmp_path: Path, *entries: str, head: str = HEAD) -> str:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(extra=loaded(tmp_path, *entries, head=head))
    return str(caught.value)


def test_the_rulebook_that_ships_loads() -> None:
    rulebook = load_rulebook()
    assert len([r for r in rulebook.ratios.values() if isinstance(r.origin.source.get("row"), int)]) == 56
    assert {
        "altman_z",
        "z_prime",
        "z_double_prime",
        "z_em",
        "beneish_m",
        "piotroski_f",
        "ohlson_o",
        "zmijewski",
        "springate",
    } <= set(rulebook.scores)
    assert {"beneish_dsri", "beneish_aqi", "beneish_lvgi"} <= set(rulebook.scores)
    assert {"total_debt", "ebitda", "tnw", "debt_service"} <= set(rulebook.blocks)
    assert rulebook.ratios["current_ratio"].basis_kind == "point"
    assert rulebook.ratios["dscr"].basis_kind == "flow"


def test_every_definition_speaks_both_languages_and_cites_a_source() -> None:
    rulebook = load_rulebook()
    for held in (*rulebook.ratios.values(), *rulebook.blocks.values(), *rulebook.scores.values()):
        assert held.name["en"] and held.name["zh"] and held.explain["en"] and held.explain["zh"]
        assert held.origin.source["title"] and held.tests
    for ratio in rulebook.ratios.values():
        assert ratio.synonyms["en"] and ratio.synonyms["zh"], ratio.id


def test_a_bank_adds_a_ratio_of_its_own(tmp_path: Path) -> None:
    rulebook = load_rulebook(extra=loaded(tmp_path, entry()))
    assert rulebook.ratios["stock_share"].rule == "stock_share@1"
    assert rulebook.digest != load_rulebook().digest
    assert "stock_share" not in load_rulebook().ratios


def test_a_bank_replaces_a_definition(tmp_path: Path) -> None:
    own = entry(
        "tnw", "total_equity - goodwill", "{in: {total_equity: 10, goodwill: 1}, value: '9'}", "  version: 2\n  kind: block"
    )
    rulebook = load_rulebook(extra=loaded(tmp_path, own))
    assert (rulebook.blocks["tnw"].rule, rulebook.blocks["tnw"].formula) == ("tnw@2", "total_equity - goodwill")
    assert [origin.version for origin in rulebook.versions["tnw"]] == [1, 2]


def test_a_changed_file_is_seen(tmp_path: Path) -> None:
    first = load_rulebook(extra=loaded(tmp_path, entry())).digest
    assert load_rulebook(extra=loaded(tmp_path, entry())).digest == first
    assert load_rulebook(extra=loaded(tmp_path, entry("share_of_stock"))).digest != first


def test_the_version_in_force_on_the_business_date_is_taken(tmp_path: Path) -> None:
    old = entry(more="  effective_to: 2026-06-30")
    new = entry(formula="2 * inventories / total_assets", test="{in: {inventories: 5, total_assets: 20}, value: '0.50'}",
                more="  version: 2\n  effective_from: 2026-07-01\n  recorded_from: 2026-06-15")  # fmt: skip
    file = loaded(tmp_path, old, new)
    assert load_rulebook(date(2026, 6, 30), file).ratios["stock_share"].rule == "stock_share@1"
    assert load_rulebook(date(2026, 7, 1), file).ratios["stock_share"].rule == "stock_share@2"
    assert load_rulebook(None, file).ratios["stock_share"].rule == "stock_share@2"
    assert "stock_share" not in load_rulebook(date(2025, 12, 31), file).ratios
    assert "stock_share" not in load_rulebook(date(2026, 7, 1), file, known_at=date(2025, 1, 1)).ratios
    assert "stock_share" not in load_rulebook(date(2026, 7, 1), file, known_at=date(2026, 6, 1)).ratios


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([entry(test="{in: {inventories: 5, total_assets: 20}, value: '0.30'}")], ["draft.yaml", "stock_share@1", "test 1", "expected 0.30, got 0.25"]),
        ([entry(test="{in: {inventories: 5}, missing: [inventories]}")], ["expected missing inventories, got missing total_assets"]),
        ([entry(test="{in: {inventories: 5, total_assets: 0}, reason: no_debt}")], ["got not meaningful (zero_denominator)"]),
        ([entry(test="{in: {inventories: 5, total_assets: 20}, value: '0.25', flags: [annualised]}")], ["expected flags"]),
        ([entry(test="{in: {inventories: 5, total_assets: 20}}")], ["incomplete"]),
        ([entry(formula="inventorys / total_assets")], ["inventorys", "nothing defines"]),
        ([entry(formula="inventories / ")], ["draft.yaml, stock_share@1", "cannot be read"]),
        ([entry(formula="inventories > total_assets")], ["yes/no"]),
        ([entry(formula="avg(revenue) / total_assets")], ["avg of revenue", "no balance"]),
        ([entry(guards="[{when: 'total_assets', reason: no_debt, flags: x}]")], ["unknown key flags"]),
        ([entry(guards="[{when: 'total_assets < 0', reason: never_heard_of}]")], ["never_heard_of", "not explained"]),
        ([entry(more="  warm: []")], ["unknown key warm"]),
        ([entry(more="  unit: furlongs")], ["key is given twice"]),
        ([entry(more="  warn: [{set: default, when: 'stock_shar > 1'}]")], ["stock_shar", "nothing defines"]),
        ([entry(more="  warn: [{set: bakers, when: 'stock_share > 1'}]")], ["bakers", "not there"]),
        ([entry(), entry()], ["same id and version"]),
        ([entry(), entry(more="  version: 2\n  effective_from: 2026-03-01")], ["in force together"]),
        ([entry(more="  effective_to: 2025-01-01")], ["effective_to is before effective_from"]),
        ([entry(more="  effective_from: soon")], ["effective_from is 'soon'"]),
        ([entry("inventories")], ["has the id of a line item"]),
        ([entry("a", "b / 2", "{in: {b: 4}, value: '2'}"), entry("b", "a * 2", "{in: {a: 4}, value: '8'}")], ["needs itself: a → b → a"]),
        ([entry(more="  recorded_from: [1]")], ["recorded_from is [1]"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(tmp_path: Path, entries: list[str], words: list[str]) -> None:
    message = refused(tmp_path, *entries)
    assert all(word in message for word in words), message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entries: [", "line"),
        ("- just a list", "no mapping"),
        ("entries: {a: 1}", "not a list"),
        ("entires: []", "unknown key entires"),
        ("entries: [{id: x}]", "lacks"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError, match=r"own\.yaml") as caught:
        load_rulebook(extra=file)
    assert words in str(caught.value)


def test_a_missing_or_misencoded_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="no such rulebook"):
        load_rulebook(extra=tmp_path / "nowhere.yaml")
    file = tmp_path / "own.yaml"
    file.write_bytes("entries: [] # 中文".encode("gb18030"))
    with pytest.raises(RulebookError, match="UTF-8"):
        load_rulebook(extra=file)


def test_a_source_without_a_title_is_refused(tmp_path: Path) -> None:
    assert "the source has no title" in refused(tmp_path, entry(), head=HEAD.replace("title: Bank policy 12", "page: 3"))


@pytest.mark.parametrize(
    ("industry", "country", "size", "expected"),
    [
        ("C3311", "CN", "medium", "manufacturing"), ("3311", None, None, "manufacturing"), ("F5191", "CN", None, "trade"),
        ("F41", "DE", None, "construction"), ("E4710", "CN", "small", "construction"), ("J66", "CN", "small", "small"),
        ("J66", "CN", "large", "default"), (None, None, None, "default"), ("46.90", "FR", None, "trade"),
    ],
)  # fmt: skip
def test_borrowers_fall_into_sets(industry: str | None, country: str | None, size: str | None, expected: str) -> None:
    assert load_rulebook().set_of(industry, country, size) == expected


def test_numbers_in_yaml_are_exact() -> None:
    data = read_yaml("a: 0.1\nb: 1_000.5\n", "x.yaml")
    assert data == {"a": Decimal("0.1"), "b": Decimal("1000.5")}


def test_every_version_in_every_file_passes_its_tests_on_its_own_dates() -> None:
    """Old versions stay testable: the book is loaded as of the first and last day of each."""
    days: set[date] = set()
    for file in [
        *HOME.glob("ratios/*.yaml"),
        *HOME.glob("blocks/*.yaml"),
        *HOME.glob("scores/*.yaml"),
        HOME / "parameters.yaml",
    ]:
        entries = read_entries(read_yaml(file.read_text(encoding="utf-8"), file.name), file.name)
        assert in_force(entries, None, None)
        for one in entries:
            days |= {one.origin.effective_from, one.origin.effective_to or one.origin.effective_from}
    for day in days:
        assert load_rulebook(day).ratios


@pytest.mark.parametrize(
    ("type", "said", "expected"),
    [
        ("fixed_asset", "设备购置", ["project"]), ("working_capital", "采购钢材", []), ("other", "控制权并购贷款", ["lbo"]),
        ("other", "Project Finance for a plant", ["project"]), (None, "", []),
    ],
)  # fmt: skip
def test_what_is_lent_for_has_warning_levels_of_its_own(type: str | None, said: str, expected: list[str]) -> None:
    assert load_rulebook().uses_of(type, said) == expected
