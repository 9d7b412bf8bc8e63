"""Between a MongoDB client and a server: answers get lost, connections break, a primary steps down.

Messages are passed on whole. What becomes of each request is the test's choice; the driver's own greetings always pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import bson

OP_MSG = 2013
HEADER = struct.Struct("<iiii")
GREETINGS = frozenset({"hello", "ismaster", "isMaster", "ping", "endSessions"})


class Fate(Enum):
    PASS = "pass"
    CUT = "cut"
    """The connection breaks before the server has seen the request."""
    LOSE_ANSWER = "lose the answer"
    """The server carries the request out; the connection breaks before its answer arrives."""
    SILENCE = "silence"
    """Nothing happens any more on this connection."""


@dataclass(frozen=True)
class Refuse:
    """The server's answer, without anything carried out."""

    answer: dict[str, Any]


Choose = Callable[[str], Fate | Refuse]
"""By the name of the command."""


class MongoProxy:
    def __init__(self, port: int, server_port: int) -> None:
        # A server of MongoDB's own tells the driver at once that it stepped down or came back; these are asked.
        self.url = f"mongodb://127.0.0.1:{port}/?serverMonitoringMode=poll&heartbeatFrequencyMS=500"
        self.choose: Choose = lambda command: Fate.PASS
        self._server_port = server_port

    async def serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        lost: set[int] = set()
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            to_client.close()
            return
        answers = asyncio.create_task(self._answers(server, to_client, lost))
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, OSError):
                await self._requests(client, to_client, to_server, lost)
        finally:
            answers.cancel()
            to_server.close()
            to_client.close()

    async def _requests(
        self,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        to_server: asyncio.StreamWriter,
        lost: set[int],
    ) -> None:
        while True:
            request_id, _, operation, body = await _message(client)
            name = _command(body) if operation == OP_MSG else "hello"
            fate = Fate.PASS if name in GREETINGS else self.choose(name)
            if fate is Fate.CUT:
                return
            if fate is Fate.SILENCE:
                await client.read()
                return
            if isinstance(fate, Refuse):
                answer = struct.pack("<iB", 0, 0) + bson.encode(fate.answer)
                to_client.write(HEADER.pack(HEADER.size + len(answer), 0, request_id, OP_MSG) + answer)
                continue
            if fate is Fate.LOSE_ANSWER:
                lost.add(request_id)
            to_server.write(HEADER.pack(HEADER.size + len(body), request_id, 0, operation) + body)
            await to_server.drain()

    async def _answers(self, server: asyncio.StreamReader, to_client: asyncio.StreamWriter, lost: set[int]) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                answer_id, request_id, operation, body = await _message(server)
                if request_id in lost:
                    break
                to_client.write(HEADER.pack(HEADER.size + len(body), answer_id, request_id, operation) + body)
                await to_client.drain()
        to_client.close()


async def _message(reader: asyncio.StreamReader) -> tuple[int, int, int, bytes]:
    length, message_id, answers_to, operation = HEADER.unpack(await reader.readexactly(HEADER.size))
    return message_id, answers_to, operation, await reader.readexactly(length - HEADER.size)


def _command(body: bytes) -> str:
    """The name of the command: the first key of the first section, which follows flags and the section's kind."""
    (length,) = struct.unpack_from("<i", body, 5)
    return next(iter(bson.decode(body[5 : 5 + length])))


@contextlib.asynccontextmanager
async def mongo_proxy(server_port: int) -> AsyncIterator[MongoProxy]:
    """A proxy before the server on that port."""
    accepted: list[MongoProxy] = []
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections[task] = writer
        await accepted[0].serve(reader, writer)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    proxy = MongoProxy(listening.sockets[0].getsockname()[1], server_port)
    accepted.append(proxy)
    try:
        yield proxy
    finally:
        listening.close()
        for writer in connections.values():
            writer.close()
        await asyncio.gather(*connections)
