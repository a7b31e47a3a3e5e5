"""What a borrower must not do: charges, disposals, guarantees, debt, dividends and acquisitions, as negative undertakings.

Which acts a bank watches and how clauses name them is the rulebook's (covenants/acts.yaml); here is only what makes a sentence forbid
one. A clause that already gave a test is not told twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.contracts.clauses import Clause, without_clause_numbers
from ingestion.contracts.duties import CONSENT, DEFAULT_WORDS, ELSEWHERE, NOT_A_TEST, ONLY_IF
from ingestion.contracts.proposals import Covenant
from ingestion.contracts.steps import Step
from ingestion.contracts.units import DEFINING, Unit, lead_of
from ingestion.quantities import quantities
from ingestion.text_passages import sentences
from tools.rulebook.act_rules import load_acts_restricted

FORBIDS = re.compile(
    r"\b(?:shall|will|must|may) not\b(?! (?:include|be (?:deemed|construed|required)|apply|constitute|affect|violate|conflict|result|prohibit|prevent|limit|restrict))|\bno (?:member of the Group|Group (?:Company|Member)|Obligor|Loan Party|Subsidiary|Borrower)\b[^.;]{0,80}\b(?:shall|may|will)\b"
    r"|\b(?:procure|ensure)s? that (?:no|none)\b|\b(?:neither|not to)\b|(?:^|[;:.]\s*)\W*(?:Create|Incur|Sell|Dispose|Assume)\b|不得|禁止|不(?:会|对外|再)?(?:提供|设定|设立|处置|转让|出售)",
    re.I,
)
BY_BORROWER = re.compile(
    r"借款(?:人|企业|单位|方)|受信(?:人|企业)|授信申请人|甲方|乙方|公司|企业|债务人|\b(?:Borrowers?|Company|Parent|Group|Obligors?|Issuer|Loan Part(?:y|ies)|It|Subsidiary)\b",
    re.I,
)
BY_LENDER = re.compile(
    r"(?:贷款人|贷款行|银行|代理行)(?:不得|不会)|\b(?:Lenders?|Bank|Agent|Finance Part(?:y|ies)) (?:shall|may|will) not\b", re.I
)
BEYOND = re.compile(r"超过|高于|以上|\bexceed(?:s|ing)?\b|\bin excess of\b|\b(?:more|greater|higher) than\b|\babove\b", re.I)
NO_DUTY = re.compile(
    r"^\W*provided\b|(?:贷款|借款|资金|款项)[^。；]{0,24}(?:用于|用途|流入|投向)|\bproceeds\b|\bexecution,? (?:and )?delivery\b|\bERISA\b",
    re.I,
)
EXCEPTIONS = re.compile(r"\b(?:except|other than|provided that)\b[^.;]{0,60}[:：]\s*$", re.I)
"""A proviso, what the loan may be used for, a statement on signing, a list of what is let through: none forbids anything."""
ABOUT_THE_LOAN = re.compile(
    r"本合同项下(?:的)?(?:权利|义务|债务)|\b(?:rights|obligations) (?:and obligations )?under (?:this|the Finance)", re.I
)


def negative_undertakings(units: Sequence[Unit], told: Sequence[Covenant]) -> list[Covenant]:
    """One for each clause that forbids an act the bank watches."""
    out: list[Covenant] = []
    done: list[Clause] = []
    acts = load_acts_restricted()
    for unit in units:
        lineage = unit.clause.lineage()
        if any(ELSEWHERE.search(node.title) for node in lineage) or any(c.clause is unit.clause for c in told):
            continue
        lead = lead_of(unit.clause)
        for sentence in sentences(without_clause_numbers(unit.text)):
            said = f"{lead}{sentence}"
            forbids = FORBIDS.search(said)
            if forbids is None or not BY_BORROWER.search(said) or BY_LENDER.search(said) or DEFINING.match(sentence):
                continue
            if NO_DUTY.search(sentence) or EXCEPTIONS.search(lead) or any(node in done for node in lineage):
                continue
            if (
                NOT_A_TEST.search(sentence)
                or DEFAULT_WORDS.search(said)
                or ONLY_IF.search(sentence)
                or ABOUT_THE_LOAN.search(sentence)
            ):
                continue
            named = [kind for kind in acts.kinds if kind.words.search(said[forbids.start() :].lower())]
            if not named:
                continue
            title = next((node.title for node in lineage if node.title), named[0].id)
            made = Covenant(title, "negative", unit.clause, text=sentence, definition=sentence)
            made.extra = {"actions": [kind.id for kind in named]} | (
                {"consent": "lender_written"} if CONSENT.search(sentence) else {}
            )
            beyond = BEYOND.search(sentence)
            amounts = quantities(sentence[beyond.end() :]) if beyond else []
            money = next((q for q in amounts if q.unit == "money" and q.currency and q.value >= 1000), None)
            if money is not None:
                made.steps, made.currency, made.unit = [Step(money.value)], money.currency, "money"
            out.append(made)
            done.append(unit.clause)
            break
    return out
