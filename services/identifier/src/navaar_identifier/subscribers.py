"""Which consumer goes to which handler. Judging is work for the processor, so it runs beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from navaar_contracts.commands import CheckAudio, ChooseMatch, IdentifyTrack, JudgeIdentity
from navaar_contracts.events import AudioChecked, IdentityJudged, MatchChosen, TrackIdentified
from navaar_contracts.streams import IDENTIFIER_CHECK, IDENTIFIER_CHOOSE, IDENTIFIER_IDENTIFY, IDENTIFIER_JUDGE
from navaar_identifier import handlers
from navaar_identifier.compare.thresholds import Thresholds
from navaar_identifier.ports import AudioProbe
from navaar_runtime.service import Service

THREADS = 2
"""More would only queue for the same interpreter."""

T = TypeVar("T")


def subscribe(service: Service, probe: AudioProbe, thresholds: Thresholds) -> None:
    """Wire the identifier's consumers."""
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="identifier")

    async def beside_the_loop(work: Callable[[], T]) -> T:
        # The tracing context does not cross into an executor by itself.
        return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, work)

    async def on_identify_track(command: IdentifyTrack) -> TrackIdentified:
        audio = await handlers.probed(command.audio, service.objects, probe)
        return await beside_the_loop(lambda: handlers.identify_track(command, audio))

    async def on_judge_identity(command: JudgeIdentity) -> IdentityJudged:
        return await beside_the_loop(lambda: handlers.judge_identity(command, thresholds))

    async def on_choose_match(command: ChooseMatch) -> MatchChosen:
        return await beside_the_loop(lambda: handlers.choose_match(command, thresholds))

    async def on_check_audio(command: CheckAudio) -> AudioChecked:
        audio = await handlers.probed(command.audio, service.objects, probe)
        return await beside_the_loop(lambda: handlers.check_audio(command, audio))

    async def close() -> None:
        threads.shutdown(wait=False, cancel_futures=True)

    service.on(IDENTIFIER_IDENTIFY, IdentifyTrack, handler=on_identify_track)
    service.on(IDENTIFIER_JUDGE, JudgeIdentity, handler=on_judge_identity)
    service.on(IDENTIFIER_CHOOSE, ChooseMatch, handler=on_choose_match)
    service.on(IDENTIFIER_CHECK, CheckAudio, handler=on_check_audio)
    service.on_stop(close)
