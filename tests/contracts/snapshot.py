"""Writes the schema snapshots anew, after a change that was meant; refuses one that would break old messages."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from navaar_contracts.commands import COMMANDS
from navaar_contracts.events import EVENTS
from navaar_contracts.queries import QUERIES

FOLDER = Path(__file__).parent / "schemas"


def schema_of(cls: type[BaseModel]) -> dict[str, Any]:
    schema = cls.model_json_schema(mode="validation")
    return _without_prose(schema)  # type: ignore[no-any-return]


def _without_prose(value: Any) -> Any:
    # Rewording a docstring changes no message.
    if isinstance(value, dict):
        return {k: _without_prose(v) for k, v in value.items() if not (k == "description" and isinstance(v, str))}
    if isinstance(value, list):
        return [_without_prose(v) for v in value]
    return value


def breaking_changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What messages written under `old` can no longer do under `new`."""
    found = []
    for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        found.append(f"{name} became required")
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(set(before) & set(after)):
        if before[name].get("type") != after[name].get("type"):
            found.append(f"{name} changed its type")
    for name in sorted(set(before) - set(after)):
        found.append(f"{name} disappeared")
    for name, definition in old.get("$defs", {}).items():
        now = new.get("$defs", {}).get(name)
        if now is None:
            continue
        found += [f"{name}.{change}" for change in breaking_changes(definition, now)]
        found += [f"{name} lost {value!r}" for value in definition.get("enum", ()) if value not in now.get("enum", ())]
    return found


def main() -> int:
    broken = []
    FOLDER.mkdir(exist_ok=True)
    for cls in (*COMMANDS, *EVENTS, *QUERIES, *(query.answer for query in QUERIES)):
        path = FOLDER / f"{cls.__name__}.json"
        new = schema_of(cls)
        if path.is_file() and "--break" not in sys.argv:
            broken += [f"{cls.__name__}: {c}" for c in breaking_changes(json.loads(path.read_text("utf-8")), new)]
        if not broken:
            path.write_text(json.dumps(new, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    if broken:
        sys.stderr.write("These would break messages that are stored already; make a new class and subject:\n")
        sys.stderr.write("\n".join(broken) + "\n")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
