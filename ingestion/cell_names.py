"""Names of a sheet's columns: A, B, … Z, AA, counted from 0.

The workbook library has the same, but loading it costs a quarter of a second that a page showing a mail need not pay.
"""

from __future__ import annotations


def column_letters(index: int) -> str:
    """A for 0, AA for 26."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(letters: str) -> int:
    """0 for A, 26 for AA."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
