"""Financial covenants of a contract as proposed code: metric, direction, limits over time, test dates, basis, scope.

Only an obligation that names a measure, a bound and a limit becomes a covenant. Pricing grids, conditions of permitted
acts and definitions bound the same measures and are passed over: proposing what the contract does not demand is worse than
missing it. Everything stays `proposed` until a named person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ingestion.blocks import Block
from ingestion.contracts.clauses import Clause, without_clause_numbers
from ingestion.contracts.comparisons import AFTERWARDS, Comparison, comparisons
from ingestion.contracts.counts import COUNT, count_of
from ingestion.contracts.measures import RATIO_OF, metric_of, pair_in, sides_named
from ingestion.contracts.steps import FROM, MOVES, Step, bounded_steps, goes_further, inline_steps, moves_on, table_steps
from ingestion.contracts.vocabulary import Metric, Vocabulary
from ingestion.quantities import dates, quantities
from ingestion.text_passages import sentences

OBLIGED = re.compile(
    r"\b(?:Borrowers?|Company|Parent|Obligors?|Guarantors?|Issuer|Group|Loan Part(?:y|ies)|It|it)\b.{0,260}?\b(?:shall|will|must|covenants?|agrees?|undertakes?)\b"
    r"|(?:(?:借款|用款|承贷|授信|受信|被授信|贷款申请)(?:人|企业|单位|方|主体|客户)|债务人|公司|企业|甲方|乙方|保证人|担保人|集团|授信申请人).{0,60}?(?:应|须|不得|确保|保证|承诺|需|负责)|\b(?:shall|must|will not|may not|(?:is|are) (?:not )?to)\b[^.;]{0,40}?\b(?:be|exceed|maintain|stay|remain|hold|keep|cover|have|fall|drop|equal|show|go|rise|bear)\b"
    r"|^[\W\d]*(?:\([a-z]{1,2}\)\s*)?(?:Permit|Allow|Suffer|Maximum|Minimum)\b|\b(?:stays?|keeps?|remains?)\b|\b(?:is|are) required to\b|\b(?:may|shall|must|will) (?:not|never)\b[^.;]{0,60}?\b(?:surpass|represent|amount|account|constitute|reach|stand)\b|[≥≤]|[><]="
    r"|不得(?:高于|低于|超过|突破)|(?:控制|保持|维持|限制)在|(?:应|须|需)(?:不|保持|维持|达到|为|始终|至少|最|大于|高于|小于|低于|在)|不(?:低于|高于|超过|少于|大于|小于|多于|超出)|(?:最高|最低|上限|下限|至少|至多)(?:为|是|不)?",
    re.I | re.S,
)
CONDITION = re.compile(
    r"\b(?:if|so long as|only if|unless|provided,? (?:however,? )?that|to the extent|after giving (?:pro forma )?effect|pro forma|in the event|except)\b"
    r"|方可|的前提下|如果|若|除非|当.{0,30}时|(?:^|[，。；、：）])如(?![下上何期约实数此同有])",
    re.I,
)
ONLY_IF = re.compile(r"\bonly if\b|\bunless\b|\bso long as\b|方可|的前提下|仅在|仅当", re.I)
PERMISSION = re.compile(r"(?<!nor )\bmay\b(?! (?:not|never|at no)\b)", re.I)
NOT_A_TEST = re.compile(
    r"\b(?:Applicable Margin|means?|shall mean|is defined|interest rate|margin shall)\b|\b(?:institution|bank|person|transferee|successor|insurer)s?\b[^,.;]{0,20}\b(?:with|having)\b|是指|系指|利率|利差|基点|basis points|举例|例如|假设|by way of (?:illustration|example)|预计|预测|\bis (?:forecast|projected|expected) to\b",
    re.I,
)
ELSEWHERE = re.compile(
    r"definition|conditions? (?:to|precedent)|representation|\binterest\b(?!\s+(?:expense\s+)?(?:cover|and\s+principal\s+cover))|(?<!ebitda )\bmargin\b|\bfees?\b|assignment|drawdown|utili[sz]ation|提款|放款|定义|释义|先决条件|利率|利差|定价|授信条件|准入|申请条件|受理条件|示例|举例|\bexample\b|illustrat",
    re.I,
)
BELOW = re.compile(r"\b(?:set forth|following|specified|below|schedule)\b|下表|下列|如下", re.I)
LISTED = re.compile(r"(?P<lead>[^。；;]*?[:：])\s*(?:[①(（]|\d{1,2}[.、])", re.S)
PRICED = re.compile(r"\b(?:margin|pricing|commitment fee|basis points|bps)\b|利差|利率|费率|基点", re.I)
ROW_MOST = re.compile(r"上限|最高|不高于|不超过|\bmaximum\b|\bnot (?:more|greater|higher) than\b", re.I)
ROW_LEAST = re.compile(r"下限|最低|不低于|不少于|\bminimum\b|\bnot (?:less|lower) than\b", re.I)
ENTITY = re.compile(r"\b(?:calculated|computed|determined)\s+for\s+(?P<e>[A-Z][\w&.' -]{2,40}?)\s+on\s+a\s+stand-?alone", re.I)
TESTING = re.compile(r"\b(?P<t>(?:Covenant|Financial|Cash Dominion) (?:Testing|Trigger|Test) (?:Period|Event))\b", re.I)
GRACE = re.compile(
    rf"(?:(?:unremedied|not remedied|not cured|uncured|cure[ds]?|remed(?:y|ied)|put right|made good|grace period)[^.;]{{0,40}}?\b(?P<n>{COUNT})\s*(?:calendar\s+)?(?P<u>Business\s+|Banking\s+|Working\s+)?Days?)"
    rf"|(?:(?P<n2>{COUNT})\s*(?:个)?(?P<u2>工作日|营业日|银行日|日历日|自然日|日|天)(?:之)?内(?:未能?)?(?:予以|进行|加以|自行)?(?:纠正|整改|补救|补足|恢复|改正|补正))"
    rf"|(?:(?:宽限期|补救期|整改期)(?:为|限为)?\s*(?P<n3>{COUNT})\s*(?:个)?(?P<u3>工作日|营业日|银行日|日历日|自然日|日|天))",
    re.I,
)
WORKING = frozenset({"工作日", "营业日", "银行日"})
NO_FREQUENCY = "the clause does not say how often it is tested"
WAIVED = re.compile(
    r"同意豁免|豁免借款人|予以豁免|豁免(?:其|对)|\bhereby waives?\b|\bagrees? to waive\b|\bwaives? (?:any|the|compliance)\b",
    re.I,
)
FORMER = re.compile(r"由[^，。；]{2,30}?(?=(?:调整|变更|修改|修订|降低|提高|放宽)(?:为|至|到))")
FORMER_QUOTED = re.compile(
    r"[“\"「](?P<q>[^”\"」]{2,200})[”\"」](?=[^，。；“]{0,24}?(?:修改|变更|调整|修订|替换|放宽|收紧|降低|提高)(?:为|成|至|到))"
)
"""What an amendment says the limit was: 「由不低于1.3调整为不低于1.15」."""
DEFAULT_WORDS = re.compile(
    r"\bevents? of default (?:shall )?(?:occurs?|arises?|exists?)\b[^.;]{0,30}?\b(?:if|when|where)\b|\b(?:is|are|be|constitutes?|as|becomes?) (?:deemed )?(?:an? )?(?:immediate )?events? of default\b(?! (?:has|have|shall have) )|\b(?:declare|become)s?\b[^.;]{0,60}\bdue and payable\b|\baccelerat|构成[^，。；]{0,8}违约|视为[^，。；]{0,8}违约|(?:构成|属于|为)违约事件|提前到期|提前收回|加速到期|停止(?:发放|提款)",
    re.I,
)
DEFAULT_LIST = re.compile(r"\b(?:events? of default|default events?)\b|违约(?:事件|情形|责任)|下列[^。；]{0,16}违约", re.I)
"""A bound the borrower must not be beyond, said as what follows when it is."""
DEFINING = re.compile(
    r"^\W*(?:[(（]?[\w.]{1,6}[)）]?\s*)?(?:In this (?:Clause|Section|Agreement)\W+|For (?:the )?purposes? of[^,]{0,60},\s*)?[“\"][^”\"]{2,60}[”\"]\s*(?:shall\s+mean|means?)\b"
    r"|^\W*[\d.（）()、\s]*[“「\"][^”」\"]{2,30}[”」\"]\s*(?:是指|系指|指)",
    re.I,
)
HALF_MARK = re.compile(r"(?<=[一-鿿%％倍）”])[,;:()]|[,;:(](?=[一-鿿])|(?<=\d)[,;](?=[一-鿿])")
FULL_MARKS = str.maketrans(",;:()", "，；：（）")
WHEN = re.compile(r"\b(?:dates?|periods?)$|日$|期间$|期$", re.I)
"""Defined terms that say when a test is made: "Test Date", "Relevant Period"."""
YEAR_NAMED = re.compile(r"(?:19|20)\d\d\s*年度?")
GUARANTOR = re.compile(r"(?:保证人|担保人)(?=的?[一-鿿])|\bGuarantor(?='s)")
DUTIES = re.compile(r"承诺|约定|义务|约束|保证|要求|undertaking|covenant", re.I)
SENIOR = re.compile(r"\b(?:senior|secured|first[- ]lien)\b[\w\s]{0,20}\b(?:leverage|debt|indebtedness)\b|优先级债务", re.I)
CONSENT = re.compile(r"未经(?:贷款人|银行|乙方|甲方)?.{0,6}书面同意|without (?:the )?(?:prior )?written consent", re.I)
THIRD_PARTY = re.compile(r"不得为.{0,16}(?:第三方|其他企业|他人)提供.{0,4}担保")


@dataclass(slots=True)
class Covenant:
    """One proposed test. `remarks` name what a confirming person should look at."""

    name: str
    type: str
    clause: Clause
    metric: str | None = None
    unit: str = ""
    operator: str | None = None
    steps: list[Step] = field(default_factory=list)
    currency: str | None = None
    basis: str | None = None
    scope: str = "consolidated"
    test_frequency: str | None = None
    grace_days: int | None = None
    grace_unit: str = "day"
    grace_text: str = ""
    grace_place: Block | None = None
    definition: str = ""
    entity: str = ""
    condition: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    confidence: Decimal = Decimal("0.95")
    text: str = ""
    place: Block | None = None
    supersedes: Covenant | None = None
    waived: bool = False


def maintenance_covenants(clauses: Sequence[Clause], vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """Every financial maintenance test of the contract; an amended clause replaces the one it amends."""
    found: list[Covenant] = []
    for unit in units(clauses):
        for covenant in _of_unit(unit, vocabulary, definitions):
            _settle(found, covenant)
    return found


@dataclass(frozen=True, slots=True)
class Unit:
    """A clause with the roman sub-points that continue its sentence."""

    clause: Clause
    paragraphs: tuple[str, ...]
    rows: tuple[Block, ...]

    @property
    def text(self) -> str:
        return " ".join(self.paragraphs)


def units(clauses: Sequence[Clause]) -> Iterable[Unit]:
    """Clauses to be read on their own, romanettes folded into the clause above."""
    folded: set[int] = set()
    for at, clause in enumerate(clauses):
        if id(clause) in folded:
            continue
        blocks = list(clause.blocks)
        after = at + 1
        while after < len(clauses) and clauses[after].depth >= 8 and clause in clauses[after].lineage():
            blocks += clauses[after].blocks
            folded.add(id(clauses[after]))
            after += 1
        paragraphs = tuple(block.text for block in blocks if block.role != "row")
        yield Unit(clause, paragraphs, tuple(block for block in blocks if block.role == "row"))


def _of_unit(unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    out: list[Covenant] = []
    if any(ELSEWHERE.search(node.title) for node in unit.clause.lineage()):
        return []
    if unit.rows:
        out = _of_rows(unit, vocabulary, definitions)
    text = " ".join(
        chinese_marks(without_clause_numbers(paragraph).strip())
        for paragraph in unit.paragraphs
        if not DEFINING.match(paragraph)
    )
    if not comparisons(text) or not (
        vocabulary.metric_at(text)
        or RATIO_OF.search(text)
        or "/" in text
        or pair_in(text, vocabulary)
        or sides_named(text, vocabulary) > 1
        or any(term in text.lower() for term in definitions if len(term) > 2)
    ):
        return [*out, *_tabled(text, unit, vocabulary, definitions)] if unit.rows and not out else out
    intro = _intro(unit)
    for covenant in (
        c
        for at, sentence in enumerate(_obligations(text, vocabulary))
        for c in _of_sentence(sentence, unit, vocabulary, definitions, intro if at else "")
    ):
        same = next((c for c in out if c.metric == covenant.metric and c.operator == covenant.operator), None)
        if same is None:
            out.append(covenant)
        else:
            same.steps = _merged(same.steps, covenant.steps)
            same.test_frequency = same.test_frequency or covenant.test_frequency
            same.basis = covenant.basis if covenant.basis == "ltm" else same.basis
    return out


def _column(rows: Sequence[Block], metric: Metric, vocabulary: Vocabulary) -> int | None:
    """The column of a table of several measures that is headed by this one."""
    header = next((row.header for row in rows if row.header), "")
    heads = [cell.strip() for cell in header.split("|")] if header else []
    named = {at: {hit[2].id for hit in vocabulary.metric_at(head)} for at, head in enumerate(heads)}
    several = len(set().union(*named.values())) > 1 if named else False
    family = {metric.id, *metric.define}
    return next((at for at, ids in named.items() if ids & family), None) if several else None


def _of_rows(unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """Tests listed in a table, one a row: measure, limit, how often. A table of margins lists one measure again and again."""
    rows = [row for row in unit.rows if len(row.cells) > 1]
    heads = " ".join({row.header for row in rows})
    if not rows or NOT_A_TEST.search(f"{heads} {unit.text}") or PRICED.search(f"{heads} {unit.text}"):
        return []
    out: list[Covenant] = []
    for row in rows:
        said = " ".join(cell for cell in row.cells if cell)
        own = next((cell for cell in row.cells if re.search(r"[A-Za-z一-鿿]", cell)), "")
        named = vocabulary.metric_at(own) or pair_in(f"{own} ", vocabulary)
        bounds = comparisons(said)
        if named and not bounds:
            way = ROW_MOST.search(heads), ROW_LEAST.search(heads)
            word = "不高于" if way[0] and not way[1] else "不低于" if way[1] and not way[0] else ""
            said = f"{own} {word} {' '.join(row.cells[row.cells.index(own) + 1 :])}" if word else ""
        elif named:
            said = " ".join(row.cells[row.cells.index(own) :])
        if named and said:
            out += _of_sentence(chinese_marks(said), unit, vocabulary, definitions, "借款人应：")
    return out if len({c.metric for c in out}) == len(out) else []


def _tabled(text: str, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> list[Covenant]:
    """A measure whose limits stand in the table under it, which also says which way they bound."""
    for sentence in sentences(text):
        headed = None if NOT_A_TEST.search(sentence) or PRICED.search(text) else _headed_table(sentence, unit, vocabulary)
        steps = table_steps(unit.rows, headed[0].unit) if headed else []
        if headed is not None and steps:
            return [_covenant(sentence, unit, headed[0], "", headed[1], steps, vocabulary, definitions)]
    return []


def _headed_table(sentence: str, unit: Unit, vocabulary: Vocabulary) -> tuple[Metric, Comparison] | None:
    """A sentence that names the measure and leaves which way it is bounded to the head of its table: 「上限」, "Maximum"."""
    heads = " ".join(sorted({row.header for row in unit.rows} | {cell for row in unit.rows[:1] for cell in row.cells}))
    most, least = ROW_MOST.search(heads), ROW_LEAST.search(heads)
    pair = pair_in(sentence, vocabulary)
    named = vocabulary.metric_at(sentence)
    if bool(most) == bool(least) or not (named or pair) or not (BELOW.search(sentence) or sentence.endswith((":", "："))):
        return None
    metric = pair[0] if pair is not None and not named else named[-1][2]
    operator = "<=" if most else ">="
    return (metric, Comparison(operator, len(sentence), len(sentence))) if vocabulary.bounds(metric.id, operator) else None


def chinese_marks(text: str) -> str:
    """`text` of the same length with the half-width marks between Chinese words as the full-width ones they stand for."""
    return HALF_MARK.sub(lambda match: match.group().translate(FULL_MARKS), text)


def _intro(unit: Unit) -> str:
    """ "The Borrower shall at each quarter end meet:" over points of the same clause that only state limits."""
    for at, paragraph in enumerate(unit.paragraphs):
        text = chinese_marks(without_clause_numbers(paragraph).strip())
        listed = LISTED.match(text)
        if listed:
            return f"{listed['lead']} "
        if text.endswith((":", "：")) and at + 1 < len(unit.paragraphs):
            return f"{sentences(text)[-1]} "
    return ""


def _of_sentence(
    sentence: str, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str], intro: str = ""
) -> list[Covenant]:
    lead = f"{_lead(unit.clause)}{intro}"
    listed = _is_default(unit, lead, "")
    event = listed or _is_default(unit, lead, sentence)
    if WAIVED.search(sentence):
        return []
    sentence = FORMER_QUOTED.sub(_before_bound, FORMER.sub("", without_clause_numbers(sentence)))
    if ONLY_IF.search(sentence) and first_of(vocabulary.actions, sentence):
        return []  # a test of an act, not of every period (ingestion.contracts.obligations)
    if not (OBLIGED.search(lead + sentence) or event) or NOT_A_TEST.search(sentence):
        return []
    # each bound with whether the sentence makes a default of being beyond it, instead of demanding to be within it
    bounds = []
    for bound in comparisons(sentence):
        demanded = not (_excused(lead, sentence[: bound.start]) or _when(sentence, bound))
        demanded = demanded and _holds(lead, sentence, bound)
        bounds.append((bound, demanded, event and (listed or bool(DEFAULT_WORDS.search(_piece(sentence, bound))))))
    named = []
    for bound, demanded, beyond in bounds:
        if not (demanded or beyond):
            continue
        measure = metric_of(sentence, bound, unit.clause.title, vocabulary, definitions)
        straight = demanded and measure is not None and vocabulary.bounds(measure[0].id, bound.operator)
        named.append((_turned(bound) if beyond and not straight else bound, measure))
    out: list[Covenant] = []
    for at, (bound, found) in enumerate(named):
        if found is None or (out and found[0].id == out[-1].metric and bound.operator == out[-1].operator):
            continue
        metric, definition = found
        if not vocabulary.bounds(metric.id, bound.operator):
            continue
        others = [b.start for b, m in named[at + 1 :] if m is not None and m[0].id != metric.id]
        words = reach(sentence, bound, others[0] if others else len(sentence))
        same = [b for b, m in named[at:] if m is not None and m[0].id == metric.id and b.operator == bound.operator]
        steps = bounded_steps(sentence, [(b.start, b.end) for b in same], metric.unit) or inline_steps(words, metric.unit)
        if not steps and (BELOW.search(sentence) or len(unit.paragraphs) <= 3):
            steps = table_steps(unit.rows, metric.unit, _column(unit.rows, metric, vocabulary))
        steps = _begun(sentence[: bound.start], steps)
        if steps:
            covenant = _covenant(sentence, unit, metric, definition, bound, steps, vocabulary, definitions)
            own = first_of(
                vocabulary.frequencies, YEAR_NAMED.sub("", sentence[named[at - 1][0].end if at else 0 : bound.end] + words)
            )
            covenant.test_frequency = own or covenant.test_frequency
            out.append(covenant)
    return out


def _before_bound(match: re.Match[str]) -> str:
    """What an amendment quotes of the former wording, without its limit."""
    quoted = match.group("q")
    bounds = comparisons(quoted)
    return quoted[: bounds[0].start] if bounds else match.group()


def _is_default(unit: Unit, lead: str, sentence: str) -> bool:
    """Whether being beyond a limit is stated as a default: in the sentence, the words above it, or the heading of the list."""
    if DEFAULT_WORDS.search(sentence) or DEFAULT_WORDS.search(lead):
        return True
    above = unit.clause.parent.text if unit.clause.parent is not None else ""
    return any(DEFAULT_LIST.search(text) for text in (above[-80:], *(node.title for node in unit.clause.lineage())))


def _piece(sentence: str, bound: Comparison) -> str:
    """The part of the sentence between semicolons that holds the bound."""
    start = max(sentence.rfind(mark, 0, bound.start) for mark in ";；") + 1
    ends = [at for at in (sentence.find(mark, bound.end) for mark in ";；") if at >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def _turned(bound: Comparison) -> Comparison:
    """ "falls below 1.20" as an event of default asks for 1.20 or more."""
    return replace(bound, operator="<=" if bound.operator == ">=" else ">=", strict=not bound.strict)


def _when(sentence: str, bound: Comparison) -> bool:
    """「不高于2.0倍时，…」: the bound says when something else holds."""
    value = next(iter(quantities(sentence[bound.end : bound.end + 30])), None)
    return value is not None and bool(
        re.match(r"\s*(?:（含）)?(?:时|方可|才能|的情况下|的情形下|的前提下)", sentence[bound.end + value.end :])
    )


def _begun(head: str, steps: list[Step]) -> list[Step]:
    """A single limit that begins on the day before it: "From and after 1 January 2028 the Current Ratio will not drop below 1.05"."""
    if len(steps) != 1 or steps[0].since is not None:
        return steps
    hit = next((hit for hit in dates(head) if FROM.search(head[: hit.start])), None)
    return [replace(steps[0], since=hit.day)] if hit is not None and not hit.whole_month else steps


def _obligations(text: str, vocabulary: Vocabulary) -> list[str]:
    """Sentences; a piece after a semicolon that bounds a measure it does not name goes on with the one before."""
    out: list[str] = []
    for piece in sentences(text):
        goes_on = bool(out) and out[-1].endswith(("；", ";")) and bool(comparisons(piece))
        moves = bool(out) and moves_on(piece)
        further = bool(out) and out[-1].endswith(("；", ";")) and goes_further(piece) and not vocabulary.metric_at(piece)
        if moves or further or (goes_on and not vocabulary.metric_at(piece) and not pair_in(piece, vocabulary)):
            out[-1] += piece if out[-1].endswith(("；", "。")) else f" {piece}"
        else:
            out.append(piece)
    return out


def _lead(clause: Clause) -> str:
    """ "The Borrower shall ensure that:" of the clause above, which governs every point under it."""
    text = clause.parent.text.strip() if clause.parent is not None and clause.parent.blocks else ""
    if text.endswith((":", "：", "that", "—")):
        return f"{sentences(text)[-1]} "
    # 「第五条 借款人承诺」 over points that only state limits
    headed = clause.parent is not None and DUTIES.search(clause.parent.title) and re.search(r"[一-鿿]", clause.parent.title)
    return "借款人应：" if headed else ""


def _excused(lead: str, head: str) -> bool:
    """Whether the bound only permits something, or stands in a condition."""
    return bool(PERMISSION.search(head)) or _conditional(lead + head)


def _holds(lead: str, sentence: str, bound: Comparison) -> bool:
    """ "1.25 to 1.00 or greater" is a duty only where something is to be maintained; elsewhere it describes."""
    behind = AFTERWARDS.fullmatch(sentence[bound.start : bound.end])
    return (
        not behind
        or sentence[bound.start : bound.end].startswith("为")
        or bool(
            re.search(
                r"\b(?:maintain|ensure|keep)\b|\b(?:shall|must|will)\b[^.;]{0,60}?\b(?:be|hold|have|stand|remain|show|stay|stays|keep)\b|\b(?:procure|undertake)[^.;]{0,60}?\b(?:stays?|remains?|keeps?)\b|[保维]持|确保|应|须|需|承诺|达到",
                lead + sentence[: bound.start],
                re.I,
            )
        )
    )


def reach(sentence: str, bound: Comparison, end: int) -> str:
    """The words a bound governs, up to `end`; in Chinese also the 「1.2以上」 and the 「2026年末」 before it."""
    tail = sentence[bound.end : end]
    if AFTERWARDS.fullmatch(sentence[bound.start : bound.end]):
        window = max(0, bound.start - 40)
        before = sentence[window : bound.start]
        # the limit is the last number before its bound; what stands further off belongs to something else
        own = [
            value for value in quantities(before) if re.fullmatch(r"[\s，,（(含)）或及本数]*(?:or)?\s*", before[value.end :])
        ]
        limit = before[own[-1].start :] if own else before
        return f"{limit}{sentence[bound.start : end]}" if MOVES.search(tail) and dates(tail) else limit
    dated = re.search(r"(?:截至|截止|自|从)?\s*(?:19|20)\d\d\s*年[^，。；]{0,14}$", sentence[: bound.start])
    return (dated.group() if dated else "") + tail


def _conditional(head: str) -> bool:
    """A bound inside a condition is no obligation: the condition word comes after the last "shall" before the bound."""
    marks = [match.start() for match in CONDITION.finditer(head)]
    duties = [match.start() for match in re.finditer(r"\b(?:shall|will|must)\b|应|须|不得|确保|保证", head)]
    return bool(marks) and (not duties or marks[-1] > duties[-1])


def _covenant(
    sentence: str, unit: Unit, metric: Metric, definition: str, bound: Comparison, steps: list[Step],
    vocabulary: Vocabulary, definitions: dict[str, str],
) -> Covenant:  # fmt: skip
    whole = unit.text
    clause = unit.clause
    printed = [sentence[start:end] for start, end, other in vocabulary.metric_at(sentence) if other.id == metric.id]
    titled = clause.title if not re.search(r"\d", clause.title) else ""
    spoken = re.match(r"[（(\d）)、.\s]*([一-鿿]{2,16})(?=[（(：:])", sentence)
    own = titled or (printed[0] if printed else "") or (spoken.group(1) if spoken else "")
    name = own or next((c.title for c in clause.lineage() if c.title), metric.id)
    covenant = Covenant(name, "maintenance", clause, metric.id, metric.unit, bound.operator, steps)
    begins = sentence.strip()[:60]
    covenant.place = next((block for block in clause.blocks if begins in chinese_marks(block.text)), covenant.place)
    covenant.text = "\n".join((*unit.paragraphs, *(row.text for row in unit.rows)))
    covenant.definition = definition
    # 「2026年度」 is when a limit holds, not how often it is tested
    undated = (YEAR_NAMED.sub("", text) for text in (sentence, whole))
    covenant.test_frequency = next((f for f in (first_of(vocabulary.frequencies, text) for text in undated) if f), None)
    governed = _lead(clause) + sentence
    covenant.test_frequency = covenant.test_frequency or first_of(vocabulary.frequencies, governed)
    if covenant.test_frequency is None:
        said = (text for term, text in definitions.items() if WHEN.search(term) and term in governed.lower())
        covenant.test_frequency = next((f for f in (first_of(vocabulary.frequencies, text) for text in said) if f), None)
    covenant.basis = metric.basis
    if metric.basis != "point":
        covenant.basis = first_of(vocabulary.bases, sentence) or first_of(vocabulary.bases, governed) or metric.basis
    covenant.scope = first_of(vocabulary.scopes, sentence) or first_of(vocabulary.scopes, governed) or "consolidated"
    if metric.unit == "money":
        amounts = [q.currency for q in quantities(covenant.text) if q.unit == "money" and q.currency]
        covenant.currency = amounts[0] if amounts else None
    entity = ENTITY.search(sentence)
    if entity:
        covenant.entity = entity.group("e").strip()
        covenant.metric = f"{metric.id}_subsidiary"
        covenant.remarks.append(f"tests {covenant.entity} alone, not the borrower")
    guarantor = GUARANTOR.search(sentence)
    if guarantor and any(0 <= start - guarantor.end() <= 4 for start, _, _ in vocabulary.metric_at(sentence)):
        covenant.entity = guarantor.group().strip()
        covenant.metric = f"{metric.id}_guarantor"
        covenant.remarks.append("tests the guarantor, not the borrower")
    give_grace(covenant, whole)
    trigger = TESTING.search(sentence)
    if trigger:
        covenant.condition = definitions.get(trigger.group("t").lower(), "") or f"only in a {trigger.group('t')}"
        covenant.remarks.append(f"springing: tested only in a {trigger.group('t')}")
    if SENIOR.search(sentence):
        covenant.remarks.append("tests senior or secured debt only: the measure named here counts all debt")
        covenant.confidence -= Decimal("0.30")
    if bound.strict:
        covenant.remarks.append("the wording excludes equality")
        covenant.confidence -= Decimal("0.05")
    if covenant.test_frequency is None:
        covenant.remarks.append(NO_FREQUENCY)
        covenant.confidence -= Decimal("0.10")
    if not definition:
        covenant.confidence -= Decimal("0.05")
    if CONDITION.search(sentence[bound.end :]) or re.search(r"\bprovided\b", sentence, re.I):
        covenant.remarks.append("the clause carries a proviso that changes the limit: read it")
        covenant.confidence -= Decimal("0.05")
    if len(steps) == 1 and steps[0].since is None and MOVES.search(sentence[bound.end :]) and dates(sentence[bound.end :]):
        covenant.remarks.append("the clause moves the limit on a day that could not be read: read it")
        covenant.confidence -= Decimal("0.20")
    if not all(fits_unit(step, metric) for step in steps):
        covenant.confidence -= Decimal("0.20")
    return covenant


def give_grace(covenant: Covenant, text: str) -> bool:
    """Sets the days a failure may be cured in, when `text` gives them."""
    grace = GRACE.search(text)
    if grace is None:
        return False
    days = count_of(grace.group("n") or grace.group("n2") or grace.group("n3"))
    covenant.grace_days = days
    covenant.grace_text = next((piece for piece in sentences(text) if grace.group() in piece), grace.group())
    business = grace.group("u") or (grace.group("u2") or grace.group("u3")) in WORKING
    covenant.grace_unit = "business_day" if business else "day"
    return bool(days)


def fits_unit(step: Step, metric: Metric) -> bool:
    """A plausible size: a multiple below 1,000, a share below 10, money above 1,000."""
    limits = {"x": (Decimal(0), Decimal(1000)), "ratio": (Decimal(0), Decimal(10)), "money": (Decimal(1000), Decimal(10) ** 13)}
    low, high = limits[metric.unit]
    return low <= step.threshold < high


def first_of(entries: Sequence[tuple[str, re.Pattern[str]]], text: str) -> str | None:
    """The first entry whose pattern occurs."""
    return next((name for name, pattern in entries if pattern.search(text)), None)


def _merged(first: list[Step], second: list[Step]) -> list[Step]:
    known = {(step.since, step.until) for step in first}
    return [*first, *(step for step in second if (step.since, step.until) not in known and (step.since or step.until))]


def _settle(found: list[Covenant], covenant: Covenant) -> None:
    """Adds a covenant; one in an amendment takes the place of the clause it names, one in a waiver is kept beside it."""
    clause = covenant.clause
    former = next((c for c in found if clause.target and c.clause.number == clause.target and not c.waived), None)
    if clause.edit == "amendment" and former is not None and clause.number == clause.target:
        covenant.supersedes = former
        covenant.remarks.append(f"as amended; replaces clause {former.clause.number} of the original text")
        found[found.index(former)] = covenant
        return
    if clause.edit == "waiver":
        if former is not None:
            former.remarks.append(f"clause {clause.number} waives it in part: {' '.join(covenant.text.split())[:300]}")
        return
    twin = next(
        (c for c in found if c.metric == covenant.metric and c.steps == covenant.steps and c.operator == covenant.operator),
        None,
    )
    if twin is None:
        found.append(covenant)
