"""Row labels as the chart of accounts knows them.

A label is stripped of what statements hang on it (enumerators, 加：/减：/其中：, note references, allowances, par values,
"(loss)" and other brackets), its words are made singular and American, and two forms are kept: `text` with spaces for
patterns and `key` without spaces or small words for exact labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ingestion.statements.numbers import plain_text
from ingestion.statements.vocabulary import simplified

_CJK = re.compile(r"[\u4e00-\u9fff]")
_SMALL = {"the", "a", "an", "of", "and", "&", "by", "in", "on", "to", "for", "from"}
_BRITISH = (
    (re.compile(r"(amort|capital|recogn|real|util|organ)is(ation|ed|e|ing)"), r"\1iz\2"),
    (re.compile(r"\bnon[ -]?(current|controlling|operating|trade|cash|interest|recurring|underlying)"), r"non\1"),
    (re.compile(r"\b(long|short)[ -]term"), r"\1term"),
    (re.compile(r"\bpaid[ -]in[ -]?"), "paidin "),
    (re.compile(r"\bright[ -]of[ -]use"), "rightofuse"),
    (re.compile(r"\bwork[ -]in[ -]pro(?:gress|cess)"), "workinprogress"),
    (re.compile(r"\bpre[ -]?tax\b"), "pretax"),
    (re.compile(r"\bequity[ -]method"), "equitymethod"),
    (re.compile(r"\b(?:stock|share)[ -]?(?:holder|owner)s?'?s?'?(?![a-z])"), "shareholder"),
    (re.compile(r"\bco[ -]operat"), "cooperat"),
)
_EN_LEAD = re.compile(r"^(?:[ivx]{1,4}[.)]|\(?[a-z0-9]{1,2}[.)])\s+|^[-–—•*+]\s*")
_EN_ROLE = re.compile(r"^(less|add|plus|deduct|including|of which|which includes|comprising)\b\s*[:,-]?\s*")
_EN_CUTS = re.compile(
    r"(?:[,;:(–—-]\s*)?(?:"
    r"\bless:? (?:an? )?(?:allowances?|accumulated|reserves?|current(?! liabilit)|provision|unamorti[sz]ed|treasury stock held)"
    r"|\bnet of (?:allowances?|accumulated|reserves?|current|unamorti[sz]ed|discount|debt|issuance|re-?issuances?|depreciation|amorti[sz]ation|valuation)"
    r"|\$?[\d.,/]*\s*(?:us\$|\$|¢)?\s*par(?: value)?\b|\bno par\b|\bwithout par\b|\bstated value\b|\bpar value\b"
    r"|\bauthori[sz]ed\b|\bissued (?:and outstanding )?(?:shares|none|\d)|\bat cost\b|\bin excess of par value \("
    r"|\bshares (?:issued|outstanding|authori[sz]ed)|\bnone issued|\(?see notes?\b|\(?refer to notes?\b|\(?notes? [\divx]+"
    r"|\bunlimited\b"
    r").*$"
)
_EN_COUNTS = re.compile(r"[:;,]?\s*\d{1,3}(?:,\d{3})+(?:\s*(?:and|,)\s*\d{1,3}(?:,\d{3})+)*\s*$")
_EN_TWO_WAY = re.compile(r"\((?:expenses?|income|costs?|benefit|gains?|loss(?:es)?)\)")
_EN_BRACKET = re.compile(r"\([^()]*\)")
_EN_NOISE = re.compile(r"[\"'*†‡§]|\bus\$|[$£€¥][\d,.]*")
_ZH_LEAD = re.compile(
    r"^(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]+|第[一二三四五六七八九十]+节|[(（]?\d{1,2}[)）、.．]+|[①②③④⑤⑥⑦⑧⑨⑩]|[-*△▲#☆※·•]+)\s*"
)
_ZH_ROLE = re.compile(r"^(加|减|其中)\s*[:、,]\s*|^(其中)(?=\S)")
_ZH_BRACKET = re.compile(r"[(][^()]*[)]")
_NOTE_INSIDE = re.compile(r"\d{1,3}[(]\d{1,2}[)]|(?:[一二三四五六七八九十]{1,3}[、.])?\d{1,3}(?:\.\d{1,2})?$")
_EN_NOTE = re.compile(r"\s\d{1,2}(?:\.\d{1,2})?(?:\([a-z]{1,3}\))?(?:\s?[,&]\s?\d{1,2}(?:\.\d)?(?:\([a-z]\))?)*$")
_ZH_DROP = re.compile(r"[\s、,;:。.\-—–/\"'“”‘’*△▲#☆※·•]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A stripped label. `key`/`text` are English, `zh` Chinese; either may be empty. `role` is less, add or of_which when
    the label says so; `net` when the English label ends in "net"; `total` when it says it is one."""

    raw: str
    key: str
    text: str
    zh: str
    role: str = ""
    net: bool = False
    total: bool = False
    signed_loss: bool = False


