"""K2204 禾谷粮油: a customer and a loan, nothing else on file, which must be said and must never look like good news."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eval.fresh.bank.house import WAN
from eval.sample_bank.draft import Draft
from eval.sample_bank.ledger import Ledger
from eval.sample_bank.lending import Lent
from eval.sample_bank.registration import credit_code


def add(draft: Draft) -> Ledger | None:
    """Adds the borrower; there are no books."""
    draft.book.add(
        "customers", id="K2204", name="望川禾谷粮油有限公司", type="sme", registration_id=credit_code(draft.chance("K2204", "code"), "512099"), officer_id="U14", branch_id="WC",
        aliases="禾谷粮油;禾谷;Hegu", country_code="CN", status="active",
    )  # fmt: skip
    draft.lend(Lent(
        id="LN7401", customer="K2204", kind="working_capital", purpose="收购小麦", amount=300 * WAN, rate=Decimal("0.0405"), start=date(2026, 6, 5), end=date(2027, 6, 5),
        repayment="bullet", frequency="at_maturity", row={"product_name": "粮食收购贷款", "payment_control": "self"},
    ))  # fmt: skip
    return None
