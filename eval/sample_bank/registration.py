"""Numbers that pass their check: unified social credit codes (GB 32100-2015) and account numbers."""

from __future__ import annotations

from eval.sample_bank.chance import Chance

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(3**place % 31 for place in range(17))


def check_sign(first_17: str) -> str:
    """The 18th sign of a unified social credit code."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(first_17, _WEIGHTS, strict=True))
    return _SIGNS[(31 - total % 31) % 31]


def valid(code: str) -> bool:
    """True for 18 signs of which the last one is right."""
    return len(code) == 18 and set(code) <= set(_SIGNS) and check_sign(code[:17]) == code[17]


def credit_code(chance: Chance, area: str = "330199") -> str:
    """A code of a company registered with the market regulator in a made-up area."""
    body = "91" + area + "MA" + "".join(chance.choice(_SIGNS) for _ in range(7))
    return body + check_sign(body)


def account_number(chance: Chance, prefix: str = "6230") -> str:
    """A corporate account number of 19 digits; these have no common check digit."""
    return prefix + "".join(str(chance.whole(0, 9)) for _ in range(15))
