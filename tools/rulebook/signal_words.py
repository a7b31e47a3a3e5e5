"""What `explain` says about an early-warning signal: what it looks for, at which levels, on what data, with source and version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.domain.definitions import Rulebook
from tools.domain.money import plain
from tools.domain.signals import EVERYBODY, Signal
from tools.domain.tree import names
from tools.errors import BadRequest
from tools.rulebook.acts import load_acts
from tools.rulebook.signal_rules import SignalBook, signals_under
from tools.rulebook.vocabulary import condition_in_words


def describe_signal(text: str, rulebook: Rulebook) -> dict[str, Any] | None:
    """The signal with this id, or with this name in either language; None when there is none."""
    book = signals_under(rulebook)
    wanted = text.strip().casefold()
    named = next((s.id for s in book.signals if wanted in (s.name["en"].casefold(), s.name["zh"].casefold())), None)
    try:
        signal = book.signal(named or text.strip())
    except BadRequest:
        return None
    return _described(book, signal, rulebook)


def _described(book: SignalBook, signal: Signal, rulebook: Rulebook) -> dict[str, Any]:
    family, acts = book.families[signal.family], load_acts()
    asked = dict.fromkeys(
        name for node in (signal.value, *(level.condition for level in signal.levels)) for name in names(node)
    )
    measures = [book.measures[name] for name in asked if name in book.measures]
    origin = signal.origin
    levels = [
        {
            "severity": level.severity,
            "when": level.text,
            "threshold": plain(level.threshold) if level.threshold is not None else None,
            "set": level.set,
        }
        for level in signal.levels
    ]
    needs = {language: sorted({measure.needs[language] for measure in measures}) for language in ("en", "zh")}
    named = {measure.id: measure.name for measure in measures}

    def said(level: Mapping[str, Any], language: str) -> str:
        words = condition_in_words(rulebook, str(level["when"]), language, named)
        if level["set"] == EVERYBODY:
            return words
        group = rulebook.sets[level["set"]].name[language]
        return f"{words}（{group}）" if language == "zh" else f"{words} ({group})"

    explain = {
        "en": f"Warns of: {signal.name['en'].lower()}. Root cause: {family.name['en'].lower()}. "
        + "; ".join(f"{level['severity']} when {said(level, 'en')}" for level in levels)
        + (f". Needs {'; '.join(needs['en'])}." if needs["en"] else "."),
        "zh": f"预警内容：{signal.name['zh']}；成因：{family.name['zh']}；"
        + "；".join(f"{_SEVERITY[str(level['severity'])]}：{said(level, 'zh')}" for level in levels)
        + (f"。所需数据：{'、'.join(needs['zh'])}。" if needs["zh"] else "。"),
    }
    return {
        "id": signal.id, "kind": "signal", "rule": signal.key, "name": dict(signal.name), "explain": explain, "unit": signal.unit,
        "formula": signal.value_text, "levels": levels, "warn_when": [{"set": level["severity"], "when": level["when"]} for level in levels],
        "family": {"id": family.id, **family.name}, "subject": signal.subject, "bases": list(signal.bases), "lead_months": signal.lead_months,
        "actions": [{"act": id, **acts[id].name} for id in signal.actions if id in acts],
        "measures": [{"id": m.id, "name": dict(m.name), "needs": dict(m.needs)} for m in measures], "version": origin.version,
        "jurisdiction": origin.jurisdiction, "source": dict(origin.source), "effective_from": origin.effective_from.isoformat(),
        "effective_to": origin.effective_to.isoformat() if origin.effective_to else None, "recorded_from": origin.recorded_from.isoformat(),
        "scope": dict(origin.scope), "file": origin.file, "sentence": dict(signal.explain),
    }  # fmt: skip


_SEVERITY = {"red": "红", "orange": "橙", "yellow": "黄"}
