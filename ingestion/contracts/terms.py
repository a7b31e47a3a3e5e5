"""The terms on the face of a contract: parties, amount, rate, dates, purpose, payment control, repayment, security.

Each term is quoted with its place and only taken from wording that states it; what the contract does not say is absent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ingestion.blocks import Block
from ingestion.contracts.clauses import OWN_NUMBER, Clause
from ingestion.contracts.remedies import remedy_terms
from ingestion.quantities import dates, quantities
from ingestion.text_passages import sentences

ROLES = {
    "借款人": "borrower", "贷款人": "lender", "贷款行": "lender", "保证人": "guarantor", "担保人": "guarantor",
    "借款企业": "borrower", "借款单位": "borrower", "借款方": "borrower", "用款单位": "borrower", "受信企业": "borrower", "贷款银行": "lender",
    "贷款方": "lender", "贷款机构": "lender", "授信银行": "lender", "出借人": "lender", "保证方": "guarantor", "保证企业": "guarantor",
    "抵押人": "mortgagor", "出质人": "pledgor", "受信人": "borrower", "授信人": "lender", "borrower": "borrower", "company": "borrower", "lender": "lender",
    "bank": "lender", "guarantor": "guarantor", "parent": "parent", "agent": "agent", "administrative agent": "agent",
}  # fmt: skip
PARTY = r"(?:借款(?:人|企业|单位|方)|用款单位|受信(?:人|企业)|贷款(?:银行|方|机构|人|行)|授信(?:银行|人)|出借人|保证(?:人|方|企业)|担保人|抵押人|出质人)"
ZH_PARTY = re.compile(
    rf"^(?P<r>{PARTY}|甲方|乙方|丙方)\s*(?:[（(](?P<a>[^）)]{{1,12}})[）)])?\s*(?:[:：]\s*|\s+(?=\S*(?:公司|行|社|厂)(?:\s|$)))"
    r"(?P<n>[^\s，,；;。|]{4,40})"
)
COMPANY = (
    r"(?:Co\., (?:Ltd|LTD)\.?|CO\., LTD\.?|INC\.?|Inc\.?|CORP(?:ORATION|\.)?|Corp(?:oration|\.)?|LTD\.?|Ltd\.?|Limited|LIMITED|L\.P\.|LLC|ULC|PLC|plc|Co\.|Company|"
    r"COMPANY|N\.A\.|NA|Bank|BANK|NATIONAL ASSOCIATION)"
)
EN_PARTY = re.compile(
    rf"(?P<n>[A-Z][A-Za-z0-9&.,'’\- ]{{2,60}}?{COMPANY}(?:, N\.A\.)?)(?:,(?:[^()\"“]|\([^()\"“]{{0,60}}\)){{0,200}}?)?\s*\(\s*"
    r"(?:the\s+|together[^\"“]{0,60}|as\s+)?[\"“]?(?P<r>Borrower|Company|Lender|Bank|Guarantor|Parent|Administrative Agent|Agent)s?[\"”]?"
)
EN_AS = re.compile(
    rf"(?P<n>[A-Z][A-Za-z0-9&.,'’\- ]{{2,60}}?{COMPANY}(?:, [A-Z][a-z]+(?: [A-Z][a-z]+)? Branch)?)\s*(?:\([^()]{{0,160}}\))?,?\s+as (?:the )?(?P<r>borrower|lender|guarantor|agent)\b"
)
EN_LABEL = re.compile(r"^(?P<r>Borrower|Lender|Guarantor)\s*[:：]\s*(?P<n>[^;,]{4,80})$", re.I)
COVER_PARTY = re.compile(r"^as\s+(?P<r>Borrower|Lender|Agent|Guarantor|Administrative Agent)$", re.I)
BEFORE_NAME = re.compile(
    r"^.*\b(?:and|among|between|by|undersigned)\b,?\s+(?=[A-Z])|^.*\bdated as of [^,]*,\s*(?:\d{4},)?\s*", re.S
)
COVER = 40
"""Blocks that a cover page may take."""
AMOUNT = re.compile(
    r"(?:贷款金额|借款金额|授信额度|本金金额|币种[及和与、]金额|金额[及和与、]币种|贷款本金|借款本金|本合同项下.{0,6}(?:贷款|借款)|(?:贷款|借款)，金额).{0,20}?(?:为|是|:|：)"
    r"|(?:最高)?授信额度(?=\s*(?:人民币|[¥￥\d]))|(?:提供|发放|申请)(?:金额为?)?人民币(?:[（(]?大写[）)]?)?(?=[^。；]{0,60}(?:贷款|借款|授信))|(?:大写|金额)[^。；]{0,40}?[（(](?:小写)?[:：]?\s*(?=[¥￥])"
    r"|the (?:principal (?:amount|sum)|aggregate principal amount|loan amount) (?:of|is)\b|\bLoan Amount\s*:|\b(?:will|shall|agrees? to) lend\b[^.;]{0,80}?\b(?:of|up to)\b(?=\s*(?:[A-Z]{3}|[$€£¥]))|\bmakes? available[^.]{0,120}?amount of",
    re.I,
)
RATE = re.compile(
    r"(?:贷款利率|借款利率|年利率|执行利率).{0,40}|interest[^.;]{0,60}at (?:a|the) (?:fixed )?rate[^;]{0,60}?per (?:annum|year)|\bInterest Rate\s*:.{0,60}|\binterest (?:runs|accrues|is (?:charged|payable|fixed)|shall (?:accrue|run)) at\b.{0,40}|\bbears? interest at\b.{0,60}|\brate of interest on[^.]{0,40}\bis\b.{0,60}",
    re.I,
)
SPREAD = re.compile(
    r"(?P<base>LPR|SOFR|SONIA|SORA|TIBOR|LIBOR|EURIBOR|HIBOR|Base Rate|Prime Rate).{0,30}?(?P<sign>加|减|\+|-|plus|minus|上浮|下浮)\s*(?P<v>\d+(?:\.\d+)?)\s*"
    r"(?P<u>%|％|个?基点|BP|bps?|basis points?|percent|per cent\.?)",
    re.I,
)
TERM = re.compile(
    r"(?:(?:贷款|借款|授信|额度)(?:有效)?(?:期限|期间)|(?<![一-鿿])期限[:：为]).{0,80}|[\"“]?(?:maturity date|commitment termination date|final maturity date).{0,120}",
    re.I,
)
SIGNED = re.compile(
    r"(?:签订日期?|签署日期?|签约日期?|\b(?:was|is) signed on\b|合同签订于|dated as of|entered into as of|made (?:as of|on)|is dated).{0,40}",
    re.I,
)
PURPOSE = re.compile(
    r"(?:贷款用途|借款用途|资金用途|额度用途|授信用途|款项用途|(?<![一-鿿])用途(?=\s*(?:为|:|：)))\s*(?:为|:|：|用于)?\s*(?P<p>[^。；;]{2,160})|(?:借款人应将.{0,10}|本合同项下的?)(?:贷款|借款)资?金?.{0,4}?用于(?P<q>[^。；;]{2,120})"
    r"|^(?:the )?Borrowers? (?:shall|will) use the proceeds[^.]{0,60}?\bfor (?P<e>[^.;]{5,240})|\bshall apply all amounts borrowed (?:by it )?(?:under the Facility )?towards (?P<t>[^.;]{5,240})|\b(?:money|loan|facility|advance)s? (?:is|are|shall be) (?:lent|made|provided|made available|granted) for (?P<m>[^.;]{5,240})|\bPurpose\s*:\s*(?P<l>[^.;]{3,160})",
    re.I,
)
PAYMENT = (
    (
        re.compile(
            r"(?:采用|采取|应当?|以|实行|方式为).{0,10}受托支付|由贷款(?:人|银行|行|方)[^，。；]{0,6}受托支付|贷款人受托支付方式|\bentrusted payment\b",
            re.I,
        ),
        "entrusted",
    ),
    (
        re.compile(
            r"(?:采用|采取|应当?|以|实行|方式为).{0,10}自主支付|(?<!其余)由借款(?:人|企业|单位|方)[^，。；]{0,6}自主支付|借款人自主支付方式|\bself[- ]payment\b",
            re.I,
        ),
        "self",
    ),
)
REPAYMENT = (
    ("equal_instalment", r"等额本息|equal (?:monthly |quarterly )?instal?ments of principal and interest"),
    ("equal_principal", r"等额本金|本金(?:按|每)[^，。；]{0,6}等额(?:归还|偿还)|等额(?:归还|偿还|分期归还)本金|equal (?:monthly |quarterly )?(?:principal )?instal?ments of principal"),
    ("interest_only", r"利息(?:按|每)[月季年半][^，。；]{0,6}支付[^。；]{0,40}[；，;]?\s*本金于[^，。；]{0,14}一次(?:性)?(?:还清|偿还|归还)|按[月季期](?:付息|结息)[，,、]?\s*(?:于借款|于贷款)?到期日?(?:一次)?(?:性)?(?:还|偿还)本|先息后本|interest (?:monthly|quarterly)[^.]{0,40}principal at maturity"),
    ("bullet", r"到期一次(?:性)?还本付息|本金[和及]利息于(?:贷款|借款)?到期日?一并(?:支付|偿还|归还)|利随本清|bullet repayment"),
)  # fmt: skip
SECURITY = re.compile(
    r"(?:提供|以)[^。；]{2,60}?(?:抵押|质押|连带责任保证|连带保证)[^。；]{0,40}|[^\s。；：]{2,40}(?:抵押|质押)(?=[，。；]|$)[^。；]{0,60}"
    r"|[^\s。；：]{2,40}提供连带(?:责任)?保证[^。；]{0,40}|\b(?:is|are|shall be) secured by (?P<e>[^.;]{5,240})",
    re.I,
)

OTHER_SECURITY = re.compile(r"不得|未经|另行|\bshall not\b|\bany\b", re.I)
"""A sentence about security that may come or must not be given names none."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term as found, with the words it was read from."""

    name: str
    value: Any
    text: str
    page: int | None
    locator: str | None

    @property
    def place(self) -> tuple[int | None, str | None]:
        """Page and locator."""
        return self.page, self.locator

    def shape(self) -> dict[str, Any]:
        """As JSON; decimals as strings, dates ISO."""
        return {"name": self.name, "value": self.value, "text": self.text[:400], "page": self.page, "locator": self.locator}


