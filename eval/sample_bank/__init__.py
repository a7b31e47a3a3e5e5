"""A fictional bank, made from a seed: its loan book, its borrowers' papers, and the truth about both.

`generate` writes a folder a bank could have handed over (loan_book/ and documents/) plus what only the author knows
(stories.yaml and truth/), so that demos, tests and benchmarks have something real to find. Same seed, same bytes.
"""

from __future__ import annotations

from eval.sample_bank.bank import SampleBank, generate

__all__ = ["SampleBank", "generate"]
