"""Which way a clause bounds a number: "shall not permit … to be less than", 「不得高于」.

The bound is a comparative and the negation that governs it. A negation may stand far away ("shall not permit, at any time,
the ratio of … to be more than"), so it is looked for back to the start of the obligation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

AFTERWARDS = re.compile(
    r"\s*[（(]\s*(?:minimum|min\.?|maximum|max\.?|最低|最高|上限|下限|不高于|不低于)\s*[）)]|以上|以下|以内|之内|之上|之下|为(?:上限|下限|限)|\bor (?:greater|more|higher|above|better|over|less|lower|below|fewer|under)\b",
    re.I,
)
"""Bounds that stand behind their limit: 「1.2以上」, "1.25 to 1.00 or greater"."""
FIXED = (
    (
        re.compile(
            r"\b(?:maximum|max\.?)\s+(?:permitted\s+)?(?!of\b)[A-Za-z/ -]{3,50}?\s*(?::|\bof\b|\bis\b|=)\s*(?=(?:[A-Z]{2,3}\s?)?[$€£¥]?\d)",
            re.I,
        ),
        "<=",
    ),
    (
        re.compile(
            r"\b(?:minimum|min\.?)\s+(?:required\s+)?(?!of\b)[A-Za-z/ -]{3,50}?\s*(?::|\bof\b|\bis\b|=)\s*(?=(?:[A-Z]{2,3}\s?)?[$€£¥]?\d)",
            re.I,
        ),
        ">=",
    ),
    (re.compile(r"(?<=[\d%x倍])\s*[（(]\s*(?:maximum|max\.?|最高|上限)\s*[）)]", re.I), "<="),
    (re.compile(r"(?<=[\d%x倍])\s*[（(]\s*(?:minimum|min\.?|最低|下限)\s*[）)]", re.I), ">="),
    (re.compile(r"\b(?:maximum|max\.?)\s*[:=]?\s*(?=(?:RMB|USD|EUR|CNY|HKD)?\s?[\d$€£¥])", re.I), "<="),
    (re.compile(r"\b(?:minimum|min\.?)\s*[:=]?\s*(?=(?:RMB|USD|EUR|CNY|HKD)?\s?[\d$€£¥])", re.I), ">="),
    (re.compile(r"以(?=[^，。；]{2,24}为限)"), "<="),
    (re.compile(r"(?:应当?|须|需|不得不|可)?足以(?:支付|覆盖|偿付|偿还)"), ">="),
    (re.compile(r"\bor (?:greater|more|higher|above|better|over)\b(?!\s+than)", re.I), ">="),
    (re.compile(r"\bor (?:less|lower|below|fewer|under)\b(?!\s+than)", re.I), "<="),
    (re.compile(r"\b(?:at or (?:above|over)|equal or exceed|(?:be )?equal to or exceed)\b", re.I), ">="),
    (re.compile(r"\b(?:at or (?:below|under)|equal to or below)\b", re.I), "<="),
    (re.compile(r"\b(?:equal to or (?:greater|more|higher) than|(?:greater|more|higher) than or equal to)\b", re.I), ">="),
    (re.compile(r"\b(?:equal to or (?:less|lower) than|(?:less|lower) than or equal to)\b", re.I), "<="),
    (
        re.compile(
            r"\bat least\b|\bminimum of\b|\bno (?:less|lower|fewer|smaller) than\b|\bnot (?:be )?(?:less|lower|fewer|smaller) than\b|\ba floor of\b",
            re.I,
        ),
        ">=",
    ),
    (
        re.compile(
            r"\bat most\b|\bmaximum of\b|\bno (?:more|greater|higher|larger|longer|later) than\b|\bnot (?:be )?(?:more|greater|higher|larger) than\b"
            r"|\b(?:a (?:cap|ceiling) of|capped at|limited to|(?:stay|remain|kept?|be) within)\b",
            re.I,
        ),
        "<=",
    ),
    (
        re.compile(
            r"不(?:得|应|能|可|会|宜)?(?:再)?(?:低于|少于|小于|低過|跌破|短于|低过)|不(?:得|应|能|可)?(?:下)?降(?:至|到)?[^，。；\d]{0,8}(?:以下|之下)|不(?:得|应|能|可)?(?:下?降|减少|下滑|跌)(?:至|到)(?=[^，。；]{1,18}(?:以下|之下))|至少|最低(?:为|应为|须为|不低于|限为)|下限(?:为|是)|≥|>=|大于(?:或)?等于|不得?降至?低于|(?:应|须|需|均|至少|确保)?达到(?=\s*(?:人民币)?\s*[\d百])"
        ),
        ">=",
    ),
    (
        re.compile(
            r"不(?:得|应|能|可|会|宜)?(?:高于|超过|大于|多于|超出|突破|超逾|逾|长于|高过)|至多|最高(?:为|应为|须为|不超过|限为)|上限(?:为|是)|≤|<=|小于(?:或)?等于|(?:控制|限制|压降)在"
        ),
        "<=",
    ),
    (re.compile(r"为上限"), "<="),
    (re.compile(r"为下限"), ">="),
)
AHEAD = r"(?=[\s:]*(?:(?:an?|the) )?(?:(?:amount|level|ratio|figure|equivalent|aggregate) of )?(?:RMB|US|HK|S|A|NT|[A-Z]{3})?\s?[$€£¥₹]?\s?(?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b))"
"""A limit follows: "above 3.0x", "below RMB 5 million"."""
MORE = re.compile(
    r"\b(?:more|greater|higher|longer|larger) than\b|\bexceed(?:s|ing)?\b|\bsurpass(?:es)?\b|\bgo (?:above|beyond)\b|\b(?:rise|rises) above\b|\bin excess of\b|\b(?:above|over|beyond)\b"
    + AHEAD,
    re.I,
)
LESS = re.compile(
    r"\b(?:less|lower|shorter|smaller|worse) than\b|\b(?:fall|falls|drop|drops|go|goes|sink|sinks|be|stand) (?:below|under)\b|\b(?:falls?|fall) short of\b|\b(?:below|under|beneath)\b"
    + AHEAD,
    re.I,
)
ZH_MORE = re.compile(r"高于|超出|超逾|突破|大于|超过|(?<!以)以上|之上")
ZH_LESS = re.compile(r"低于|跌破|不足(?=\s*\d)|短于|低过|小于|少于|(?<!以)以下|以内|之内|之下")
NEGATION = re.compile(
    r"\b(?:shall|will|must|may|does|to) not\b|\bnot\b|\bnever\b|\bnor\b|\bneither\b|\bat no time\b|\bin no event\b|\bunder no circumstances\b|\bno (?:longer|more)\b|(?:^|[.;:)]\s*)\s*(?:Permit|Allow|Suffer)\b",
    re.I,
)
NOBODY = re.compile(
    r"\bneither\b[^.;]{0,80}\bnor\b|\bno (?:Obligor|Loan Party|Subsidiary|Borrower|member of the Group|Group (?:Company|Member))\b",
    re.I,
)
"""The negation sits in the subject: "Neither the Borrower nor any Subsidiary will make Capital Expenditures greater than"."""
STRICT = re.compile(r"低于|小于|less than|below", re.I)
STOP = re.compile(
    r"[;；]|(?<!no time )(?<!no event )(?<!no circumstances )(?<!nor )(?<!never )\b(?:shall|will|must)\b(?!\s+not)", re.I
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is >= or <=; `strict` when the wording excludes equality (kept as a remark); place in the text."""

    operator: str
    start: int
    end: int
    strict: bool = False


