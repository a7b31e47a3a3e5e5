"""What a part of a question leaves unsaid and the thread fills in: metric, period, kind of question.

Pure: the same words after the same talk always mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.analyst.clausewords import topics_of
from assistant.analyst.conversation import Conversation
from assistant.analyst.framing import SUPERLATIVES
from assistant.analyst.reading import Reading
from assistant.analyst.threads import (
    aside,
    held,
)
from prompts.library import phrase_book
from tools.toolbox.periods import PeriodRequest

OWED = frozenset({"loans", "loan_facts", "worth", "exposure", "portfolio_list", "portfolio_rank", "concentration", "dues"})
"""Frames that speak of what is owed, which may then be wanted in another currency."""
OF_PAPERS = frozenset({"clauses"})
"""Frames after which a bare topic is one of the same papers."""
MOVES = frozenset({"change", "yoy", "qoq"})
MEASURED = SUPERLATIVES | {"compare"}
ADDABLE = frozenset({"loans", "value", "compare", "arrears", "worth", "summed", "key_figures"})
"""Frames whose amounts of several borrowers may be put together."""
SCOPE_WORDS = frozenset(
    {
        "自己",
        "己",
        "那边",
        "层面",
        "单独",
        "倍数",
        "指标",
        "比率",
        "比例",
        "数",
        "数字",
        "又",
        "这个倍数",
        "层",
        "figure",
        "ratio",
        "multiple",
    }
)
"""Words beside a scope that ask nothing of their own."""
FIGURES = frozenset({"value", "change", "why", "compare", "key_figures"})


_AGAIN = re.compile(
    r"再?(重新)?(算|看|测|来|跑)(一?(遍|次|下|算|看))|换(成|到|用)|改(成|用|按)|(用|按|拿|以)[^,。?]{1,12}(算|的(数|口径|报表)|来看)"
    r"|\b(instead|again|redo|rerun|recompute|recalculate|switch to|same (with|for|on|at)|on the \w+ (numbers|figures)|(take|use|using|try) )",
    re.IGNORECASE,
)
"""The same once more, of something else."""
LATEST = PeriodRequest("latest")


def _compared(memory: Conversation) -> tuple[PeriodRequest, ...]:
    """Between which periods a question asks for growth when it names none."""
    if memory.later is not None:
        return (memory.later,)
    spoken = [period for period in memory.spoken if not period.is_series]
    return tuple(spoken[-2:]) if len(spoken) > 1 and len(memory.periods) < 2 else memory.periods


def side_by_side(memory: Conversation) -> Conversation:
    """ "Which is higher?" after one borrower and then another was asked about the same: of both."""
    earlier = tuple(memory.before.get("focus", ()))
    same = tuple(memory.before.get("metrics", ())) == memory.metrics and memory.metrics
    if same and len(memory.focus) == len(earlier) == 1 and earlier != memory.focus:
        return replace(memory, focus=(*earlier, *memory.focus))
    return memory


def _cues(reading: Reading, memory: Conversation) -> frozenset[str]:
    """Both turns' cues; a new superlative replaces the old one."""
    old = memory.cues - SUPERLATIVES if reading.cues & SUPERLATIVES else memory.cues
    if "group_scope" in reading.cues:
        old -= {"parent_scope"}
    return reading.cues | (old - {"group_scope"})


def _only_scope(reading: Reading) -> bool:
    """Nothing but whose statements: "我要母公司的", "consolidated please"."""
    scope = reading.cues & {"parent_scope", "group_scope"}
    said = [
        hit
        for hit in reading.hits
        if set(hit.ids("cue"))
        - {"parent_scope", "group_scope", "relations", "ellipsis", "that_one", "pronoun", "yoy", "qoq", "change"}
    ]
    topic = [piece for piece in reading.topic if piece not in SCOPE_WORDS]
    return bool(scope) and not topic and not said and not re.search(r"谁|哪|\bwho", reading.text, re.IGNORECASE)


