"""Brings streams, consumers and buckets to the state that the contracts describe.

FastStream declares nothing: an existing durable would keep its old settings, and a stream named by plain string would
lose its limits. Everything here may run at the same time in several processes and as often as one likes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js import api as js_api
from nats.js.errors import APIError, BadRequestError, NotFoundError

from navaar_contracts import streams
from navaar_runtime.logs import get_logger
from navaar_runtime.settings import RuntimeSettings

log = get_logger(__name__)

_ATTEMPTS = 20
_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Topology:
    """What an installation decides about streams."""

    replicas: int = 1
    storage: str = "file"
    events_max_age_s: float = streams.EVENTS.default_max_age_s
    events_max_bytes: int = streams.EVENTS.default_max_bytes
    service_replicas: int = 1

    @classmethod
    def of(cls, settings: RuntimeSettings) -> Topology:
        return cls(
            replicas=settings.nats_replicas,
            storage=settings.nats_storage,
            events_max_age_s=settings.events_max_age_days * 86_400,
            events_max_bytes=settings.events_max_bytes,
            service_replicas=settings.service_replicas,
        )


def stream_config(stream: streams.Stream, topology: Topology) -> js_api.StreamConfig:
    """The full configuration of a stream; ages in seconds."""
    is_events = stream is streams.EVENTS
    return js_api.StreamConfig(
        name=stream.name,
        description=stream.description,
        subjects=list(stream.subjects),
        retention=js_api.RetentionPolicy(stream.retention.value),
        storage=js_api.StorageType(topology.storage),
        num_replicas=topology.replicas,
        max_age=topology.events_max_age_s if is_events else stream.default_max_age_s,
        max_bytes=topology.events_max_bytes if is_events else stream.default_max_bytes,
        max_msgs=-1,
        max_consumers=-1,
        discard=js_api.DiscardPolicy.OLD,
        duplicate_window=stream.duplicate_window_s,
        allow_direct=True,
    )


def consumer_config(consumer: streams.Consumer, topology: Topology) -> js_api.ConsumerConfig:
    """The full configuration of a durable. Redelivery is unlimited: the runtime counts and gives up by itself."""
    one = len(consumer.subjects) == 1
    return js_api.ConsumerConfig(
        durable_name=consumer.durable,
        deliver_policy=js_api.DeliverPolicy.ALL,
        ack_policy=js_api.AckPolicy.EXPLICIT,
        ack_wait=consumer.ack_wait_s,
        max_deliver=-1,
        max_ack_pending=in_hand(consumer, topology),
        filter_subject=consumer.subjects[0] if one else None,
        filter_subjects=None if one else list(consumer.subjects),
    )


def in_hand(consumer: streams.Consumer, topology: Topology) -> int:
    """Messages that may be unacknowledged at once: 1 keeps a consumer strictly in turn, whatever the replicas."""
    return 1 if consumer.workers == 1 else consumer.workers * topology.service_replicas


async def declare(client: Client, topology: Topology) -> None:
    """Create or update everything; a cluster that has just started gets some time to elect its leaders.

    Raises:
        nats.js.errors.APIError: the server refuses the configuration.
    """
    js = client.jetstream(timeout=10)
    for stream in streams.STREAMS:
        await _patiently(_declare_stream, js, stream_config(stream, topology))
    for consumer in streams.CONSUMERS:
        await _patiently(_declare_consumer, js, consumer, topology)
    for bucket in streams.OBJECT_BUCKETS:
        await _patiently(_declare_object_bucket, js, bucket, topology)
    for bucket in streams.KEY_VALUE_BUCKETS:
        await _patiently(_declare_key_value_bucket, js, bucket, topology)


async def declare_consumer(client: Client, consumer: streams.Consumer, topology: Topology) -> None:
    """Create or update one durable."""
    await _declare_consumer(client.jetstream(timeout=10), consumer, topology)


async def _patiently(step: Callable[..., Awaitable[None]], *arguments: object) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            await step(*arguments)
            return
        except (BadRequestError, NotFoundError):
            raise
        except (APIError, TimeoutError) as error:
            if attempt == _ATTEMPTS - 1:
                raise
            log.info("jetstream_not_ready", error=str(error))
            await asyncio.sleep(_PAUSE_S)


async def _declare_stream(js: JetStreamContext, config: js_api.StreamConfig) -> None:
    try:
        await js.add_stream(config)
    except BadRequestError:
        # "Name already in use with a different configuration": bring it to ours. Age and size may change freely,
        # and so may replicas; storage may not, which the server then says.
        await js.update_stream(config)


async def _declare_consumer(js: JetStreamContext, consumer: streams.Consumer, topology: Topology) -> None:
    await js.add_consumer(consumer.stream, consumer_config(consumer, topology))


async def _declare_object_bucket(js: JetStreamContext, bucket: streams.Bucket, topology: Topology) -> None:
    await _bucket_stream(
        js,
        js_api.StreamConfig(
            name=f"OBJ_{bucket.name}",
            description=bucket.description,
            subjects=[f"$O.{bucket.name}.C.>", f"$O.{bucket.name}.M.>"],
            max_age=bucket.ttl_s,
            max_bytes=-1,
            storage=js_api.StorageType(topology.storage),
            num_replicas=topology.replicas,
            discard=js_api.DiscardPolicy.NEW,
            allow_rollup_hdrs=True,
            allow_direct=True,
        ),
    )


async def _declare_key_value_bucket(js: JetStreamContext, bucket: streams.Bucket, topology: Topology) -> None:
    await _bucket_stream(
        js,
        js_api.StreamConfig(
            name=f"KV_{bucket.name}",
            description=bucket.description,
            subjects=[f"$KV.{bucket.name}.>"],
            max_age=bucket.ttl_s,
            max_bytes=-1,
            max_msgs_per_subject=1,
            storage=js_api.StorageType(topology.storage),
            num_replicas=topology.replicas,
            discard=js_api.DiscardPolicy.NEW,
            allow_rollup_hdrs=True,
            allow_direct=True,
            # Most records are needed for a time only; they say for how long (NATS ADR-43, server 2.11).
            allow_msg_ttl=True,
            deny_delete=True,
        ),
    )


async def _bucket_stream(js: JetStreamContext, config: js_api.StreamConfig) -> None:
    # A bucket is a stream by convention (ADR-8, ADR-20 of NATS); declared as one, its lifetime can be changed later.
    try:
        await js.add_stream(config)
    except BadRequestError:
        await js.update_stream(config)
