"""Contracts and invoices on payments: tolerance of amount, date and name, nothing used twice, nothing red-flushed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.tracing.cases import DAY, Book, flags
from tools.domain.use_papers import same_party
from tools.domain.use_shapes import usage_shape

SIMILAR = Decimal("0.9")


def entrusted(amount: int = 4_000_000, payee: str = "江州宏达钢材有限公司") -> Book:
    book = Book(10_000_000, control="entrusted")
    book.line("P1", 1, payee, amount, entrusted=True)
    return book


def test_names_are_the_same_over_legal_forms_width_and_a_reading_error() -> None:
    assert same_party("江州宏达钢材有限公司", "江州宏达钢材有限责任公司", SIMILAR)
    assert same_party("Acme Steel Co., Ltd.", "ＡＣＭＥ Steel Company Limited", SIMILAR)
    assert same_party("江州宏达钢材贸易有限公司", "江州宏达钢村贸易有限公司", SIMILAR)
    assert not same_party("江州宏达钢材有限公司", "江州顺通物资有限公司", SIMILAR)
    assert not same_party("", "江州顺通物资有限公司", SIMILAR)


def test_a_payment_is_evidenced_by_contract_and_invoice_together() -> None:
    book = entrusted()
    book.paper("E1", "contract", "江州宏达钢材有限公司", 4_000_000, -5)
    half = book.usage()
    book.paper("E2", "invoice", "江州宏达钢材有限公司", 4_000_000, 6)
    whole = book.usage()
    assert (half.evidenced, whole.evidenced) == (0, 400_000_000)
    assert flags(half)["DOC-02"] == "orange"
    assert usage_shape(half)["missing_evidence"][0]["missing"] == ["invoice"]
    assert "DOC-02" not in flags(whole)
    assert usage_shape(whole)["evidenced_share"] == "0.4"


def test_an_invoice_within_one_per_cent_covers_and_one_beyond_covers_its_own_amount() -> None:
    near, far = entrusted(), entrusted()
    for book, amount in ((near, 3_960_000), (far, 3_950_000)):
        book.paper("E1", "contract", "江州宏达钢材有限公司", 4_000_000, -5)
        book.paper("E2", "invoice", "江州宏达钢材有限公司", amount, 6)
    assert near.usage().evidenced == 400_000_000
    assert far.usage().evidenced == 395_000_000


def test_several_invoices_make_up_one_payment_and_one_invoice_several_payments() -> None:
    book = entrusted()
    book.line("P2", 3, "江州宏达钢材有限公司", 1_000_000)
    book.paper("E0", "contract", "江州宏达钢材有限公司", 9_000_000, -30)
    for number, amount in enumerate((1_500_000, 1_500_000, 2_000_000)):
        book.paper(f"E{number + 1}", "invoice", "江州宏达钢材有限公司", amount, 10 + number)
    usage = book.usage()
    assert usage.evidenced == 500_000_000
    assert usage.papers is not None
    assert sum(cover.amounts["invoice"] for cover in usage.papers.covers.values()) == 500_000_000


def test_an_invoice_far_away_in_time_is_another_deals() -> None:
    book = entrusted()
    book.paper("E1", "contract", "江州宏达钢材有限公司", 4_000_000, -5)
    book.paper("E2", "invoice", "江州宏达钢材有限公司", 4_000_000, 122)
    assert book.usage().evidenced == 0


def test_a_red_flushed_invoice_covers_nothing_and_is_flagged() -> None:
    book = entrusted()
    book.paper("E1", "contract", "江州宏达钢材有限公司", 4_000_000, -5, transaction="P1")
    book.paper("E2", "invoice", "江州宏达钢材有限公司", 4_000_000, 6, transaction="P1", flushed=DAY + timedelta(days=96))
    usage = book.usage()
    assert usage.evidenced == 0
    assert {"USE-07", "DOC-02"} <= flags(usage).keys()
    assert "USE-07" not in flags(book.usage(DAY + timedelta(days=95)))


def test_one_invoice_under_two_payments_is_used_twice() -> None:
    book = entrusted()
    book.line("P2", 3, "江州顺通物资有限公司", 4_000_000)
    for id, payment in (("E2", "P1"), ("E3", "P2")):
        book.paper(id, "invoice", "江州宏达钢材有限公司", 4_000_000, 6, transaction=payment, document="发票12345.pdf")
    assert flags(book.usage())["USE-06"] == "orange"


def test_one_invoice_under_two_loans_is_used_twice() -> None:
    book = entrusted()
    for id, loan in (("E2", "L1"), ("E3", "L9")):
        book.paper(id, "invoice", "江州宏达钢材有限公司", 4_000_000, 6, loan=loan, document="发票12345.pdf")
    assert flags(book.usage())["USE-06"] == "orange"


def test_a_payee_other_than_the_contract_names() -> None:
    book = entrusted(payee="江州丰泰贸易有限公司")
    book.paper("E1", "contract", "江州宏达钢材有限公司", 4_000_000, -5, transaction="P1")
    assert flags(book.usage())["USE-05"] == "orange"


def test_what_is_late_is_late_after_thirty_days_only() -> None:
    book = entrusted()
    assert "DOC-02" not in flags(book.usage(DAY + timedelta(days=31)))
    assert "DOC-02" in flags(book.usage(DAY + timedelta(days=32)))


def test_no_evidence_table_at_all_leaves_it_unknown_for_self_paid_loans() -> None:
    book = Book(10_000_000)
    book.line("1", 5, "江州宏达钢材有限公司", 9_000_000)
    book.papers = None
    usage = book.usage()
    assert {flag.rule.id: flag.verdict for flag in usage.flags}["DOC-02"] == "unknown"
    assert usage_shape(usage)["missing_evidence"][0]["required"] is False
