"""A download process: takes jobs from standard input, one JSON line each, and answers on standard output.

Started by the pool and kept warm, since loading yt-dlp takes longer than most downloads.
"""

from __future__ import annotations

import faulthandler
import os
import queue
import sys
import threading
import traceback
from typing import BinaryIO

from navaar_downloader.libraries import use
from navaar_downloader.parent_death import die_with_parent, end_everything

_GRACE_S = 30.0


def main() -> None:
    die_with_parent()
    answers = _private_stdout()
    jobs: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()

    # Slow imports come after the lifeline, so that a service that dies meanwhile leaves nothing behind.
    try:
        use(sys.argv[1:])
        from navaar_downloader.job_runner import JobRunner

        runner = JobRunner(answers)
        runner.open()
    except BaseException:  # noqa: BLE001 - a library is broken; an orderly end would trip over the lifeline's thread
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    while True:
        line = jobs.get()
        runner.work(line, guard=_guard)


def _private_stdout() -> BinaryIO:
    """Standard output for our lines alone: whatever a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def _listen(pipe: BinaryIO, jobs: queue.Queue[bytes]) -> None:
    for line in pipe:
        jobs.put(line)
    end_everything()  # the service is gone


def _guard(timeout_s: float) -> None:
    """End the process when Python itself hangs past the job's time and nobody is left to kill it; 0 calls it off."""
    faulthandler.cancel_dump_traceback_later()
    if timeout_s > 0:
        faulthandler.dump_traceback_later(timeout_s + _GRACE_S, exit=True)


if __name__ == "__main__":
    main()
