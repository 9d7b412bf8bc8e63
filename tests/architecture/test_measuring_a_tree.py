"""What benchmarks.architecture counts, on a tree small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import architecture

LOGIC = "\n".join(f"    total += value * {n}" for n in range(architecture.RUN))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "top": "from navaar_small import left\nfrom navaar_small.right import Right\n\nuse = (left, Right)\n",
        "left": f"from .bottom import Shared\n\n\ndef count(total, value):\n{LOGIC}\n    return Shared(total)\n",
        "right": "import navaar_small.bottom\n\n\nclass Right:\n    bottom: object = navaar_small.bottom\n",
        "bottom": "from navaar_small.right import Right\n\n\nclass Shared(Right):\n    platform = Platform.SOMEWHERE\n",
        "ports": "from typing import Protocol\n\n\nclass Right(Protocol):\n    bottom: object\n",
        "other": f"class Shared: ...\n\n\ndef another(total, value):\n    # a comment\n{LOGIC}\n",
        "forwards": '"""Only imports."""\n\nfrom navaar_small.other import Shared\n',
    }
    for name, text in files.items():
        file = tmp_path / "services" / "small" / "src" / "navaar_small" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_rooms_floors_and_arrows_with_a_cycle_as_one_floor(tree: Path) -> None:
    # top stands on left, left on the cycle of right and bottom; a file that only imports is no room.
    assert architecture.graph(architecture.modules(tree)) == architecture.Graph(rooms=6, floors=3, arrows=5)


def test_names_repeats_and_platforms(tree: Path) -> None:
    inside = architecture.modules(tree)
    assert set(architecture.defined_more_than_once(inside)) == {
        "Right",
        "Shared",
    }  # a port and what fits it; two things
    assert architecture.names_with_two_meanings(inside) == {"Shared": ["navaar_small.bottom", "navaar_small.other"]}
    repeated = architecture.repeated_lines(inside)
    assert {name: len(numbers) for name, numbers in repeated.items()} == {
        "navaar_small.left": 6,
        "navaar_small.other": 6,
    }
    assert architecture.platform_literals(inside) == (1, 1)


def test_report_is_a_table_of_every_package(tree: Path) -> None:
    assert "| navaar_small | 7 | 44 | 6 | 3 | 5 | 12 |" in list(architecture.report(tree))
