"""What a child is given, and what becomes of one that wants more."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from navaar_runtime.child_process import NETWORK, PYTHON, Limits, child_environment, run_limited

SMALL = Limits(cpu_s=1, memory_bytes=512 * 1024 * 1024, written_bytes=1000)
SECRETS = {
    "NAVAAR_TELEGRAM_BOT_TOKEN": "1:a",
    "NAVAAR_SPOTIFY_CLIENT_SECRET": "b",
    "NAVAAR_MONGODB_URL": "mongodb://u:c@h",
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=d",
    "AWS_SECRET_ACCESS_KEY": "e",
    "GITHUB_TOKEN": "f",
    "DATABASE_URL": "g",
    "LD_PRELOAD": "/tmp/h.so",
}


def test_a_child_gets_what_is_on_the_list_and_nothing_else() -> None:
    plain = {"PATH": "/bin", "HOME": "/root", "LANG": "fa_IR.UTF-8", "LC_ALL": "C", "TMPDIR": "/t"}
    further = {"PYTHONPATH": "/p", "https_proxy": "http://p:1", "HTTPS_PROXY": "http://p:2", "SSL_CERT_FILE": "/c"}
    assert child_environment({**SECRETS, **plain, **further}) == plain
    assert child_environment({**SECRETS, **plain, **further}, *PYTHON, *NETWORK) == {**plain, **further}


def run(program: str, limits: Limits = SMALL, wall_s: float = 60, most_bytes: int = 1000) -> tuple[bytes, str | None]:
    environment = child_environment(os.environ, *PYTHON)
    ended = run_limited(
        [sys.executable, "-S", "-c", program],
        limits=limits,
        wall_s=wall_s,
        most_bytes=most_bytes,
        environment=environment,
    )
    return ended.out, ended.problem


def test_what_a_child_says_comes_back() -> None:
    assert run("print('said')") == (b"said\n", None)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("while True: pass", "it needs more than 1 s of processor time"),
        ("print('x' * 5000)", "it answers more than 1000 bytes"),
        ("raise SystemExit(3)", "it fails with 3"),
        ("import os; os.kill(os.getpid(), 11)", "it was ended by signal 11"),
    ],
)
def test_a_child_that_wants_too_much_is_ended_and_the_reason_told(program: str, why: str) -> None:
    assert (run(program)[1] or "").startswith(why)


def test_a_child_that_sleeps_is_ended() -> None:
    assert run("import time; time.sleep(600)", wall_s=0.3)[1] == "it takes more than 0.3 s"
    assert run("import os, time; os.close(1); time.sleep(600)", wall_s=0.3)[1] == "it takes more than 0.3 s"


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not keep to this limit")
def test_memory_is_limited() -> None:
    assert run("x = bytearray(1 << 30)")[1] == "it fails with 1"


def test_a_file_is_limited(tmp_path: Path) -> None:
    assert run(f"open({str(tmp_path / 'long')!r}, 'wb').write(bytes(100_000))")[1] is not None
    assert (tmp_path / "long").stat().st_size <= SMALL.written_bytes


def test_what_cannot_be_started_is_told() -> None:
    ended = run_limited(["/no/such/program"], limits=SMALL, wall_s=1, most_bytes=1, environment={})
    assert ended.problem is not None
    assert "No such file" in ended.problem
