"""What a contract demands besides maintenance tests: reports by a date, acts allowed only within limits, cross default.

Same caution as for ratios: a sentence that names the paper and the days, the act and its condition, or the other debt and
its amount becomes a proposal; anything looser stays text that search finds.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from ingestion.contracts.clauses import Clause, without_clause_numbers
from ingestion.contracts.comparisons import comparisons
from ingestion.contracts.counts import COUNT, count_of
from ingestion.contracts.duties import CONSENT, ONLY_IF, THIRD_PARTY, reach
from ingestion.contracts.measures import metric_of
from ingestion.contracts.proposals import Covenant, first_of, give_grace
from ingestion.contracts.steps import Step
from ingestion.contracts.thresholds import fits
from ingestion.contracts.undertakings import negative_undertakings
from ingestion.contracts.units import Unit, lead_of, units
from ingestion.contracts.vocabulary import Vocabulary
from ingestion.quantities import MONTH, MONTHS, quantities
from ingestion.text_passages import sentences

DAYS = re.compile(
    rf"within\s+(?:[a-z]+\s+)?\(?(?P<n>{COUNT})\)?\s+(?:calendar\s+|(?P<b>business\s+))?days|(?P<z>\d{{1,3}}|[一二三四五六七八九十百]{{1,5}})\s*个?(?P<w>工作|营业)?(?:日|天)(?:之?内)",
    re.I,
)
PERIOD_END = re.compile(
    r"(?:year|quarter|month|half)[- ]?(?:end|year)|end of (?:each|every|any)|会计年度|年度|季度|月度?|半年", re.I
)
BY_DAY = re.compile(
    rf"每年(?:的)?\s*(?P<m>{COUNT})\s*月\s*(?P<d>{COUNT})\s*[日号](?:之|以)?前[^，。；]{{0,6}}?(?:报送|提交|提供|递交)(?P<p>[^，。；]{{2,24}})"
    rf"|(?:\bby|\bbefore|\bnot? later than)\s+(?:(?P<d2>\d{{1,2}})\s+(?P<m2>{MONTH})|(?P<m3>{MONTH})\s+(?P<d3>\d{{1,2}}))\s*,?\s+(?:of\s+|in\s+)?(?:each|every) year",
    re.I,
)
"""A calendar day instead of days after the period: 「每年4月30日前报送上年度审计报告」, "by 30 April each year"."""
PERIOD_ENDS = {"annual_audited": (12, 31), "half_year": (6, 30)}
DELIVER = re.compile(r"\b(?:deliver|furnish|provide|submit|supply|accounts within)|提供|提交|报送|报告", re.I)
NO_DEFAULT = re.compile(r"\bno (?:default|event of default)\b|无违约|未发生违约", re.I)
PROFIT_CAP = re.compile(
    r"不(?:得)?超过(?:上一?年度|当年|上年)?(?:净利润|可分配利润)的?\s*(?P<v>\d+(?:\.\d+)?)\s*[%％]|(?P<e>\d+(?:\.\d+)?)\s*%\s+of\s+(?:the\s+)?(?:prior|preceding|consolidated)?[\w\s]{0,20}net (?:profit|income)",
    re.I,
)
OTHER_DEBT = re.compile(
    r"\b(?:other|any)\b[^.;]{0,60}\b(?:indebtedness|debt|borrowings?)\b|其他(?:债务|借款|融资|金融负债)|对其他(?:债权人|金融机构|银行)|对(?:任何|其他)?(?:第三方|第三人|他人)[^，。；]{0,12}(?:债务|借款|融资)|(?:其他|任何)(?:金融机构|银行|债权人)[^，。；]{0,12}(?:债务|借款|贷款|融资|授信)",
    re.I,
)
UNPAID = re.compile(
    r"\b(?:fail(?:s|ure)? to (?:pay|make)|default(?:s|ed)?|not paid|overdue|accelerat)|逾期|未(?:按期|能|予)?(?:偿还|清偿|偿付|兑付)|到期未[付还清偿]|违约",
    re.I,
)
DEFAULT_TITLE = re.compile(r"\bdefaults?\b|违约", re.I)
DEFAULT_EVENT = re.compile(
    r"(?:is|be|constitutes?) an event of default|视为.{0,10}违约|违约事件|构成.{0,10}违约|提前到期|加速到期", re.I
)
INCLUSIVE = re.compile(r"[（(]含|以上|\bequal(?:s|ing)? (?:to )?or\b|\bor more\b|\bat least\b|达到?", re.I)


LEVERAGE = frozenset({"debt_to_ebitda", "net_debt_to_ebitda"})
GUARANTEE = re.compile(r"(?:对外|为(?:第三方|他人|其他企业))[^。；，]{0,8}(?:提供)?[^。；，]{0,4}担保")


def other_covenants(
    clauses: Sequence[Clause], vocabulary: Vocabulary, definitions: dict[str, str], tests: Sequence[Covenant] = ()
) -> list[Covenant]:
    """Reporting duties, incurrence tests, negative undertakings with a number, cross default. `tests`: the maintenance tests found,
    which say what "Leverage" is."""
    out: list[Covenant] = []
    for unit in units(clauses):
        if any(re.search(r"definition|定义|释义", node.title, re.I) for node in unit.clause.lineage()):
            continue
        out += _reports(unit, vocabulary)
        for sentence in sentences(unit.text):
            out += [
                c
                for c in (
                    _incurrence(sentence, unit, vocabulary, definitions),
                    _cross_default(sentence, unit),
                    _guarantees(sentence, unit),
                )
                if c is not None
            ]
    out += negative_undertakings(list(units(clauses)), [*tests, *out])
    named = {test.metric for test in tests if test.metric in LEVERAGE}
    for covenant in out:
        if covenant.metric in LEVERAGE and len(named) == 1 and not re.search(r"debt to|债务", covenant.text, re.I):
            covenant.metric = named.copy().pop()
    return out


def _guarantees(sentence: str, unit: Unit) -> Covenant | None:
    """An amount that guarantees for others must not exceed without the lender's consent."""
    act = GUARANTEE.search(sentence)
    bound = re.search(r"不(?:得)?超过", sentence)
    if act is None or bound is None or not CONSENT.search(sentence):
        return None
    amounts = [q for q in quantities(sentence[bound.end() : bound.end() + 40]) if q.unit == "money" and q.currency]
    if len(amounts) != 1:
        return None
    covenant = Covenant(
        _name(unit.clause, "guarantees"),
        "negative",
        unit.clause,
        "contingent_guarantees",
        "money",
        "<=",
        [Step(amounts[0].value)],
    )
    covenant.text, covenant.currency, covenant.basis = sentence, amounts[0].currency, "point"
    covenant.extra = {"consent": "lender_written"}
    return covenant


