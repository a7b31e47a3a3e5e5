"""What the rulebook's things are called: the index from words to ids, and what `explain` says about one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.domain.definitions import Definition, LineItem, Parameter, Rulebook
from tools.domain.money import plain
from tools.domain.tree import names
from tools.errors import BadRequest, RulebookError

DROPPED = dict.fromkeys(map(ord, " \t\n-_()"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying `id`, as people write it."""

    text: str
    language: str
    id: str


def normalised(text: str) -> str:
    """Words as the index holds them: one width, lower case, without spaces, hyphens and brackets."""
    plain_width = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain_width.casefold().translate(DROPPED)


def phrases(definitions: Iterable[Definition], items: Mapping[str, LineItem]) -> list[Phrase]:
    """Every name, synonym, label and id: metrics first, then what people call line items, then what statements print."""
    every: list[Definition | LineItem] = [*definitions, *items.values()]
    made: list[Phrase] = []
    for held in every:
        made += [Phrase(held.id, "en", held.id), Phrase(held.id.replace("_", " "), "en", held.id)]
    for language in ("en", "zh"):
        for held in every:
            made += [Phrase(text, language, held.id) for text in (held.name[language], *held.synonyms.get(language, ()))]
    for language in ("en", "zh"):
        for item in items.values():
            made += [Phrase(text, language, item.id) for text in item.labels[language]]
    return made


def index(made: Iterable[Phrase], metrics: Mapping[str, Any]) -> dict[str, str]:
    """Phrase → id, each phrase both as written in lower case and `normalised`. The earlier wins: metrics over line items,
    spoken names over printed labels. Two metrics claiming one phrase is a RulebookError."""
    found: dict[str, str] = {}
    for phrase in made:
        for word in (normalised(phrase.text), phrase.text.casefold()):
            held = found.setdefault(word, phrase.id)
            if held != phrase.id and held in metrics and phrase.id in metrics:
                raise RulebookError(
                    f"{phrase.text!r} names both {held} and {phrase.id}", where="rulebook synonyms", fix="Keep one"
                )
    return found


def lookup(rulebook: Rulebook, text: str) -> str | None:
    """The id of the metric or line item called `text` (an id, a name or a synonym in either language), or None."""
    if rulebook.definition(text) is not None or text in rulebook.items:
        return text
    return rulebook.metric_index.get(normalised(text))


def describe(rulebook: Rulebook, name: str) -> dict[str, Any]:
    """All there is to say about a metric, building block, score, line item, parameter, reason or method: for `explain`.

    Raises BadRequest when nothing is called so.
    """
    id = name if rulebook.knows(name) else lookup(rulebook, name) or name
    definition = rulebook.definition(id)
    if definition is not None:
        return _defined(rulebook, definition)
    if id in rulebook.items:
        return _item(rulebook, rulebook.items[id])
    if id in rulebook.parameters:
        return _parameter(rulebook.parameters[id])
    if id in rulebook.reasons:
        reason = rulebook.reasons[id]
        return {"id": id, "kind": "reason", "name": dict(reason.name), "reads_as": reason.reads_as}
    if id in rulebook.flags:
        return {"id": id, "kind": "flag", "name": dict(rulebook.flags[id].name), "level": rulebook.flags[id].level}
    if id in rulebook.methods:
        return {"id": id, "kind": "method", "name": dict(rulebook.methods[id])}
    from tools.rulebook.signal_words import describe_signal

    signal = describe_signal(name, rulebook)
    if signal is not None:
        return signal
    from tools.rulebook.rule_words import describe_rule

    rule = describe_rule(name, rulebook)
    if rule is not None:
        return rule
    from tools.rulebook.use_words import describe_use

    use = describe_use(name)
    if use is not None:
        return use
    from tools.rulebook.terms import describe_term

    term = describe_term(name, rulebook)
    if term is not None:
        return term
    raise BadRequest(f"nothing in the rulebook is called {name!r}", fix="Try an id, a name or a synonym, in English or Chinese")


