"""The house stays a house: imports run down only, and the pure floor stays pure."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"integrations": 4, "assistant": 3, "ingestion": 2, "tools": 1, "prompts": 0}
IMPURE = {
    "os",
    "io",
    "pathlib",
    "socket",
    "random",
    "time",
    "subprocess",
    "sqlalchemy",
    "langchain",
    "langchain_core",
    "duckdb",
}


def imported(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.append(node.module or "")
    return names


def test_imports_run_downward_only() -> None:
    wrong = []
    for floor, height in FLOORS.items():
        for path in (ROOT / floor).rglob("*.py"):
            for name in imported(path):
                top = name.split(".")[0]
                # eval is reached only by the cli's demo, eval and bench commands
                if top == "eval" and not path.is_relative_to(ROOT / "integrations" / "cli"):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
                if top == "tests" or (top in FLOORS and (FLOORS[top] > height or (height == 0 and top != floor))):
                    wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_domain_is_pure() -> None:
    wrong = []
    for path in (ROOT / "tools" / "domain").rglob("*.py"):
        wrong += [f"{path.name} imports {n}" for n in imported(path) if n.split(".")[0] in IMPURE]
        source = path.read_text(encoding="utf-8")
        wrong += [f"{path.name} uses {t}" for t in ("float(", ".today(", ".now(", "open(") if t in source]
    assert not wrong


def test_only_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8") or "getenv" in path.read_text(encoding="utf-8")
    ]
    assert readers in ([], ["assistant/settings.py"])


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for floor in (*FLOORS, "eval", "tests")
        for path in (ROOT / floor).rglob("*.py")
        if "migrations" not in path.parts and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent
