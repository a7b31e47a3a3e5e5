"""What a contract says for when things go wrong or end early: interest on sums paid late or misused, days to cure, notice of prepayment,
the law that governs it and who decides.

These are terms of the contract like its amount and its dates: quoted with their place, and absent where the contract is silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ingestion.contracts.clauses import without_clause_numbers
from ingestion.contracts.counts import COUNT, count_of
from ingestion.quantities import quantities

LATE = re.compile(
    r"\b(?:paid late|late[- ]payments?|overdue|past due|default (?:interest|rate)|not paid (?:when|on)|unpaid (?:sums?|amounts?)|fails? to pay)\b"
    r"|逾期|未按(?:期|时|约|约定)[^，。；]{0,6}(?:还款|归还|偿还|清偿|支付)|罚息",
    re.I,
)
MISUSED = re.compile(
    r"挪用|挪作他用|改变(?:贷款|借款)?用途|未按[^，。；]{0,10}用途|\bmisappl|\bmisus|\bother purposes?\b", re.I
)
OVER_RATE = re.compile(r"(?:加收|上浮|加计|提高)\s*(?P<q>百分之[一二三四五六七八九十百两]+|\d+(?:\.\d+)?\s*[%％])")
PERCENT = r"(?P<v>\d+(?:\.\d+)?)\s*(?:%|per\s?cent\b\.?|percent\b|percentage points?)"
ON_TOP = re.compile(
    rf"{PERCENT}[^.;]{{0,40}}?\b(?:on top|above|over|in addition|higher than|in excess of|more than)\b"
    rf"|\b(?:plus|additional|further|extra|increased by|aggregate of)\s+(?:interest (?:of|at)\s+)?{PERCENT.replace('?P<v>', '?P<w>')}",
    re.I,
)
INTEREST_ON = re.compile(r"\binterest\b|\brate\b|\bcarr(?:y|ies)\b|\bbears?\b|\baccrues?\b", re.I)
LAW = re.compile(
    r"(?:适用|受)\s*(?P<z>[一-鿿]{2,16}?)(?:的)?(?:法律|法)(?:管辖|约束|调整|解释|[，。；]|$)"
    r"|(?P<a>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2}) law (?:governs|applies|shall (?:govern|apply))"
    r"|\bgoverned by[^.;]{0,60}?\blaws? of (?:the )?(?:(?:State|Commonwealth|Province|Republic) of )?(?P<b>[A-Z][A-Za-z]+(?: (?:[A-Z][A-Za-z]+|and|of))*)"
    r"|\bgoverned by (?:and construed in accordance with )?(?P<c>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2}) law\b"
)
DECIDED = re.compile(
    r"(?:提交|提请|由|向)\s*(?P<z>[一-鿿（）()]{2,24}?(?:仲裁委员会|仲裁院|仲裁中心|人民法院|法院))(?=仲裁|裁决|管辖|起诉|提起|诉讼|解决|，|。|；|$)"
    r"|\b(?P<e>(?:(?:the |The )?courts of (?:the )?[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)*|(?!The )[A-Z][A-Za-z]+ courts))\b[^.;]{0,60}\bjurisdiction\b"
    r"|\barbitrat[^.;]{0,60}?\b(?P<f>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)* (?:Arbitration Cent(?:re|er)|Court of Arbitration))"
)
PREPAYMENT = re.compile(
    rf"\bprepay\b[^.;]{{0,80}}?\b(?P<n>{COUNT})\s+(?P<u>Business\s+|Banking\s+)?days?['’]?\s+(?:prior\s+|prior written\s+|written\s+)?notice"
    rf"|提前(?:还款|偿还|归还)[^。；]{{0,20}}?(?P<m>{COUNT})\s*个?(?P<w>营业日|工作日|日|天)[^。；]{{0,10}}(?:告知|通知|申请|提出)",
    re.I,
)


def remedy_terms(sentence: str) -> Iterator[tuple[str, Any]]:
    """(name, value) of every such term in one sentence."""
    sentence = without_clause_numbers(sentence)
    for name, pattern in (("late_interest", LATE), ("misuse_interest", MISUSED)):
        share = OVER_RATE.search(sentence)
        if pattern.search(sentence) and share and (name == "misuse_interest" or not MISUSED.search(sentence)):
            value = next((q.value for q in quantities(share.group("q")) if q.unit == "ratio"), None)
            if value is not None:
                yield name, {"share_over_rate": _plain(value)}
        elif name == "late_interest" and pattern.search(sentence) and INTEREST_ON.search(sentence):
            added = ON_TOP.search(sentence)
            if added:
                yield name, {"added_to_rate": _plain(Decimal(added.group("v") or added.group("w")) / 100)}
    law = LAW.search(sentence)
    if law:
        yield "governing_law", next(part for part in law.groups() if part).strip()
    decided = DECIDED.search(sentence)
    if decided:
        yield "disputes", next(part for part in decided.groups() if part).strip()
    notice = PREPAYMENT.search(sentence)
    if notice:
        working = notice.group("u") or notice.group("w") in ("营业日", "工作日")
        yield "prepayment_notice", {
            "days": count_of(notice.group("n") or notice.group("m")), "unit": "business_day" if working else "day",
        }  # fmt: skip


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
