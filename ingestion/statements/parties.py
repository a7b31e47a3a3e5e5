"""Whose statements these are and what stands behind them: entity, registration id, language, standard, assurance, report date."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from ingestion.statements.model import Statement
from ingestion.statements.periods import Hint, all_dates, read_hint
from ingestion.statements.vocabulary import compact, simplified, words

_CJK = re.compile(r"[\u4e00-\u9fff]")
_USCI = re.compile(r"统一社会信用代码[^0-9A-Z]{0,12}([0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10})")
_PREPARED = re.compile(r"编制单位\s*[:：]\s*([^\s:：]{4,40}?)(?=\s|单位|币种|20\d\d|$)")
_CN_NAME = re.compile(
    r"([\u4e00-\u9fff（）()·A-Za-z]{2,40}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|合伙企业))"
)
_EN_SUFFIX = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|company|co|ltd|limited|plc|llc|l\.?p|n\.?v|s\.?a|ag|holdings?|group|trust|bancorp|bank|partners|reit)\b\.?"
    r"(?:,? (?:and|&) (?:its )?(?:consolidated )?subsidiar(?:y|ies)(?: companies)?)?$",
    re.IGNORECASE,
)
_EN_NAME = re.compile(
    r"\b[A-Z][\w&'’.-]*(?: (?:[A-Z][\w&'’.-]*|&|and|of|the)){0,6},? (?:Inc\b\.?|Incorporated|Corp\b\.?|Corporation|Limited|Ltd\b\.?|LTD|plc|Plc|PLC|LLC|N\.V\.|S\.A\.|INC\b\.?|LIMITED|CORPORATION)"
)
_CHARTER = re.compile(r"exact name of (?:the )?registrant", re.IGNORECASE)
_CN_REPORT = re.compile(r"(20\d\d)\s*年\s*(年度报告|半年度报告|(?:第)?[一二三四]季度报告|前三季度报告|度报告)")
_EN_REPORT = re.compile(
    r"(?:for the|annual report for the|report for)?\s*(?:fiscal |financial )?(?:year|quarter(?:ly period)?|period|(?:three|six|nine|twelve) months|half[- ]year)\s*(?:ended|ending)\s*:?\s*"
    r"[A-Za-z0-9,. ]{6,24}20\d\d",
    re.IGNORECASE,
)
HEAD_PAGES = 6


def is_chinese(texts: Sequence[str]) -> bool:
    """Whether more than a quarter of the letters are Chinese characters."""
    sample = "".join(texts[:40])[:200_000]
    chinese = len(_CJK.findall(sample))
    return chinese > 0.25 * max(chinese + len(re.findall(r"[A-Za-z]", sample)) / 4, 1)


def report_hint(texts: Sequence[str], *, chinese: bool) -> Hint:
    """What the document's title says about its period ("2024年第三季度报告", "for the fiscal year ended December 31, 2022")."""
    head = [simplified(t) for t in texts[:HEAD_PAGES]]
    if chinese:
        found: Counter[str] = Counter()
        for page in (*head, *(simplified(t) for t in texts[HEAD_PAGES:30])):
            found.update("".join(m.groups()) for m in _CN_REPORT.finditer(re.sub(r"\s", "", page)))
        for text, _ in found.most_common(3):
            hint = _cn_report(text)
            if hint:
                return hint
        return Hint()
    for page in head:
        match = _EN_REPORT.search(re.sub(r"\s+", " ", page))
        if match:
            hint = read_hint(match.group(0))
            if hint.full:
                return hint
    return Hint()


def _cn_report(text: str) -> Hint | None:
    year = int(text[:4])
    kind = text[4:]
    for word, month in (("第一季", 3), ("一季", 3), ("半年", 6), ("三季", 9), ("前三季", 9), ("年度", 12), ("度报", 12)):
        if word in kind:
            return Hint(year=year, month=month, day=None, months=month)
    return None


def dates_mentioned(texts: Sequence[str]) -> Counter[date]:
    """How often each full date stands in the document."""
    found: Counter[date] = Counter()
    for text in texts:
        if "20" in text:
            found.update(all_dates(text))
    return found


_LEGAL_FORM = re.compile(
    r"\b(?:co|ltd|limited|inc|incorporated|corp|corporation|company|plc|llc|lp|ag|sa|nv|group|holdings?)\b", re.I
)
_RUNNING_TITLE = re.compile(
    r"^(?:(?:management['’]s discussion (?:and|&) analysis|annual report|interim report|(?:consolidated )?financial statements|"
    r"notes to the (?:consolidated )?financial statements|independent auditor['’]?s['’]? report)(?: of| and)?\s+)+",
    re.I,
)


def entity_of(texts: Sequence[str], statements: Sequence[Statement], *, chinese: bool) -> str | None:
    """The reporting company: who the statements say prepared them, else the cover, else the line above the titles."""
    if chinese:
        return _chinese_entity(texts, statements)
    cover = _cover_name(texts[:2]) or _cover_line(texts[0] if texts else "")
    if cover:
        return cover
    above: Counter[str] = Counter()
    for statement in statements:
        for line in statement.tables[0].before:
            if (
                _EN_SUFFIX.search(line.strip())
                and len(line) < 90
                and not re.search(r"report|statement|page|notes?\b", line, re.I)
            ):
                above[_tidy(line)] += 1
    if above:
        return above.most_common(1)[0][0]
    named: Counter[str] = Counter()
    for text in texts[:30]:
        named.update(name for m in _EN_NAME.finditer(re.sub(r"\s+", " ", text)) if (name := _own_name(_tidy(m.group(0)))))
    if named:
        name, count = named.most_common(1)[0]
        return name if count >= 2 or len(texts) < 6 else None
    return None