def contract_terms(blocks: Sequence[Block]) -> list[Term]:
    """The terms in order of appearance; the first statement of each wins, parties may be several."""
    terms: list[Term] = []
    _parties(blocks[:400], terms)
    for at, block in enumerate(blocks):
        if at < COVER and re.fullmatch(r"(?:U\.S\.\s?)?[$€£¥￥][\d,.]+(?:\s+.{0,40})?", block.text):
            _amount(block.text, block, terms)
        for sentence in sentences(block.text):
            _simple_terms(sentence, block, terms)
        _repayment(block, terms)
    return terms


def signed_on(terms: Sequence[Term]) -> date | None:
    """The signing date, when the contract states it."""
    return next((date.fromisoformat(term.value) for term in terms if term.name == "signed"), None)


def borrower_of(terms: Sequence[Term]) -> str | None:
    """The borrower's printed name; the parent's where only that is defined."""
    parties = [term.value for term in terms if term.name == "party"]
    return next((party["name"] for role in ("borrower", "parent") for party in parties if party["role"] == role), None)


SECURES = re.compile(r"保证合同|抵押合同|质押合同|\bguarantee\b|\bguaranty\b|\bsecurity agreement\b|\bmortgage\b", re.I)
DEBTOR = re.compile(
    r"(?:债务人|主债务人|被保证人|借款人)(?:名称)?\s*(?:[（(]?即\s*|[:：为]\s*)?(?P<z>[一-鿿（）()]{2,28}?(?:股份有限公司|有限责任公司|有限公司|集团公司))"
    r"|\b(?:obligations|indebtedness|debts?|liabilities) of (?P<e>(?:[A-Z][\w&'.-]*\s){1,5}?(?:Inc|Corp|Corporation|Ltd|Limited|LLC|PLC|plc|Company)\b)"
)
ALIAS = re.compile(
    r"(?:保证人|担保人|保证方)\s*[（(]\s*(?:以下)?(?:简称)?[“\"]?(?P<a>[甲乙丙丁戊]方)[”\"]?\s*[）)]|(?P<b>[甲乙丙丁戊]方)\s*[（(]\s*(?:保证人|担保人|保证方)\s*[）)]"
)
"""The short name a contract gives its guarantor."""
WITHIN = re.compile(
    r"[\"“](?P<t>[^\"”]{2,60})[\"”]\s*(?:shall\s+mean|means?|being)\b[^\"“]{6,}|[“「\"](?P<z>(?=[^”」\"]*[一-鿿])[^”」\"]{2,20})[”」\"]\s*(?:是指|系指|指)[^“「\"]{4,}"
)
"""Definitions in the middle of a paragraph, one after another."""


