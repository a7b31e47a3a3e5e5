"""Contracts from loans: fills the texts with a loan's own terms, so that paper and loan book never disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from eval.sample_bank.lending import Lent
from eval.sample_bank.papers.contract import Clause, Contract
from eval.sample_bank.papers.report import Company, chinese_date
from eval.sample_bank.papers.wording import capital_amount, grouped, percent
from eval.sample_bank.registers import LENDER, LENDER_EN

_TITLES = {
    "working_capital": "流动资金借款合同",
    "fixed_asset": "固定资产借款合同",
    "trade": "贸易融资合同",
    "commercial_mortgage": "商用物业抵押借款合同",
}
_PERIODS = {"monthly": "按月", "quarterly": "按季", "semi_annually": "按半年", "annually": "按年", "at_maturity": "到期一次性"}
_CURRENCIES = {"CNY": ("人民币", "元"), "USD": ("美元", "美元")}
REPORTING = (
    Clause(
        "乙方应在每一会计年度结束后120日内向甲方提供经会计师事务所审计的年度财务报表，在每半年结束后45日内向甲方提供半年度财务报表。",
        "",
        "undertakings",
    ),
    Clause(
        "乙方不得在未经甲方书面同意的情况下对外出售、转让主要经营性资产，或者在主要资产上为第三方设立担保权益。",
        "",
        "undertakings",
    ),
    Clause("乙方应为抵押物足额投保，并以甲方为第一受益人，保险期限不得短于借款期限。", "", "undertakings"),
)


def chinese_contract(
    company: Company, loans: Sequence[Lent], number: str, signed: date, *, reason: str, purpose: str, security: str,
    clauses: Sequence[Clause], amount: Decimal | None = None, payment: str = "", supersedes: str = "", lender: str = LENDER,
    account: str = "结算", html: bool = False,
) -> Contract:  # fmt: skip
    """A Chinese contract over one or several loans of one kind; the first gives rate and dates."""
    main = loans[0]
    total = amount if amount is not None else sum((loan.amount for loan in loans), Decimal(0))
    name, unit = _CURRENCIES[main.currency]
    entrusted = (
        "采用贷款人受托支付与借款人自主支付相结合的方式。单笔支付金额超过人民币1,000万元且支付对象明确的，应当采用受托支付方式，"
        "由甲方根据乙方的提款申请和支付委托，将借款通过乙方账户支付给符合合同约定用途的交易对象。"
    )
    fill = {
        "title": _TITLES[main.kind], "lender": lender, "lender_address": "江州市滨江大道188号江海大厦", "lender_head": "周正",
        "borrower": company.name, "registration": company.registration, "borrower_address": company.address,
        "legal_representative": company.legal_representative, "signed": chinese_date(signed), "place": "江州市",
        "purpose_reason": reason, "currency_name": name, "amount_words": capital_amount(total, unit), "currency_code": main.currency,
        "amount": grouped(total), "start": chinese_date(main.start), "end": chinese_date(main.end), "purpose": purpose,
        "rate": percent(main.rate), "rate_terms": "在借款期限内固定不变", "interest_terms": _interest_words(main),
        "payment_terms": payment or entrusted, "account": account, "repayment_terms": _repayment_words(main), "security": security,
        "supersedes": supersedes,
    }  # fmt: skip
    schedule = [(chinese_date(due.day), f"{name}{grouped(due.principal)}{unit}") for due in main.flows if due.principal]
    own = {clause.place for clause in clauses}
    rest = [c for c in REPORTING[:1] if "undertakings" not in own] + list(REPORTING[1:])
    return Contract(
        template="loan_contract.zh.md", language="zh", company=company, lender=lender, number=number, signed=signed, fill=fill,
        clauses=[*clauses, *rest], schedule=schedule,
    )  # fmt: skip


def english_facility(
    company: Company, loan: Lent, number: str, signed: date, *, facility: str, purpose: str, security: str,
    clauses: Sequence[Clause], law: str, governing_law: str, rate_terms: str, supersedes: str = "", lender: str = LENDER_EN,
    amount: Decimal | None = None, repayment: str = "",
) -> Contract:  # fmt: skip
    """An English facility agreement."""
    words = {
        "interest_only": "The Borrower shall pay accrued interest on the last day of each interest period and repay each Loan in full on the "
        f"Termination Date, {_english_date(loan.end)}.",
        "equal_principal": "The Borrower shall repay the Loan in equal quarterly instalments of principal, together with accrued interest.",
    }
    fill = {
        "title": "Facility Agreement", "lender": lender, "borrower": company.name_en, "registration": company.registration,
        "law": law, "governing_law": governing_law, "signed": _english_date(signed), "facility": facility,
        "currency_code": loan.currency, "amount": grouped(amount if amount is not None else loan.amount), "purpose": purpose,
        "rate": percent(loan.rate), "rate_terms": rate_terms, "repayment_terms": repayment or words.get(
            loan.repayment, "The Borrower shall repay the Loan in the instalments and on the dates set out below, together with accrued interest."
        ), "security": security, "supersedes": supersedes,
    }  # fmt: skip
    if not any(clause.place == "undertakings" for clause in clauses):
        clauses = [
            *clauses,
            Clause(
                "The Borrower shall deliver to the Lender its audited accounts within 120 days of each year end.",
                "",
                "undertakings",
            ),
        ]
    schedule = [(_english_date(due.day), f"{loan.currency} {grouped(due.principal)}") for due in loan.flows if due.principal]
    return Contract(
        template="facility_agreement.en.md", language="en", company=company, lender=lender, number=number, signed=signed, fill=fill,
        clauses=clauses, schedule=schedule, schedule_head=("Repayment date", "Principal"),
    )  # fmt: skip


def _english_date(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _interest_words(loan: Lent) -> str:
    if loan.repayment == "bullet":
        return "到期利随本清"
    if loan.repayment in ("equal_principal", "equal_instalment"):
        return f"{_PERIODS[loan.frequency]}与本金一并支付（每期利息按年利率和期数折算）"
    first = f"，首个付息日为{chinese_date(loan.first)}" if loan.first else ""
    return f"{_PERIODS[loan.frequency]}结息，付息日为结息月的{(loan.first or loan.end).day}日{first}"


def _repayment_words(loan: Lent) -> str:
    if loan.repayment == "bullet":
        return "乙方应于借款到期日一次性偿还本金及全部利息。"
    if loan.repayment == "interest_only":
        return "乙方应按期付息，于借款到期日一次性偿还本金。"
    if loan.repayment == "equal_principal":
        return f"乙方应{_PERIODS[loan.frequency]}等额偿还本金并支付当期利息，首个还款日为{chinese_date(loan.first or loan.start)}。"
    if loan.repayment == "equal_instalment":
        return f"乙方应{_PERIODS[loan.frequency]}以等额本息方式还款，首个还款日为{chinese_date(loan.first or loan.start)}。"
    return "乙方应按下列还款计划偿还本金，并于各还款日支付应付利息："
