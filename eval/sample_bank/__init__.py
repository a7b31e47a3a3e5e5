"""A fictional bank, made from a seed: its loan book, its borrowers' papers, and the truth about both.

`generate` writes a folder a bank could have handed over, plus what only the author knows, so that demos, tests and benchmarks have
something real to find. Same seed, same bytes.

loan_book/             every file of the loan book as CSV
documents/             statements, contracts, visit notes, certificates, a bank statement: one folder per borrower
stories.yaml           per borrower: what is hidden, expected signals, covenant verdicts, figures, questions with answers (zh and en)
truth/printed.jsonl    every figure printed on a statement: file, page or cell, box, item, period, scope, value, printed form
truth/documents.jsonl  every paper with kind, language, layout and the day it came
truth/crowd.csv        the fate of each further borrower of a large book

Nothing that reads the bank may read stories.yaml or truth/.
"""

from __future__ import annotations

from eval.sample_bank.bank import SampleBank, generate

__all__ = ["SampleBank", "generate"]