def debtor_of(text: str, terms: Sequence[Term]) -> tuple[bool, str | None]:
    """For a guarantee or a mortgage: (it is one, the debtor its text names). Whoever gives it is not the borrower."""
    roles = {term.value["role"] for term in terms if term.name == "party"}
    named = DEBTOR.search(text[:6000])
    secures = "guarantor" in roles or bool(SECURES.search(text[:200]))
    return secures and "borrower" not in roles, next((part for part in named.groups() if part), None) if named else None


def definitions_of(clauses: Sequence[Clause]) -> dict[str, str]:
    """Defined terms, lower case, with their whole definition: "X" means …, 「X」指…"""
    out: dict[str, str] = {}
    for clause in clauses:
        for block in clause.blocks:
            match = re.match(
                r"^[\"“](?P<t>[^\"”]{2,60})[\"”](?:\s+or\s+[\"“][^\"”]{2,60}[\"”])?\s*(?:shall\s+mean|means?|is\s+defined)"
                r"|^[“\"「]?(?P<z>[一-鿿A-Za-z/]{2,20})[”\"」]?\s*(?:是指|系指|指)[：:，,]?",
                OWN_NUMBER.sub("", block.text),
            )
            if match:
                term = " ".join((match.group("t") or match.group("z")).lower().split())
                begun = len(block.text) - len(OWN_NUMBER.sub("", block.text).lstrip())
                following = WITHIN.search(block.text, begun + match.end())
                out.setdefault(term, block.text[: following.start() if following else None][:1500])
            for alias in ALIAS.finditer(block.text):
                out.setdefault(alias["a"] or alias["b"], f"{alias['a'] or alias['b']}指保证人")
            for inner in WITHIN.finditer(block.text):
                out.setdefault(" ".join((inner.group("t") or inner.group("z")).lower().split()), inner.group()[:1500])
    return out


