"""The PP-OCR models of the rapidocr package, run by ONNX Runtime on the processor.

Lines are found in a small copy of the page (print of 6 points is still 8 pixels high there) and spelled from the full one: finding
costs by area, spelling by length. Strips are spelled one by one, so that what a line says does not depend on its neighbours.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import rapidocr

from ingestion.scans.engine import EngineName, Spelled

if TYPE_CHECKING:
    from ingestion.scans.engine import Picture, Quad

HEIGHT = 48
LEAST_WIDTH = 48
MOST_WIDTH = 3200
RIVAL = 0.02
"""Probability from which a second character is worth trying."""


class Rapid:
    """Detection by rapidocr, spelling by its recognition model directly (its character positions and rivals are needed here)."""

    name: EngineName = "rapidocr"

    def __init__(self) -> None:
        quiet = {
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.max_side_len": 4000,
            "Det.limit_side_len": 480,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
        self._finder = rapidocr.RapidOCR(params=quiet)
        models = Path(rapidocr.__file__).parent / "models"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._speller = onnxruntime.InferenceSession(
            str(sorted(models.glob("*rec*.onnx"))[0]), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._input = self._speller.get_inputs()[0].name
        known = self._speller.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *known, " "]
        self._threads = max(
            1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        )

    def find(self, picture: Picture) -> list[Quad]:
        """The places of the lines, top to bottom."""
        found: Any = self._finder(picture, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return [] if boxes is None else [np.asarray(box, dtype=np.float32) for box in boxes]

    def spell(self, strips: Sequence[Picture]) -> list[Spelled]:
        """What each upright strip says."""
        if self._threads == 1 or len(strips) < 4:
            return [self._one(strip) for strip in strips]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._one, strips))

    def _one(self, strip: Picture) -> Spelled:
        height, width = strip.shape[:2]
        if height < 2 or width < 2:
            return Spelled("", (), ())
        wide = min(max(round(HEIGHT * width / height), 8), MOST_WIDTH)
        small = cv2.resize(strip, (wide, HEIGHT)).astype(np.float32) / 127.5 - 1.0
        padded = np.zeros((HEIGHT, max(wide, LEAST_WIDTH), 3), dtype=np.float32)
        padded[:, :wide] = small
        steps: Any = self._speller.run(None, {self._input: padded.transpose(2, 0, 1)[None]})[0][0]
        return self._decoded(steps, wide / padded.shape[1])

    def _decoded(self, steps: Any, filled: float) -> Spelled:
        """Best character of every step, repeats and blanks taken out."""
        best = steps.argmax(axis=1)
        text: list[str] = []
        at: list[float] = []
        sure: list[float] = []
        second: list[str] = []
        step, count = 0, len(best)
        while step < count:
            code, first = int(best[step]), step
            while step < count and best[step] == code:
                step += 1
            if code == 0 or code >= len(self._characters):
                continue
            run = steps[first:step]
            peak = first + int(run[:, code].argmax())
            text.append(self._characters[code])
            at.append(min((first + step) / 2 / count / filled, 1.0))
            sure.append(float(steps[peak, code]))
            second.append(self._rival(steps[peak], code))
        return Spelled("".join(text), tuple(at), tuple(sure), tuple(second)) if all(map(len, text)) else Spelled("", (), ())

    def _rival(self, probabilities: Any, code: int) -> str:
        if probabilities[code] > 1 - RIVAL:
            return ""
        two = np.argpartition(probabilities, -2)[-2:]
        other = int(two[0]) if int(two[1]) == code else int(two[1])
        if other == 0 or other >= len(self._characters) or probabilities[other] < RIVAL:
            return ""
        return str(self._characters[other])
