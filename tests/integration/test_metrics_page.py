"""The page about metrics says what the code says, and what dashboards of the first implementation rely on stays."""

from __future__ import annotations

import re

from navaar_ledger.telemetry.metrics import METHODS
from navaar_ledger.telemetry.transitions import COUNTED_ERRORS
from tests.support.metrics_page import GROUPS, PAGE, REFERENCE, everything, row, tables


def test_every_metric_is_in_one_group_of_the_page() -> None:
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(everything())


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.endswith(tables()), "replace its tables: uv run python -m tests.support.metrics_page"
    shown = re.findall(r"^\| `(navaar_\w+)` \|.*$", page, re.MULTILINE)
    assert sorted(shown) == sorted(everything())


def test_a_row_says_name_type_labels_and_meaning() -> None:
    one = everything()["navaar_sync_errors_total"]
    assert row(one).startswith("| `navaar_sync_errors_total` | counter | `direction`, `error_type` | What went wrong")


def test_every_metric_of_the_first_implementation_is_there_with_its_labels() -> None:
    defined = everything()
    assert {n: (defined[n].kind, defined[n].labels) for n in REFERENCE} == REFERENCE


def test_names_follow_the_conventions() -> None:
    for name, one in everything().items():
        assert re.fullmatch(r"navaar_[a-z]+(_[a-z0-9]+)*", name)
        assert name.endswith("_total") == (one.kind == "counter") or name == "navaar_tracks_total"
        assert one.meaning
        assert "\n" not in one.meaning


def test_types_of_error_and_methods_are_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [word for word in (*COUNTED_ERRORS, *METHODS) if f"`{word}`" not in page] == []
