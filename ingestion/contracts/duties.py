"""What a sentence demands: duties, defaults, permissions and conditions around the bound of a measure.

The same bound may be a duty ("shall not exceed"), a default ("falls below"), a condition of an act or a price level; only the first
two make a test.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ingestion.contracts.clauses import Clause
from ingestion.contracts.comparisons import AFTERWARDS, Comparison, comparisons
from ingestion.contracts.steps import MOVES
from ingestion.quantities import dates, quantities

OBLIGED = re.compile(
    r"\b(?:shall|must|will|agrees?|undertakes?|covenants?|ensures?|procures?|maintains?|achieves?|keeps?|permits?|allows?|suffer|required|requirement|minimum|maximum|stays?|remains?)\b"
    r"|\b(?:is|are) (?:not )?to\b|\bmay not\b|\bat no time\b|^\W*(?:Have|Make)\b|[:：][^.;:]{0,80}?\bto (?:be|exceed|remain|stay|cover)\b|[≥≤]|[><]="
    r"|应|须|需|不得|不能|确保|保证|承诺|负责|[保维]持|控制在|限制在|达到|降至|不(?:低于|高于|超过|少于|大于|小于|多于|超出)|最[高低]|[上下]限|至[少多]|为限",
    re.I,
)

HEADED = re.compile(
    r"\bfinancial (?:tests?|covenants?|undertakings?|conditions?|requirements?)\b|财务(?:指标)?(?:约束|承诺|条件|要求|标准|限制|义务|契约)|约束(?:指标|条件)|控制指标",
    re.I,
)
"""Headings over limits that are demanded by standing there."""
CONDITION = re.compile(
    r"\b(?:if|so long as|only if|unless|provided,? (?:however,? )?that|to the extent|after giving (?:pro forma )?effect|pro forma|in the event|except)\b"
    r"|方可|的前提下|如果|若|除非|当.{0,30}时|(?:^|[，。；、：）])如(?![下上何期约实数此同有])",
    re.I,
)

LEAD_FORBIDS = re.compile(
    r"(?:\b(?:shall|will|must|may) not\b(?:[^.;]{0,60}\b(?:permit|allow|suffer|let)\b)?[^.;:：]{0,40}|\b(?:Permit|Allow|Suffer)\b[^.;:：]{0,20})[:：]?\s*$",
    re.I,
)
"""Words above a list that forbid what its points say: "The Borrower shall not permit:"."""
SET_AT = re.compile(
    r"\b(?:is|are|be|been|stands?)\s+(?:hereby\s+)?(?:re)?(?:set|fixed|amended|adjusted|changed|increased|reduced|relaxed)\s+(?:to|at)\b|(?:重新)?(?:调整|设定|变更|修改|确定|放宽|收紧)(?:为|至|到)(?!不|[“\"「])",
    re.I,
)
"""A level that is only named: the measure itself says which way it bounds."""
TOPPED_UP = re.compile(
    r"追加[^，。；]{0,6}(?:保证金|担保|抵押|质押)|补足[^，。；]{0,6}(?:担保|保证金|抵押)|\b(?:additional|further) (?:security|collateral)\b",
    re.I,
)
"""Being beyond the bound calls for more security first: no default of its own."""
WHEN_IT_HOLDS = re.compile(r"\s*(?:[（(]含[）)])?(?:时|方可|才能|的情况下|的情形下|的前提下)")
FORBIDDEN = re.compile(r"^\W*(?:Make|Incur|Permit|Expend)\b|\b(?:shall|will|may|must) not\b", re.I)
ONLY_IF = re.compile(r"\bonly if\b|\bunless\b|\bso long as\b|方可|的前提下|仅在|仅当", re.I)

PERMISSION = re.compile(r"(?<!nor )(?<!no time )(?<!no event )(?<!circumstances )\bmay\b(?! (?:not|never|at no)\b)", re.I)

NOT_A_TEST = re.compile(
    r"\b(?:Applicable Margin|means?|shall mean|is defined|interest rate|margin shall)\b|\b(?:institution|bank|person|transferee|successor|insurer)s?\b[^,.;]{0,20}\b(?:with|having)\b|是指|系指|(?<![毛净])利率|利差|基点|basis points|举例|例如|假设|by way of (?:illustration|example)|预计|预测|\bis (?:forecast|projected|expected) to\b|\brepresents? (?:and|that|to)\b|\bwarrants? (?:and|that|to)\b|\bdid not\b|\bhas not exceeded\b|陈述与保证|未超过|一般认为|同业平均|行业(?:平均|均值)|平均水平|财务数据(?:均)?真实|\bindustry average\b|\bprojects? that\b|\bexpects? (?:that|to)\b|\banticipates?\b|\bestimates? that\b",
    re.I,
)

ELSEWHERE = re.compile(
    r"definition|conditions? (?:to|precedent)|representation|\binterest\b(?!\s+(?:expense\s+)?(?:cover|and\s+principal\s+cover))|(?<!ebitda )\bmargin\b|\bfees?\b|assignment|drawdown|utili[sz]ation|提款|放款|定义|释义|先决条件|利率|利差|定价|授信条件|准入|申请条件|受理条件|示例|举例|\bexample\b|illustrat",
    re.I,
)

PRICED = re.compile(r"\b(?:margin|pricing|commitment fee|basis points|bps)\b|利差|(?<![毛净])利率|费率|基点", re.I)

WAIVED = re.compile(
    r"同意豁免|豁免借款人|予以豁免|豁免(?:其|对)|\bhereby waives?\b|\bagrees? to waive\b|\bwaives? (?:any|the|compliance)\b",
    re.I,
)

FORMER = re.compile(r"由[^，。；]{2,30}?(?=(?:调整|变更|修改|修订|降低|提高|放宽|[上下]调|调[低高])(?:为|至|到))")

FORMER_QUOTED = re.compile(
    r"[“\"「](?P<q>[^”\"」]{2,200})[”\"」](?=[，,]?[^，。；“]{0,24}?(?:修改|变更|调整|修订|替换|放宽|收紧|降低|提高)(?:为|成|至|到))"
)
"""What an amendment says the limit was: 「由不低于1.3调整为不低于1.15」."""

DEFAULT_WORDS = re.compile(
    r"\bevents? of default\s*[:：]|\bevents? of default (?:shall )?(?:occurs?|arises?|exists?)\b[^.;]{0,30}?\b(?:if|when|where)\b|\b(?:is|are|be|constitutes?|as|becomes?) (?:deemed )?(?:an? )?(?:immediate )?events? of default\b(?! (?:has|have|shall have) )|\b(?:declare|become)s?\b[^.;]{0,60}\bdue and payable\b|\baccelerat|构成[^，。；]{0,8}违约|视为[^，。；]{0,8}违约|(?:构成|属于|为)违约事件|触发违约|宣布[^，。；]{0,24}(?:立即|提前|全部)到期|(?:即属|属于|构成|视为)[^，。；]{0,4}违反|不(?:得|会)?(?:再)?(?:发生|出现|存在)(?:以下|下列|如下)|提前到期|提前收回|加速到期|停止(?:发放|提款)",
    re.I,
)

DEFAULT_LIST = re.compile(
    r"不(?:得|会)?(?:发生|出现|存在)(?:以下|下列|如下)|\b(?:events? of default|default events?)\b|违约(?:事件|情形|责任)|下列[^。；]{0,16}违约",
    re.I,
)
"""A bound the borrower must not be beyond, said as what follows when it is."""

CONSENT = re.compile(r"未经(?:贷款人|银行|乙方|甲方)?.{0,6}书面同意|without (?:the )?(?:prior )?written consent", re.I)

THIRD_PARTY = re.compile(r"不得为.{0,16}(?:第三方|其他企业|他人)提供.{0,4}担保")


def before_bound(match: re.Match[str]) -> str:
    """What an amendment quotes of the former wording, without its limit."""
    quoted = match.group("q")
    bounds = comparisons(quoted)
    return quoted[: bounds[0].start] if bounds else match.group()


def is_default(clause: Clause, lead: str, sentence: str) -> bool:
    """Whether being beyond a limit is stated as a default: in the sentence, the words above it, or the heading of the list."""
    if DEFAULT_WORDS.search(sentence) or DEFAULT_WORDS.search(lead):
        return True
    above = clause.parent.text if clause.parent is not None else ""
    return any(DEFAULT_LIST.search(text) for text in (above[-80:], *(node.title for node in clause.lineage())))


def piece_of(sentence: str, bound: Comparison) -> str:
    """The part of the sentence between semicolons that holds the bound."""
    start = max(sentence.rfind(mark, 0, bound.start) for mark in ";；") + 1
    ends = [at for at in (sentence.find(mark, bound.end) for mark in ";；") if at >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def turned(bound: Comparison) -> Comparison:
    """ "falls below 1.20" as an event of default asks for 1.20 or more."""
    return replace(bound, operator="<=" if bound.operator == ">=" else ">=", strict=not bound.strict)


def only_when(sentence: str, bound: Comparison) -> bool:
    """「不高于2.0倍时，…」: the bound says when something else holds."""
    if AFTERWARDS.fullmatch(sentence[bound.start : bound.end]):
        return bool(WHEN_IT_HOLDS.match(sentence[bound.end :]))
    tail = re.split(r"[;；。]", sentence[bound.end : bound.end + 30])[0]
    value = next(iter(quantities(tail)), None)
    return value is not None and bool(WHEN_IT_HOLDS.match(sentence[bound.end + value.end :]))


def excused(lead: str, head: str) -> bool:
    """Whether the bound only permits something, or stands in a condition."""
    return bool(PERMISSION.search(head)) or _conditional(lead + head)


def holds(lead: str, sentence: str, bound: Comparison) -> bool:
    """ "1.25 to 1.00 or greater" is a duty only where something is to be maintained; elsewhere it describes."""
    behind = AFTERWARDS.fullmatch(sentence[bound.start : bound.end])
    return (
        not behind
        or sentence[bound.start : bound.end].startswith("为")
        or bool(re.search(r"[（(]", sentence[bound.start : bound.end]))
        or bool(
            re.search(
                r"\b(?:maintain|ensure|keep|demonstrate|achieve|meet|certify)\b|\b(?:shall|must|will)\b[^.;]{0,60}?\b(?:be|hold|have|stand|remain|show|stay|stays|keep)\b|\b(?:procure|undertake)[^.;]{0,60}?\b(?:stays?|remains?|keeps?)\b|[保维]持|确保|应|须|需|承诺|达到|降[至到]|压[降缩]",
                lead + sentence[: bound.start],
                re.I,
            )
        )
    )


def _conditional(head: str) -> bool:
    """A bound inside a condition is no obligation: the condition word comes after the last "shall" before the bound."""
    marks = [match.start() for match in CONDITION.finditer(head)]
    # "shall not make any Capital Expenditure, except … not exceeding": the exception is the limit
    marks = [at for at in marks if not (head[at : at + 6].lower() == "except" and FORBIDDEN.search(head[:at]))]
    duties = [match.start() for match in re.finditer(r"\b(?:shall|will|must)\b|应|须|不得|确保|保证", head)]
    return bool(marks) and (not duties or marks[-1] > duties[-1])


def reach(sentence: str, bound: Comparison, end: int) -> str:
    """The words a bound governs, up to `end`; in Chinese also the 「1.2以上」 and the 「2026年末」 before it."""
    tail = sentence[bound.end : end]
    if AFTERWARDS.fullmatch(sentence[bound.start : bound.end]):
        window = max(0, bound.start - 40)
        before = sentence[window : bound.start]
        # the limit is the last number before its bound; what stands further off belongs to something else
        own = [
            value
            for value in quantities(before)
            if re.fullmatch(r"[\s，,（(含)）或及本数天日次]*(?:or)?\s*", before[value.end :])
        ]
        limit = before[own[-1].start :] if own else before
        return f"{limit}{sentence[bound.start : end]}" if MOVES.search(tail) and dates(tail) else limit
    dated = re.search(r"(?:截至|截止|自|从)?\s*(?:19|20)\d\d\s*年[^，。；]{0,14}$", sentence[: bound.start])
    return (dated.group() if dated else "") + tail