def refine_negative(covenants: Sequence[Covenant]) -> None:
    """A limit that only the lender's consent lifts is a negative undertaking, and may forbid an act beside it."""
    for covenant in covenants:
        if CONSENT.search(covenant.text) and covenant.metric in ("contingent_ratio", "capex"):
            covenant.type = "negative"
            covenant.extra["consent"] = "lender_written"
            if THIRD_PARTY.search(covenant.text):
                covenant.extra["forbidden"] = ["third_party_guarantee"]


def _reports(unit: Unit, vocabulary: Vocabulary) -> list[Covenant]:
    items: list[dict[str, object]] = []
    # what is due on a calendar day is read apart, so that another paper's days are not taken for it
    for segment in re.split(r"[;；。]", BY_DAY.sub(lambda found: " " * len(found.group()), unit.text)):
        papers = [(m.start(), name) for name, pattern in vocabulary.reports for m in pattern.finditer(segment)]
        general = re.search(r"(?<!度)财务报表|会计报表", segment)
        if not papers and general and re.search(r"半年度?(?:结束|终了|末)", segment):
            papers = [(general.start(), "half_year")]
        elif not papers and general and re.search(r"每?季度?(?:结束|终了|末)", segment):
            papers = [(general.start(), "quarterly")]
        limits = [(m.start(), _days(m)) for m in DAYS.finditer(segment)]
        working = any(m.group("w") or m.group("b") for m in DAYS.finditer(segment))
        if not papers or not limits or not PERIOD_END.search(segment) or not (DELIVER.search(unit.text) or limits):
            continue
        papers.sort()
        first_limit = min(at for at, _ in limits)
        for at, name in papers:
            later = [days for place, days in limits if place > at]
            earlier = [days for place, days in limits if place < at]
            days = (earlier[-1] if earlier else None) if first_limit < papers[0][0] else (later[0] if later else None)
            if days is not None and all(item["doc"] != name for item in items):
                items.append({"doc": name, "days": days} | ({"unit": "business_day"} if working else {}))
    items += [item for item in _by_day(unit.text, vocabulary) if all(item["doc"] != other["doc"] for other in items)]
    if not items:
        return []
    covenant = Covenant(_name(unit.clause, "reporting"), "reporting", unit.clause, text=unit.text)
    covenant.extra = {"items": items}
    named = {item["doc"] for item in items}
    covenant.test_frequency = "quarterly" if "quarterly" in named else "semi_annually" if "half_year" in named else "annually"
    give_grace(covenant, unit.text)
    return [covenant]


