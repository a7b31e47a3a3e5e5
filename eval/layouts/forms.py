"""Every form of statement by standard and kind."""

from __future__ import annotations

from eval.layouts.chinese_forms import CAS_BALANCE, CAS_CASH, CAS_INCOME, SMALL_BALANCE, SMALL_CASH, SMALL_INCOME
from eval.layouts.rows import Form, Row
from eval.layouts.western_forms import IFRS_BALANCE, IFRS_CASH, IFRS_INCOME, US_BALANCE, US_CASH, US_INCOME

__all__ = ["FORMS", "Form", "Row"]

FORMS = {
    "cas": (CAS_BALANCE, CAS_INCOME, CAS_CASH),
    "small": (SMALL_BALANCE, SMALL_INCOME, SMALL_CASH),
    "us": (US_BALANCE, US_INCOME, US_CASH),
    "ifrs": (IFRS_BALANCE, IFRS_INCOME, IFRS_CASH),
}