def follow_up(
    reading: Reading, frame: str, score: int, heard: bool, memory: Conversation, seen: frozenset[str]
) -> tuple[Reading, str]:
    """Take over from the thread what this part leaves unsaid."""
    if not memory.frame:
        return reading, frame
    elliptic = "ellipsis" in reading.cues
    more, cue = aside(reading.text, memory.frame) if memory.focus and not heard else ("", "")
    if more:
        # "... until when?": one more thing of what was just told, not a question of its own.
        reading = replace(
            reading, metrics=memory.metrics, families=memory.families, periods=reading.periods or memory.periods,
            windows=reading.windows or memory.windows, topic=(), cues=(reading.cues | memory.cues | {cue}) - {""},
        )  # fmt: skip
        return reading, more
    if (
        len(memory.focus) > 1
        and not heard
        and reading.cues & {"added", "total"}
        and not (reading.metrics or reading.topic or reading.windows)
        and memory.frame in ADDABLE
    ):
        # "... and together?" of the amounts of several just told
        return replace(reading, metrics=memory.metrics[:1], periods=reading.periods or memory.periods,
                       cues=reading.cues | (memory.cues & {"arrears"})), "summed"  # fmt: skip
    if memory.focus and not heard and not reading.identifiers and held(reading.text, frame, memory.frame):
        return replace(reading, metrics=(), periods=memory.periods), memory.frame
    if (
        memory.frame in OF_PAPERS
        and elliptic
        and not heard
        and topics_of(reading.text, True)
        and frame not in ("clauses", "note_section")
    ):
        # "... and the penalty interest?" of the contract just spoken of
        return replace(reading, cues=reading.cues | {"contract"}), "clauses"
    if memory.frame == "receipt" and "receipt" in reading.cues and frame in ("arrears", "documents") and not heard:
        # "... and was it late?": the paper, not a payment
        return replace(reading, periods=reading.periods or memory.periods), "receipt"
    if (
        frame in ("unknown", "relations", "profile", "passages")
        and _only_scope(reading)
        and memory.metrics
        and memory.frame in FIGURES
    ):
        reading = replace(reading, metrics=memory.metrics, periods=reading.periods or memory.periods, windows=reading.windows or memory.windows,
                          cues=_cues(reading, memory))  # fmt: skip
        return reading, "change" if reading.cues & MOVES else memory.frame
    if (
        "known_then" in reading.cues
        and reading.periods
        and memory.metrics
        and not reading.metrics
        and memory.periods
        and not heard
    ):
        # "and what did we know at the end of 2025?" of the figure and the period just spoken of
        return replace(reading, metrics=memory.metrics, periods=(*memory.periods, *reading.periods), topic=()), "value"
    if "ltm" in reading.cues and frame in FIGURES and not reading.periods and reading.metrics and not heard:
        # "... over the last twelve months": of the newest twelve, not of the year just spoken of
        return replace(reading, periods=(LATEST,)), frame
    again = reading.periods and memory.metrics and not (reading.metrics or reading.families or heard)
    if (
        again
        and memory.frame in FIGURES | {"explain"}
        and frame in ("unknown", "passages", "value", "profile", "changes", "explain")
        and _AGAIN.search(reading.text)
    ):
        # "work it out again with June's": the same of another period
        return replace(
            reading, metrics=memory.metrics, families=memory.families, topic=(), cues=_cues(reading, memory) - {"explain"}
        ), "value" if memory.frame == "explain" else memory.frame
    if elliptic and frame in FIGURES and "group_scope" not in reading.cues:
        reading = replace(reading, cues=reading.cues | (memory.cues & {"parent_scope"}))
    if frame == "standing" and not reading.metrics and memory.metrics:
        return replace(reading, metrics=memory.metrics), frame
    if (
        frame in ("unknown", "portfolio_list")
        and reading.cues & MEASURED
        and len(memory.focus) > 1
        and memory.metrics
        and not heard
    ):
        # "Which is higher?" of the borrowers just put side by side.
        return replace(reading, metrics=memory.metrics, periods=reading.periods or memory.periods), "compare"
    if (
        frame == memory.frame == "covenants"
        and memory.metrics
        and not (heard or reading.metrics or reading.families or reading.identifiers)
        and reading.cues & {"headroom", "limit_word", "short_by"}
    ):
        # "... and how tight is it?": the covenant just spoken of.
        return replace(reading, metrics=memory.metrics), frame
    if (
        "in_currency" in reading.cues
        and frame in ("unknown", "passages", "profile", "portfolio_list")
        and memory.frame in OWED
        and not reading.metrics
    ):
        if memory.focus or heard:
            return replace(reading, topic=()), "worth"
        return replace(reading, measures=("balance",), topic=(), cues=reading.cues | {"total", "portfolio"}), "portfolio_rank"
    days: Mapping[str, str] = phrase_book("lexicon")["in_days"]
    if (
        frame == "value"
        and set(memory.metrics) & set(days.values())
        and len(reading.metrics) == 1
        and reading.metrics[0] in days
        and not heard
    ):
        return replace(reading, metrics=(days[reading.metrics[0]],), periods=reading.periods or memory.periods), frame
    if (
        memory.frame in ("covenants", "reach", "portfolio_covenants")
        and "amount_needed" in reading.cues
        and not heard
        and frame in ("unknown", "dues", "loans", "value", "passages", "covenants", "repayments", "reach", "change", "changes")
    ):
        # "... and how much EBITDA is it short of?": of the limits just spoken of
        return replace(reading, metrics=reading.metrics or memory.metrics, topic=()), "reach"
    if "limit_word" in reading.cues and memory.metrics and frame in ("unknown", "value") and not reading.metrics:
        return replace(reading, metrics=memory.metrics), "covenants"
    if memory.frame == "stress" and elliptic and reading.amounts:
        return replace(reading, metrics=reading.metrics or memory.metrics, cues=reading.cues | {"stress"}), "stress"
    if (
        frame in ("changes", "unknown", "passages", "value")
        and memory.metrics
        and not (reading.metrics or reading.families or heard)
        and not (reading.topic and frame in ("passages", "value"))
        and reading.cues & MOVES
        and "since_change" not in reading.cues
    ):
        # "... and how much did it grow?": the metric is the one just spoken of.
        return replace(reading, metrics=memory.metrics, periods=reading.periods or _compared(memory)), "change"
    if frame == "unknown" or (
        frame in ("profile", "passages") and score <= 24 and (elliptic or memory.waiting) and not reading.topic
    ):
        said = (
            reading.periods
            or reading.windows
            or heard
            or reading.limits
            or reading.top
            or elliptic
            or reading.cues & {"that_one", "parent_scope", "only_currency"}
        )
        if not said:
            return reading, frame
        frame = "value" if "limit_word" in memory.cues and memory.metrics and reading.periods else memory.frame
        if frame == "compare" and heard and memory.metrics:
            frame = "value"
        reading = replace(
            reading, metrics=memory.metrics, families=memory.families, measures=memory.measures,
            periods=reading.periods or memory.periods, windows=reading.windows or memory.windows,
            limits=reading.limits or memory.limits, top=reading.top or memory.top, cues=_cues(reading, memory),
            topic=reading.topic or memory.topic,
        )  # fmt: skip
        return reading, frame
    if elliptic and frame in FIGURES and memory.frame in FIGURES:
        if frame == "value" and memory.frame in ("change", "why", "compare"):
            frame = memory.frame
            reading = replace(reading, cues=reading.cues | (memory.cues & {"yoy", "qoq", "change", "why", "compare"}))
        if not reading.periods and not reading.windows:
            reading = replace(reading, periods=memory.periods, windows=memory.windows)
        if not reading.metrics and not reading.families:
            reading = replace(reading, metrics=memory.metrics, families=memory.families)
    if frame == "explain" and not reading.metrics and not reading.topic and memory.metrics:
        return replace(reading, metrics=memory.metrics), frame
    if frame == "why" and not reading.metrics and memory.metrics:
        reading = replace(reading, metrics=memory.metrics, periods=reading.periods or memory.periods)
    if frame == "change" and not reading.metrics and memory.metrics:
        reading = replace(reading, metrics=memory.metrics)
    if frame == "change" and memory.later is not None and reading.metrics == memory.metrics:
        reading = replace(reading, periods=_compared(memory))
    if (
        frame == "value"
        and elliptic
        and memory.frame.startswith("portfolio_rank")
        and "portfolio_scope" not in seen
        and not heard
        and not memory.focus
    ):
        frame = "portfolio_rank"
        reading = replace(
            reading, limits=reading.limits or memory.limits, top=reading.top or memory.top, cues=reading.cues | memory.cues
        )
    return reading, frame