def _defined(rulebook: Rulebook, definition: Definition) -> dict[str, Any]:
    text = definition.formula
    uses = list(dict.fromkeys(part for _, node in definition.formulas.values() for part in names(node)))
    return {
        "id": definition.id, "kind": definition.kind, "rule": definition.rule, "name": dict(definition.name),
        "explain": dict(definition.explain), "unit": definition.unit, "better": definition.better, "basis": definition.basis_kind,
        "formula": text, "formula_in_words": {language: in_words(rulebook, text, language) for language in ("en", "zh")},
        "by_standard": {standard: formula for standard, (formula, _) in definition.formulas.items() if standard},
        "not_meaningful_when": [
            {"when": guard.text, "reason": guard.reason, "name": dict(rulebook.reasons[guard.reason].name),
             "reads_as": rulebook.reasons[guard.reason].reads_as}
            for guard in definition.guards
        ],
        "warn_when": [{"set": level.set, "when": level.text} for level in definition.warnings],
        "bands": [{"id": band.id, "name": dict(band.name), "when": band.text} for band in definition.bands],
        "synonyms": {language: list(said) for language, said in definition.synonyms.items()},
        "uses": uses, "used_by": _users(rulebook, definition.id), **_origin(definition),
    }  # fmt: skip


def _item(rulebook: Rulebook, item: LineItem) -> dict[str, Any]:
    derivation = rulebook.derivations.get(item.id)
    return {
        "id": item.id, "kind": "line_item", "statement": item.statement, "name": dict(item.name), "line": item.kind,
        "into": item.into, "sign": item.sign, "signed": item.signed, "stock": item.stock,
        "labels": {language: list(said) for language, said in item.labels.items()},
        "synonyms": {language: list(said) for language, said in item.synonyms.items()},
        "derived_from": [text for text, _ in derivation.alternatives] if derivation else [],
        "used_by": _users(rulebook, item.id),
    }  # fmt: skip


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "id": parameter.id, "kind": "parameter", "rule": parameter.rule, "name": dict(parameter.name), "unit": parameter.unit,
        "value": plain(parameter.value) if isinstance(parameter.value, Decimal) else None,
        "by_currency": {currency: plain(value) for currency, value in parameter.by_currency.items()}, **_origin(parameter),
    }  # fmt: skip


def _origin(held: Definition | Parameter) -> dict[str, Any]:
    origin = held.origin
    return {
        "version": origin.version, "jurisdiction": origin.jurisdiction, "source": dict(origin.source),
        "effective_from": origin.effective_from.isoformat(),
        "effective_to": origin.effective_to.isoformat() if origin.effective_to else None,
        "recorded_from": origin.recorded_from.isoformat(), "scope": dict(origin.scope), "file": origin.file,
    }  # fmt: skip


def _users(rulebook: Rulebook, id: str) -> list[str]:
    every = (*rulebook.ratios.values(), *rulebook.blocks.values(), *rulebook.scores.values())
    return [held.id for held in every if any(id in names(node) for _, node in held.formulas.values())]


def in_words(rulebook: Rulebook, formula: str, language: str) -> str:
    """A formula with names in place of ids: "(Total current assets - Inventories) / …"."""
    words: list[str] = []
    token = ""
    for letter in [*formula, ""]:
        if letter and (letter.isalnum() or letter == "_"):
            token += letter
            continue
        words.append(_word(rulebook, token, language) + letter)
        token = ""
    return "".join(words)


COMPARED = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
JOINED = {"zh": {"and": "且", "or": "或", "not": "非"}, "en": {"and": "and", "or": "or", "not": "not"}}


def condition_in_words(
    rulebook: Rulebook, text: str, language: str, measures: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """A condition as people read it: "偿债备付率 < 1.2", "Revenue growth ≤ -15%" where the measure is a share. `measures`: names of what is
    no ratio."""
    shares = False
    said: list[str] = []
    for token in re.findall(r"[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[<>=!]=|\S", text):
        held = rulebook.definition(token)
        if held is not None:
            shares = held.unit in ("ratio", "percent_points")
        if token in COMPARED:
            said.append(COMPARED[token])
        elif token in JOINED[language]:
            said.append(JOINED[language][token])
        elif re.fullmatch(r"-?\d+(?:\.\d+)?", token):
            said.append(f"{(Decimal(token) * 100).normalize():f}%" if shares else token)
        else:
            named = (measures or {}).get(token)
            said.append(named[language] if named else _word(rulebook, token, language))
    return re.sub(r" (?=[,)])|(?<=\() ", "", " ".join(said))


def _word(rulebook: Rulebook, token: str, language: str) -> str:
    held = rulebook.definition(token) or rulebook.items.get(token) or rulebook.parameters.get(token)
    return held.name[language] if held is not None else token
