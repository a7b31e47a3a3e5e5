"""Classification rules and acts of the playbook in words: for `explain`, by their id or by the article they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from tools.domain.definitions import Rulebook
from tools.rulebook.acts import load_acts
from tools.rulebook.loan_rules import classification_under

EVER = date(9998, 12, 31)
_ARTICLE = re.compile(r"第\s*(?P<zh>[一二三四五六七八九十]+|\d+)\s*条|\b(?:article|art\.?)\s*(?P<en>\d+)", re.IGNORECASE)
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def describe_rule(name: str, rulebook: Rulebook) -> dict[str, Any] | None:
    """A classification rule, exemption or stage trigger, or an act of the playbook; None when nothing is called so."""
    wanted = name.strip()
    rules = classification_under(rulebook, EVER).rules
    found = next((rule for rule in rules if rule.id.lower() == wanted.lower()), None)
    if found is None and (article := article_in(wanted)):
        of_article = [rule for rule in rules if re.match(rf"CLS-{article}(?:-|$)", rule.id)]
        found = of_article[0] if of_article else None
        if len(of_article) > 1:
            first = _described(of_article[0])
            return first | {"id": f"CLS-{article}", "source": first["source"] | {"article": str(article)}, "explain": {
                language: " ".join(f"{rule.id}: {_plain(rule.explain.get(language) or rule.name.get(language, ''), language)}" for rule in of_article)
                for language in ("en", "zh")
            }}  # fmt: skip
    if found is not None:
        return _described(found)
    act = next((act for act in load_acts().values() if act.id.lower() == wanted.lower()), None)
    return (
        None
        if act is None
        else {"id": act.id, "kind": "act", "rule": act.id, "name": dict(act.name), "explain": dict(act.name)}
    )


def article_in(text: str) -> int | None:
    """The article a text names: 第十一条, Article 11, CLS-11."""
    if whole := re.fullmatch(r"CLS-(\d+)", text.strip(), re.IGNORECASE):
        return int(whole[1])
    match = _ARTICLE.search(text)
    if match is None:
        return None
    raw = match["zh"] or match["en"]
    if raw.isdigit():
        return int(raw)
    tens, ten, ones = raw.partition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones if ten else raw, 0)


def _described(rule: Any) -> dict[str, Any]:
    kind, value = rule.effect
    source = rule.origin.source
    return {
        "id": rule.id, "kind": "rule", "rule": rule.id, "name": dict(rule.name), "effect": {"type": kind, "value": value},
        "explain": {language: _plain(text, language) for language, text in rule.explain.items()}, "formula": rule.text,
        "source": dict(source) if hasattr(source, "items") else {"title": str(source)},
        "effective_from": str(rule.origin.effective_from),
    }  # fmt: skip


def _plain(text: str, language: str) -> str:
    """An explanation with N for the value of a case: "N days past due, more than 30"."""
    spaced = re.sub(r"\{[^}]*\}", "N", text)
    return spaced if language == "zh" else re.sub(r"(?<=N)(?=[A-Za-z])", " ", spaced)


def rules_speaking_of(tokens: Iterable[str], rulebook: Rulebook) -> list[dict[str, Any]]:
    """The classification rules whose name and words hold most of `tokens`; none when no rule holds half of them."""
    wanted = [token.casefold() for token in dict.fromkeys(tokens)]
    hits: dict[str, tuple[int, Any]] = {}
    for rule in classification_under(rulebook, EVER).rules:
        if rule.effect[0] != "exemption":
            said = " ".join((*rule.name.values(), *rule.explain.values())).casefold()
            hits[rule.id] = (sum(token in said for token in wanted), rule)
    most = max((number for number, _ in hits.values()), default=0)
    if not most or most * 2 < len(wanted):
        return []
    return [_described(rule) for number, rule in hits.values() if number == most]
