"""Runs every member's unit tests in an environment that holds only what the member declares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def members() -> list[tuple[str, Path]]:
    """(distribution, folder of its unit tests) of every member that has some."""
    folders = [ROOT / "contracts", ROOT / "shared", *sorted((ROOT / "services").iterdir())]
    found = []
    for folder in folders:
        tests = ROOT / "tests" / "unit" / folder.name
        if (folder / "pyproject.toml").is_file() and tests.is_dir():
            found.append((f"navaar-{folder.name}", tests))
    return found


def main() -> int:
    failed = []
    for name, tests in members():
        print(f"== {name}", flush=True)
        command = ["uv", "run", "--isolated", "--package", name, "--group", "dev", "pytest", str(tests)]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        sys.stderr.write(f"failed alone: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
