"""Whether a question asks for a market price, rate or index: a thing the market prices, beside a word for prices (prompts/market.yaml)."""

from __future__ import annotations

import re
from functools import cache

from prompts.library import phrase_book


@cache
def _goods() -> re.Pattern[str]:
    said = sorted({str(word) for goods in phrase_book("market")["goods"] for word in goods["said"]}, key=len, reverse=True)
    return re.compile(
        "|".join(rf"(?<![a-z]){re.escape(w)}(?![a-z])" if w[0].isascii() else re.escape(w) for w in said), re.IGNORECASE
    )


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(str(phrase_book("market")["asks"]), re.IGNORECASE)


def market_asked(text: str) -> bool:
    """Both are said."""
    return _goods().search(text) is not None and _asks().search(text) is not None


def priced(text: str) -> bool:
    """What follows a word is about its price: then the word is no borrower's name."""
    return (
        re.match(
            r"\s?(的|组件|现货|市场|出厂)*(现在|目前|今天|当前|最新|最近)?(是)?(什么|啥|多少)?(价|行情|均价|报价)|\s?(prices?|spot)\b",
            text,
            re.IGNORECASE,
        )
        is not None
    )