@lru_cache(maxsize=8192)
def read_label(raw: str) -> Label:
    """`raw` stripped and split by language."""
    plain = simplified(plain_text(raw)).replace("“", '"').replace("”", '"').strip()
    if _CJK.search(plain):
        zh, role, loss = _chinese(plain)
        latin = re.sub(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", " ", plain).strip()
        text, key, en_role, net, total = _english(latin) if re.search(r"[A-Za-z]{4}", latin) else ("", "", "", False, False)
        return Label(raw, key, text, zh, role or en_role, net, total or bool(re.search(r"[总合小]计|总额", zh)), loss)
    text, key, role, net, total = _english(plain)
    return Label(raw, key, text, "", role, net, total)


def _chinese(plain: str) -> tuple[str, str, bool]:
    text, role = _NOTE_INSIDE.sub("", plain), ""
    for _ in range(4):
        before = text
        text = _ZH_LEAD.sub("", text)
        match = _ZH_ROLE.match(text)
        if match:
            role = {"加": "add", "减": "less", "其中": "of_which"}[match.group(1) or match.group(2)]
            text = text[match.end() :]
        if text == before:
            break
    loss = bool(re.search(r"[(](?:净)?(?:损失|亏损|支出)以", text))
    previous = ""
    while previous != text:
        previous, text = text, _ZH_BRACKET.sub("", text)
    text = re.sub(r"[(（].*$", "", text) if text.count("(") else text
    text = re.sub(r"[A-Za-z].*$", "", text) if re.search(r"[A-Za-z]{3}", text) else text
    return _ZH_DROP.sub("", text), role, loss


def _english(plain: str) -> tuple[str, str, str, bool, bool]:
    text = re.sub(r"[‐-―−]", "-", plain.lower())
    text = re.sub(r"\bpp&e\b", "property plant equipment", text).replace("&", " and ")
    text = _EN_NOTE.sub("", _EN_LEAD.sub("", text))
    role = ""
    match = _EN_ROLE.match(text)
    if match:
        word = match.group(1)
        role = "less" if word in ("less", "deduct") else "add" if word in ("add", "plus") else "of_which"
        text = text[match.end() :]
    for pattern, new in _BRITISH:
        text = pattern.sub(new, text)
    cut = _EN_CUTS.sub("", text)
    text = _EN_COUNTS.sub("", cut if len(cut) > 2 else text)
    previous = ""
    while previous != text:
        previous, text = text, _EN_BRACKET.sub(" ", text)
    text = re.sub(r"\([^)]*$", " ", text)
    text = _EN_NOISE.sub("", text)
    text = re.sub(r"/|\+", " / ", text)
    words = [_singular(w) for w in re.findall(r"[a-z0-9]+|/", text)]
    words = [w for i, w in enumerate(words) if w != "/" or (0 < i < len(words) - 1)]
    if words[:1] in (["interest"], ["finance"]) and words[-1] != "net" and _EN_TWO_WAY.search(plain.lower()):
        words.append("net")
    net = len(words) > 1 and words[-1] == "net"
    spaced = " ".join(w for w in words if w != "/")
    return spaced, _key(words), role, net, bool(words) and words[0] == "total"


def _key(words: Iterable[str]) -> str:
    return "".join(w for w in words if w not in _SMALL and w != "/")


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word