def comparisons(text: str) -> list[Comparison]:
    """Every bound in order."""
    out: list[Comparison] = []
    for pattern, operator in FIXED:
        out += [Comparison(operator, m.start(), m.end()) for m in pattern.finditer(text)]
    taken = [(c.start, c.end) for c in out]

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or match.start() >= end for start, end in taken)

    for pattern, plain, negated in ((MORE, ">=", "<="), (LESS, "<=", ">=")):
        for match in pattern.finditer(text):
            if free(match):
                negative = _governed(text, match.start())
                out.append(Comparison(negated if negative else plain, match.start(), match.end(), strict=not negative))
    for pattern, operator in ((ZH_MORE, ">="), (ZH_LESS, "<=")):
        for match in pattern.finditer(text):
            if free(match):
                strict = match.group() not in ("以上", "以下", "以内", "之内", "之上", "之下")
                out.append(Comparison(operator, match.start(), match.end(), strict=strict))
    whole = [c for c in out if not any(d is not c and d.start <= c.start and c.end <= d.end and _longer(d, c) for d in out)]
    return sorted(whole, key=lambda comparison: comparison.start)


def _longer(one: Comparison, other: Comparison) -> bool:
    """ "or under" inside "at or under" is the same bound."""
    return one.end - one.start > other.end - other.start


def _governed(text: str, at: int) -> bool:
    """Whether a negation governs the comparative at `at`: the nearest one before it in the same obligation."""
    before = text[:at]
    stops = [match.end() for match in STOP.finditer(before)]
    if NOBODY.search(before[max(before.rfind(mark) for mark in ";；。") + 1 :]):
        return True
    return bool(NEGATION.search(before[stops[-1] if stops else 0 :]))
