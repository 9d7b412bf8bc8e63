"""Tries every member in an environment that holds only what the member declares.

    python -m tests.support.members [--imports]

Runs each member's unit tests there. With --imports, imports each of its modules and its tests, and runs nothing: what
the tests say is the same in any environment in which everything can be imported.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


def members() -> list[tuple[str, Path]]:
    """(distribution, folder of its unit tests) of every member that has some."""
    folders = [ROOT / "contracts", *sorted((ROOT / "shared").iterdir()), *sorted((ROOT / "services").iterdir())]
    found = []
    for folder in folders:
        tests = ROOT / "tests" / "unit" / folder.name
        if (folder / "pyproject.toml").is_file() and tests.is_dir():
            found.append((f"navaar-{folder.name}", tests))
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--imports", action="store_true")
    imports = options.parse_args().imports
    failed = []
    for name, tests in members():
        print(f"== {name}", flush=True)
        alone = ["uv", "run", "--isolated", "--package", name, "--all-extras", "--group", "dev"]
        if imports:
            commands = [
                [*alone, "python", "-c", IMPORT_ALL, name.replace("-", "_")],
                [*alone, "pytest", "-n", "0", "-qq", "--collect-only", "--no-summary", str(tests)],
            ]
        else:
            commands = [[*alone, "pytest", str(tests)]]
        out = subprocess.DEVNULL if imports else None
        if any(subprocess.run(command, cwd=ROOT, check=False, stdout=out).returncode for command in commands):
            failed.append(name)
    if failed:
        sys.stderr.write(f"failed alone: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
