"""The gate applied to a run: marks become citations, then every number, date, name and state is held against the artifacts."""

from __future__ import annotations

from assistant.citing import Nodes, cite
from assistant.context import Run
from assistant.strangers import unknown_companies
from assistant.verification.gate import Unsupported, verify
from assistant.verification.gathering import gather

EMPTY = Unsupported("citation", 0, 0, "", "the answer is empty")


def check(run: Run, text: str) -> list[Unsupported]:
    """What in `text` nothing supports. The run keeps the cited text and the verdict."""
    cited = cite(text, Nodes(run.artifacts))
    bad = [Unsupported("citation", 0, 0, "{" + mark + "}", "no tool gave this mark") for mark in cited.unknown]
    if not cited.text.strip():
        bad.append(EMPTY)
    evidence = gather(run.artifacts, run.names, value_names=run.value_names, everyone=_named(run, cited.text))
    evidence.stands.add(run.desk.clocks.as_of)
    spoken = [name for names in evidence.borrowers.values() for name in names]
    bad += unknown_companies(cited.text, [*spoken, *evidence.texts.values(), run.question])
    bad += verify(cited.text, evidence, question=run.question, citations=cited.by_number, anchors=cited.anchors)
    run.cited, run.unsupported = cited, bad
    run.checks.append(bad)
    return bad


def _named(run: Run, text: str) -> dict[str, tuple[str, ...]]:
    """Borrowers the caller may see whom the text names in full; only these can be named without a tool having spoken of them."""
    spoken = {borrower.id for artifact in run.artifacts for borrower in artifact.borrowers}
    found: dict[str, tuple[str, ...]] = {}
    for mention in run.desk.index().full_names(text):
        if mention.text.lower() in run.question.lower():
            continue
        for candidate in mention.candidates:
            if candidate.borrower.id not in spoken:
                ref = run.desk.ref(candidate.borrower)
                found[ref.id] = tuple(name for name in (ref.name, ref.name_en, *ref.aliases) if name)
    return found
