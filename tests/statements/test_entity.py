"""Whose statements these are: the company's name as printed, not a running title or a bare legal form."""

from __future__ import annotations

import pytest

from ingestion.statements.parties import entity_of


@pytest.mark.parametrize(
    ("pages", "name"),
    [
        (
            ["Annual Report 2022\nNORTHWIND PAPER CORPORATION\nApril 2021 - March 2022", "Dealings with Bellweather Co., Ltd."],
            "NORTHWIND PAPER CORPORATION",
        ),
        (
            [
                "",
                "Management’s Discussion and Analysis HARBOUR LIGHT LIMITED\nresults",
                "Management’s Discussion and Analysis HARBOUR LIGHT LIMITED",
            ],
            "HARBOUR LIGHT LIMITED",
        ),
        (["nothing here", "Co., Ltd. and Co., Ltd. again"], None),
    ],
)
def test_the_reporting_company_is_named(pages: list[str], name: str | None) -> None:
    assert entity_of(pages, [], chinese=False) == name
