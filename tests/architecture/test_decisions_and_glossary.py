"""Decisions are numbered, dated, of one form and in the index; the glossary has one line a word."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "decisions"
DECISIONS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
STATUSES = r"proposed|accepted|superseded by \[\d{4}\]\(\d{4}-[\w-]+\.md\)"
HEAD = re.compile(
    rf"# (?P<number>\d{{4}}) (?P<title>[^\n]+)\n\n- Status: (?:{STATUSES})\n- Date: (?P<date>\d{{4}}-\d\d-\d\d)\n\n"
)
WORD = re.compile(r"^\| (?!word \|)([^|]+) \| ([^|]+) \|$", re.MULTILINE)

each_decision = pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)


@each_decision
def test_decision_has_number_status_date_and_the_parts_of_every_other(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head, "begin with '# 0000 Title', '- Status: accepted' and '- Date: 2026-01-31'; name the file 0000-title.md"
    assert path.name.startswith(f"{head['number']}-"), "the file's number is not the title's"
    date.fromisoformat(head["date"])
    parts = [part for part in re.findall(r"^## (.+)$", text, re.MULTILINE) if part != "Alternatives"]
    assert parts == ["Context", "Decision", "Consequences"]


def test_no_number_is_given_twice_and_later_numbers_are_no_older() -> None:
    heads = [head for path in DECISIONS if (head := HEAD.match(path.read_text(encoding="utf-8")))]
    numbers = [head["number"] for head in heads]
    assert len(numbers) == len(set(numbers))
    assert [head["date"] for head in heads] == sorted(head["date"] for head in heads)


def test_index_lists_every_decision_in_order_with_its_title() -> None:
    listed = re.findall(
        r"^\| (\d{4}) \| (\S+) \| \[(.+)\]\((.+)\) \|$", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    heads = [(path, head) for path in DECISIONS if (head := HEAD.match(path.read_text(encoding="utf-8")))]
    assert listed == [(head["number"], head["date"], head["title"], path.name) for path, head in heads]


def test_glossary_has_one_short_line_for_each_word() -> None:
    lines = WORD.findall((DOCS / "glossary.md").read_text(encoding="utf-8"))
    words = [word for word, _ in lines]
    assert 15 <= len(words) <= 50
    assert len(words) == len(set(words))
    assert [meaning for _, meaning in lines if len(meaning) > 140] == []


def test_every_word_of_the_glossary_is_used_in_code_or_pages() -> None:
    root = DOCS.parent
    pages = [page for page in DOCS.rglob("*.md") if page.name != "glossary.md"]
    code = [file for folder in ("contracts", "shared", "services") for file in (root / folder).rglob("src/**/*.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in (*pages, *code)).lower()
    words = [
        word
        for line, _ in WORD.findall((DOCS / "glossary.md").read_text(encoding="utf-8"))
        for word in line.split(", ")
    ]
    assert [word for word in words if len(re.findall(word.lower().replace(" ", "[ _]?"), text)) < 2] == []


RETIRED = frozenset(
    re.findall(
        r"\w+",
        """
        allowance arrears asking conditional derived desk diagnose doorkeeper ear figures finding findings gate hearing
        hearings host hub implied intents journal keeper lane lanes looks mailbox measuring mending moments moves pace
        patience position reading refusal refusals resting room rounds rulings screens settle shapes soundness spelled
        streaks taps turns untangling voice wishes wording
        """,
    )
)
"""Words of this project's own that gave way to the field's; the glossary has the new ones."""
STILL = {
    "navaar_downloader": {"desk", "diagnose", "measuring", "patience", "refusal"},
    "navaar_ledger": {"finding", "lane", "moves", "reading", "wishes"},
}
"""Left over. This list only ever gets shorter."""


def test_no_file_is_named_by_a_retired_word() -> None:
    wrong = [
        str(file.relative_to(DOCS.parent))
        for folder in ("contracts", "shared", "services")
        for file in (DOCS.parent / folder).rglob("src/**/*.py")
        if file.stem in RETIRED - STILL.get(next(part for part in file.parts if part.startswith("navaar_")), set())
    ]
    assert wrong == []