def _parties(face: Sequence[Block], terms: list[Term]) -> None:
    seen: set[tuple[str, str]] = set()

    def add(role: str, raw: str, block: Block) -> None:
        name = BEFORE_NAME.sub("", " ".join(raw.split()).strip(" ,，")).strip(" ,，")
        if (role, name.lower()) not in seen and len(name) >= 4:
            seen.add((role, name.lower()))
            terms.append(Term("party", {"role": role, "name": name}, block.text, block.page, block.locator))

    for at, block in enumerate(face):
        lines = (
            [" ".join(pair) for pair in zip(block.cells, block.cells[1:], strict=False)]
            if block.cells
            else _face_lines(block.text)
        )
        for line in lines:
            match = ZH_PARTY.match(line.strip())
            if match:
                known = match.group("r") if match.group("r") in ROLES else match.group("a")
                if known in ROLES:
                    add(ROLES[known], match.group("n"), block)
            label = EN_LABEL.match(line.strip())
            if label:
                add(ROLES[label.group("r").lower()], label.group("n"), block)
        cover = COVER_PARTY.match(block.text.strip())
        if cover and at:
            add(ROLES[cover.group("r").lower()], face[at - 1].text, block)
        for match in EN_AS.finditer(block.text[:4000]):
            add(ROLES[match.group("r").lower()], match.group("n"), block)
        for match in EN_PARTY.finditer(block.text[:4000]):
            add(ROLES[match.group("r").lower()], match.group("n"), block)