def _by_day(text: str, vocabulary: Vocabulary) -> list[dict[str, object]]:
    """Papers due on a calendar day, with the days that is after a period that ends with the calendar's."""
    out: list[dict[str, object]] = []
    for segment in re.split(r"[;；。]", text):
        found = list(BY_DAY.finditer(segment))
        for match in found:
            words = match["p"] or (segment if len(found) == 1 else "")
            named = {name for name, pattern in vocabulary.reports if pattern.search(words)} & PERIOD_ENDS.keys()
            raw = match["m"] or match["m2"] or match["m3"]
            month = MONTHS.get(raw.lower()) or count_of(raw)
            day = count_of(match["d"] or match["d2"] or match["d3"])
            if len(named) != 1 or not month or not day or month > 12 or day > 31:
                continue
            name = named.pop()
            # any year without a leap day
            end, year = PERIOD_ENDS[name], 2025
            due = datetime.date(year + (1 if (month, day) <= end else 0), month, min(day, 28)).toordinal() + max(day - 28, 0)
            days = due - datetime.date(year, *end).toordinal()
            out.append({"doc": name, "days": days, "by": f"{month:02d}-{day:02d}"})
    return out


def _name(clause: Clause, otherwise: str) -> str:
    return next((node.title for node in clause.lineage() if node.title), otherwise)


def _days(match: re.Match[str]) -> int | None:
    return count_of(match.group("n") or match.group("z"))


def _incurrence(sentence: str, unit: Unit, vocabulary: Vocabulary, definitions: dict[str, str]) -> Covenant | None:
    action = first_of(vocabulary.actions, sentence)
    gate = ONLY_IF.search(sentence)
    if action is None or gate is None or len(sentence) > 900:
        return None
    conditions = []
    sentence = without_clause_numbers(sentence).strip()
    for bound in comparisons(sentence):
        found = metric_of(sentence, bound, unit.clause.title, vocabulary, definitions)
        values = [q for q in quantities(reach(sentence, bound, bound.end + 60)) if found and fits(q, found[0].unit)]
        if found and values:
            conditions.append((found[0], bound.operator, values[0].value))
    if not conditions:
        return None
    metric, operator, value = conditions[0]
    covenant = Covenant(_name(unit.clause, action), "incurrence", unit.clause, metric.id, metric.unit, operator, [Step(value)])
    covenant.text, covenant.basis = sentence, metric.basis
    covenant.extra = {"action": action, "no_event_of_default": bool(NO_DEFAULT.search(sentence))}
    cap = PROFIT_CAP.search(sentence)
    if cap:
        share = next(q.value for q in quantities(cap.group()) if q.unit == "ratio")
        covenant.extra["cap"] = {"share_of": "net_profit", "limit": format(share.normalize(), "f")}
    return covenant


def _cross_default(sentence: str, unit: Unit) -> Covenant | None:
    lineage = " ".join(node.title for node in unit.clause.lineage())
    headed = re.search(r"\bcross[- ](?:default|acceleration)|交叉违约", unit.text[:60], re.I)
    headed = headed or DEFAULT_EVENT.search(lead_of(unit.clause))
    if not (DEFAULT_TITLE.search(lineage) or headed or DEFAULT_EVENT.search(sentence)):
        return None
    if not OTHER_DEBT.search(sentence) or not UNPAID.search(sentence) or re.search(r"judg[e]?ment|判决", sentence, re.I):
        return None
    amounts = [q for q in quantities(sentence) if q.unit == "money" and q.currency and q.value >= 1000]
    together = len(amounts) == 2 and re.search(r"累计|合计|aggregate", sentence[amounts[0].end : amounts[1].start], re.I)
    if len(amounts) != 1 and not together:
        return None
    covenant = Covenant(
        _name(unit.clause, "cross default"), "cross_default", unit.clause, None, "money", None, [Step(amounts[0].value)]
    )
    covenant.text, covenant.currency = sentence, amounts[0].currency
    covenant.extra = {"inclusive": bool(INCLUSIVE.search(sentence[max(0, amounts[0].start - 40) : amounts[0].end + 8]))}
    if together:
        covenant.extra["aggregate"] = format(amounts[1].value.normalize(), "f")
    return covenant