def _tidy(line: str) -> str:
    name = re.sub(r",?\s*(?:and|&)\s+(?:its\s+)?(?:consolidated\s+)?subsidiar(?:y|ies).*$", "", line.strip(), flags=re.I)
    return re.sub(r"\s+", " ", name).strip(" ,.-–") + (
        "." if line.strip().endswith("Inc.") and not name.strip().endswith(".") else ""
    )


def _own_name(name: str) -> str:
    """The name without a running title before it; empty when nothing but a legal form is left."""
    own = _RUNNING_TITLE.sub("", name).strip(" ,.-–")
    return own if re.sub(r"[\W_]+", " ", _LEGAL_FORM.sub("", own)).strip() else ""


def _cover_line(text: str) -> str | None:
    """The first short line of the cover that is a company's name and nothing else."""
    for line in text.split("\n")[:12]:
        bare = line.strip()
        title_case = all(
            word[0].isupper() or word.lower() in ("of", "and", "the", "de") for word in re.findall(r"[A-Za-z]+", bare)
        )
        if (
            len(bare) < 60
            and _EN_SUFFIX.search(bare)
            and title_case
            and not re.search(r"report|statement|note|page|\d", bare, re.I)
        ):
            return _own_name(_tidy(bare)) or None
    return None


def _cover_name(pages: Sequence[str]) -> str | None:
    for page in pages:
        lines = [line.strip() for line in page.split("\n") if line.strip()]
        for index, line in enumerate(lines):
            if _CHARTER.search(line):
                above = [x.strip("_ ") for x in lines[max(index - 4, 0) : index]]
                names = [
                    x
                    for x in above
                    if re.search(r"[A-Za-z]{3}", x)
                    and not re.search(
                        r"commission|file n|\d{3}|form 10|transition|period|fiscal|year ended|washington", x, re.I
                    )
                ]
                if names:
                    return _tidy(names[-1])
    return None


def _chinese_entity(texts: Sequence[str], statements: Sequence[Statement]) -> str | None:
    named: Counter[str] = Counter()
    for statement in statements:
        for table in statement.tables:
            for line in (*table.above, *table.before):
                match = _PREPARED.search(simplified(line))
                if match:
                    named[match.group(1)] += 3
    for text in texts[:8]:
        for match in re.finditer(r"(?:公司的中文名称|公司名称|公司法定中文名称)\s*[:：]?\s*" + _CN_NAME.pattern, text):
            named[match.group(1)] += 2
    if named:
        return named.most_common(1)[0][0]
    running: Counter[str] = Counter()
    for text in texts[:30]:
        for line in text.split("\n")[:4]:
            match = _CN_NAME.search(line.strip())
            if match:
                running[match.group(1)] += 1
    return running.most_common(1)[0][0] if running else None


def registration_id(texts: Sequence[str]) -> str | None:
    """The unified social credit code, when one is printed beside its name."""
    for text in texts[:20]:
        match = _USCI.search(re.sub(r"\s", "", text))
        if match:
            return match.group(1)
    return None


def standard_of(tight_pages: Sequence[str], *, chinese: bool) -> str | None:
    """US_GAAP, IFRS, CAS or CAS_SMALL, by the standard the document names most (compact page texts); None when it names none."""
    counts: Counter[str] = Counter()
    for tight in tight_pages:
        for name, pattern in words().standards.items():
            counts[name] += len(pattern.findall(tight))
    if chinese:
        if counts["CAS_SMALL"] and counts["CAS_SMALL"] >= counts["CAS"] * 0.3:
            return "CAS_SMALL"
        return "IFRS" if counts["IFRS"] > 3 * max(counts["CAS"], 1) else "CAS"
    western = {name: counts[name] for name in ("IFRS", "US_GAAP") if counts[name]}
    return max(western, key=lambda n: western[n]) if western else None


def assurance_of(tight: Sequence[str], texts: Sequence[str], statements: Sequence[Statement]) -> str:
    """audited, reviewed, unaudited or unknown, for the statements of a document (`tight`: compact texts of the pages about
    them; `texts`: every page, as the audit report may stand behind the notes)."""
    patterns = words().assurance
    for statement in statements:
        for table in statement.tables:
            if patterns["unaudited"].search(compact(" ".join([table.title_text, *table.above, *table.before]))):
                return "unaudited"
    signed = any(patterns["audited_english"].search(t) for t in tight)
    signed = signed or any(patterns["audited_text"].search(t) for t in texts)
    if not signed and any(patterns["unaudited_page"].search(t) for t in tight):
        return "unaudited"
    if signed or any(patterns["audited_page"].search(t) for t in tight):
        return "audited"
    return "reviewed" if any(patterns["reviewed_page"].search(t) for t in tight) else "unknown"