def _face_lines(text: str) -> list[str]:
    """Lines of the face; a PDF's lines may have been joined, so a party's label starts one too."""
    parts = re.split(rf"\n|(?<=。)|(?={PARTY}\s*[（(:：])|(?={PARTY}\s+\S)|(?=统一社会信用代码|注册地址|法定代表人|住所)", text)
    return [part for part in parts if part.strip()]


def _amount(text: str, block: Block, terms: list[Term]) -> None:
    money = next((q for q in quantities(text) if q.unit == "money" and q.currency and q.value >= 1000), None)
    if money is not None and all(term.name != "amount" for term in terms):
        value = {"amount": format(money.value.normalize(), "f"), "currency": money.currency}
        terms.append(Term("amount", value, block.text, block.page, block.locator))


def _simple_terms(sentence: str, block: Block, terms: list[Term]) -> None:
    have = {term.name for term in terms}

    def add(name: str, value: Any) -> None:
        if name not in have and value:
            have.add(name)
            terms.append(Term(name, value, sentence, block.page, block.locator))

    amount = AMOUNT.search(sentence)
    if amount:
        _amount(sentence[amount.start() :], block, terms)
    rate = RATE.search(sentence)
    if rate:
        spread = SPREAD.search(sentence)
        plain = next((q for q in quantities(rate.group()) if q.unit == "ratio"), None)
        if spread:
            add(
                "rate",
                {"base": spread.group("base"), "sign": spread.group("sign"), "spread": spread.group("v") + spread.group("u")},
            )
        elif plain:
            add("rate", {"annual": format(plain.value.normalize(), "f")})
    term = TERM.search(sentence)
    if term:
        days = [hit.day for hit in dates(term.group())]
        if len(days) >= 2 and "期限" in term.group():
            add("start_date", days[0].isoformat())
            add("end_date", days[-1].isoformat())
        elif days:
            add("end_date", days[0].isoformat())
    signed = SIGNED.search(sentence)
    if signed:
        days = [hit.day for hit in dates(signed.group())]
        add("signed", days[0].isoformat() if days else None)
    purpose = PURPOSE.search(sentence)
    if purpose:
        add("purpose", next((part for part in purpose.groups() if part), "").strip(" 。：:"))
    for pattern, value in PAYMENT:
        if pattern.search(sentence):
            add("payment_control", value)
    security = SECURITY.search(sentence)
    if security and not OTHER_SECURITY.search(sentence):
        given = (security.group("e") or security.group()).strip()
        last = terms[-1] if terms and terms[-1].name == "security" else None
        if last is not None and last.place == (block.page, block.locator) and last.text in block.text:
            terms[-1] = replace(last, value=f"{last.value.rstrip('；;。')}；{given}", text=f"{last.text}{sentence}")
        add("security", given)
    for name, value in remedy_terms(sentence):
        add(name, value)


def _repayment(block: Block, terms: list[Term]) -> None:
    """How it is repaid: read from the whole block, because interest and principal stand on either side of a semicolon."""
    found = next((value for value, wording in REPAYMENT if re.search(wording, block.text, re.I)), None)
    if found and all(term.name != "repayment_type" for term in terms):
        terms.append(Term("repayment_type", found, block.text, block.page, block.locator))
