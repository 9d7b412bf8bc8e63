"""CI names and counts flaky tests, and fails when there are too many of them or when a failure is real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.flaky import report, run

FLAKY = """
from pathlib import Path
def test_fails_at_first():
    seen = Path(__file__).with_name("seen")
    first = not seen.exists()
    seen.touch()
    assert not first
"""
REAL = "def test_never_passes():\n    assert False\n"
MANY = "import pytest\n@pytest.mark.parametrize('number', range(600))\ndef test_passes(number):\n    pass\n"
QUICK = ("-p", "xdist", "-q")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Those that come along with libraries take a run longer to import than its tests.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_passes_the_second_time_is_named_and_counted(
    workers: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "test_some.py").write_text(FLAKY + MANY)
    assert run(project, *QUICK, "-n", workers) == 0
    told = capfd.readouterr().out
    assert "flaky tests: 1 of 601; the budget is 1" in told
    assert "  test_some.py::test_fails_at_first" in told


def test_more_of_them_than_the_budget_fail(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "test_some.py").write_text(FLAKY)
    assert run(project, *QUICK) == 1
    assert "flaky tests: 1 of 1; the budget is 0" in capfd.readouterr().out


def test_a_real_failure_fails(project: Path) -> None:
    (project / "test_some.py").write_text(FLAKY + MANY + REAL)
    assert run(project, *QUICK) == 1


def test_a_run_without_tests_fails(project: Path) -> None:
    assert run(project, *QUICK) != 0


def test_none_is_said_too() -> None:
    assert report([], 4000) == ("flaky tests: 0 of 4000; the budget is 8", True)
    assert not report([f"test_{n}" for n in range(9)], 4000)[1]
