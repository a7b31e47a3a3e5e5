"""Loads the rules about the use of proceeds: payee categories, red flags, how money is followed and papers are matched.

A category or flag whose own tests fail is refused, as everywhere in the rulebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.domain.grammar import parse
from tools.domain.interpreter import PlainValues
from tools.domain.payees import KNOWN, Category, Match, Paid, PayeeRules
from tools.domain.tree import names
from tools.domain.use_case import Splitting, UseRules
from tools.domain.use_flags import SEVERITIES, FlagRule, Measured, raised
from tools.domain.use_papers import KINDS, PaperSettings
from tools.errors import RulebookError
from tools.rulebook.entries import HERE, Entry, in_force, read_entries, read_file, refuse_unknown
from tools.rulebook.money_rules import single

CATEGORY_KEYS = frozenset({"order", "name", "match", "misuse", "allowed", "evidence", "trade", "tests"})
MATCH_KEYS = frozenset({"is", "names", "memos", "channels", "kinds", "industries", "and", "unless"})
CATEGORY_TEST_KEYS = frozenset(
    {"name", "memo", "channel", "kind", "industry", "is", "category", "purpose", "loan_type", "misuse"}
)
FLAG_KEYS = frozenset({"name", "shows", "when", "explain", "tests"})
TRACING_KEYS = frozenset(
    {"hops", "days", "first_days", "least_share", "least", "default_method", "established", "refund_days", "refund_words", "evidence",
     "splitting", "persons", "trades"}
)  # fmt: skip


@lru_cache(maxsize=32)
def load_use(as_of: date | None = None, folder: Path = HERE / "use_of_proceeds") -> UseRules:
    """Everything in force at `as_of`. Raises RulebookError for wrong data or a rule that fails its tests."""
    entry = single(folder / "tracing.yaml", "tracing", as_of)
    data = entry.data
    refuse_unknown(data, TRACING_KEYS, entry.place)
    papers, splitting = data["evidence"], data["splitting"]
    return UseRules(
        payees=_payees(folder / "payees.yaml", as_of),
        flags=_flags(folder / "flags.yaml"),
        papers=PaperSettings(
            Decimal(str(papers["amount_share"])), Decimal(str(papers["similarity"])),
            {kind: (papers[kind]["before"], papers[kind]["after"]) for kind in KINDS},
            {way: tuple(kinds) for way, kinds in papers["required"].items()},
            papers["late_days"], papers["reflush_days"], Decimal(str(papers["sample_share"])),
        ),
        hops=data["hops"], days=data["days"], first_days=data["first_days"],
        least_share=Decimal(str(data["least_share"])), least=_cents(data["least"]), method=data["default_method"],
        established=data["established"], refund_days=data["refund_days"],
        refund_words=re.compile("|".join(data["refund_words"]), re.IGNORECASE),
        splitting=Splitting(_cents(splitting["threshold"]), splitting["days"], frozenset(splitting["loan_types"]), splitting["currency"]),
        families=data["persons"], trades={id: _patterns(texts, entry.place) for id, texts in data["trades"].items()},
    )  # fmt: skip


def _payees(path: Path, as_of: date | None) -> PayeeRules:
    entries = read_entries(read_file(path), path.name)
    # a law's own first day does not matter for telling what a payee is: before it, the first version holds
    held = in_force(entries, as_of, None) or in_force(entries, min(e.origin.effective_from for e in entries), None)
    rules = PayeeRules(_category(entry) for entry in held)
    if not rules.categories or rules.categories[-1].match.known != {"anyone"}:
        raise RulebookError("the last category does not take everything", where=path.name, fix="Let it match `is: [anyone]`")
    for category in rules.categories:
        for number, test in enumerate(category.tests, 1):
            _prove(rules, category, test, f"{path.name}, {category.id}, test {number}")
    return rules


def _category(entry: Entry) -> Category:
    data = entry.data
    refuse_unknown(data, CATEGORY_KEYS, entry.place)
    misuse = data["misuse"]
    return Category(
        entry.id, data["name"], data["order"], _match(data["match"], entry.place),
        None if misuse == "all" else frozenset() if misuse == "none" else frozenset(misuse),
        _patterns(data.get("allowed"), entry.place), bool(data.get("evidence")), bool(data.get("trade")), entry.origin,
        tuple(data.get("tests") or ()),
    )  # fmt: skip


def _match(data: Mapping[str, Any], where: str) -> Match:
    refuse_unknown(data, MATCH_KEYS, where)
    known = frozenset(data.get("is") or ())
    if known - KNOWN:
        raise RulebookError(
            f"`is` knows no {', '.join(sorted(known - KNOWN))}", where=where, fix=f"Known: {', '.join(sorted(KNOWN))}"
        )
    return Match(
        known, _patterns(data.get("names"), where), _patterns(data.get("memos"), where), _patterns(data.get("channels"), where),
        frozenset(data.get("kinds") or ()), tuple(data.get("industries") or ()),
        _match(data["and"], where) if "and" in data else None, _match(data["unless"], where) if "unless" in data else None,
    )  # fmt: skip


def _patterns(texts: Iterable[str] | None, where: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(text, re.IGNORECASE) for text in texts or ())
    except re.error as problem:
        raise RulebookError(
            f"{problem.pattern!r} is no pattern: {problem}", where=where, fix="Correct the expression"
        ) from problem


def _prove(rules: PayeeRules, category: Category, test: Mapping[str, Any], where: str) -> None:
    refuse_unknown(test, CATEGORY_TEST_KEYS, where)
    paid = Paid(
        test.get("name", ""), test.get("memo", ""), test.get("channel", ""), test.get("kind"), test.get("industry"),
        frozenset(test.get("is") or ()),
    )  # fmt: skip
    got = rules.of(paid)
    if got.id != test["category"]:
        raise RulebookError(
            f"gives {got.id} instead of {test['category']}", where=where, fix="The rule or its test is wrong: not loaded"
        )
    if "misuse" in test:
        said = got.misused(test.get("loan_type", "working_capital"), test.get("purpose", ""))
        if said is not test["misuse"]:
            raise RulebookError(f"misuse is {said}", where=where, fix="The rule or its test is wrong: not loaded")


def _flags(path: Path) -> tuple[FlagRule, ...]:
    found = []
    for entry in read_entries(read_file(path), path.name):
        data = entry.data
        refuse_unknown(data, FLAG_KEYS, entry.place)
        refuse_unknown(data["when"], SEVERITIES, entry.place)
        when = tuple((severity, parse(data["when"][severity])) for severity in SEVERITIES if severity in data["when"])
        asks = tuple(dict.fromkeys(name for _, condition in when for name in names(condition)))
        rule = FlagRule(
            entry.id, data["name"], data["shows"], when, asks, data["explain"], entry.origin, tuple(data.get("tests") or ())
        )
        if not rule.tests:
            raise RulebookError("has no tests", where=entry.place, fix="A rule without passing tests is not loaded")
        for number, test in enumerate(rule.tests, 1):
            _prove_flag(rule, test, f"{entry.place}, test {number}")
        found.append(rule)
    return tuple(found)


def _prove_flag(rule: FlagRule, test: Mapping[str, Any], where: str) -> None:
    refuse_unknown(test, ("in", "severity"), where)
    values = {name: value if isinstance(value, bool) else Decimal(str(value)) for name, value in test["in"].items()}
    result = raised(rule, {name: Measured(value) for name, value in values.items()}, PlainValues(values))
    got = "unknown" if result.verdict == "unknown" else result.severity
    if got != test["severity"]:
        raise RulebookError(
            f"gives {got} instead of {test['severity']}", where=where, fix="The rule or its test is wrong: not loaded"
        )


def _cents(text: Any) -> int:
    return int(Decimal(str(text)).scaleb(2))
