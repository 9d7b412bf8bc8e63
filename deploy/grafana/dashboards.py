"""The Grafana dashboards of Navaar, as files that compose.yaml provisions.

    uv run python deploy/generate.py                writes deploy/grafana/dashboards/*.json
    uv run python deploy/grafana/dashboards.py      prints the queries as rules, for `promtool check rules`

Facts of the ledger are shown by every copy of it and are taken with max; counters of all copies are added up.
"""

from __future__ import annotations

import json
import sys

from panels import BAD_ABOVE, GOOD_ABOVE, YES_NO, Json, Panel, dashboard, heat, lines, number, rows

from navaar_contracts.identifiers import Direction, Platform

RATE = "[$__rate_interval]"
OURS = "and on (job, instance) navaar_service_up"
"""Of all processes that are read those of Navaar, whatever the job is called."""
LATE = (("green", None), ("yellow", 60.0), ("red", 300.0))


def by(label: str, metric: str) -> str:
    return f"max by ({label}) ({metric})"


def in_words(count: int) -> str:
    return {2: "two", 6: "six", 12: "twelve"}.get(count, str(count))


def how_many_directions() -> str:
    """Of all platforms, and of those that every link has."""
    every = in_words(len(Direction))
    optional = [platform.label for platform in Platform if not platform.spec.is_required]
    if not optional:
        return f"Of {every}."
    required = len(Platform) - len(optional)
    return f"Of {every}, or of {in_words(required * (required - 1))} without {' and '.join(optional)}."


def all_of(metric: str) -> str:
    """A fact of the ledger in all directions."""
    return f"sum({by('direction', metric)})"


def gained(label: str, metric: str, where: str = "") -> str:
    return f"sum by ({label}) (increase({metric}{where}{RATE}))"


def quantile(share: float, metric: str, label: str, where: str = "") -> str:
    return f"histogram_quantile({share}, sum by (le, {label}) (rate({metric}_bucket{where}{RATE})))"


def overview() -> Json:
    sight = "navaar_sight_to_delivery_seconds"
    fresh = '{first_sync="no"}'
    return dashboard(
        "navaar-overview",
        "Navaar: is everything in step?",
        "Whether all is in sync, how late it is, and what fails.",
        [
            (
                "Now",
                [
                    number("Running", "min(navaar_service_up)", mappings=YES_NO, steps=GOOD_ABOVE),
                    number(
                        "Directions that work",
                        f"sum({by('direction', 'navaar_direction_healthy')})",
                        steps=GOOD_ABOVE,
                        about=how_many_directions(),
                    ),
                    number("Songs", f"sum({by('link', 'navaar_songs')})"),
                    number("Waiting or under way", all_of("navaar_tracks_pending")),
                    number("Failed", all_of("navaar_tracks_failed"), steps=BAD_ABOVE),
                    number(
                        "Questions for a person",
                        all_of("navaar_tracks_in_review"),
                        steps=(("green", None), ("yellow", 1.0)),
                    ),
                ],
            ),
            (
                "How late",
                [
                    lines(
                        "From sight to delivery, 19 of 20",
                        quantile(0.95, sight, "direction", fresh),
                        "{{direction}}",
                        unit="s",
                        about="Without what was there before the first start.",
                    ),
                    heat(
                        "From sight to delivery",
                        f"sum by (le) (increase({sight}_bucket{fresh}{RATE}))",
                        unit="short",
                    ),
                    lines(
                        "Oldest message that waits",
                        "topk(5, " + by("consumer", "navaar_queue_oldest_age_seconds") + ")",
                        "{{consumer}}",
                        unit="s",
                    ),
                    lines(
                        "Waiting or under way", by("direction", "navaar_tracks_pending"), "{{direction}}", stacked=True
                    ),
                ],
            ),
            (
                "What happens and what fails",
                [
                    lines("Placed", gained("direction", "navaar_tracks_synced_total"), "{{direction}}", stacked=True),
                    lines(
                        "Stopped, by type of error",
                        gained("error_type", "navaar_sync_errors_total") + " > 0",
                        "{{error_type}}",
                        stacked=True,
                    ),
                    rows(
                        "Parts that are not in order",
                        f"{by('service, part', '1 - navaar_part_healthy')} > 0",
                        "{{service}}: {{part}}",
                        steps=BAD_ABOVE,
                        about="Empty while all is well.",
                    ),
                    lines(
                        "Success rate", "max(navaar_success_rate_percent)", "synced or there already", unit="percent"
                    ),
                ],
            ),
        ],
    )


def directions() -> Json:
    return dashboard(
        "navaar-directions",
        "Navaar: directions",
        f"Each of the {in_words(len(Direction))} ways: its deliveries, cycles, errors and times.",
        [
            (
                "State",
                [
                    lines("Healthy", by("direction", "navaar_direction_healthy"), "{{direction}}"),
                    lines(
                        "Since the last cycle",
                        f"time() - {by('link, direction', 'navaar_last_cycle_timestamp_seconds')}",
                        "{{link}} {{direction}}",
                        unit="s",
                    ),
                    lines(
                        "Deliveries by state",
                        f"sum by (state) ({by('link, direction, state', 'navaar_deliveries')})",
                        "{{state}}",
                        stacked=True,
                    ),
                    rows(
                        "Held back by a person",
                        f"{by('link, direction', 'navaar_direction_paused')} == 1",
                        "{{link}} {{direction}}",
                    ),
                ],
            ),
            (
                "Deliveries",
                [
                    lines("Discovered", gained("direction", "navaar_tracks_discovered_total"), "{{direction}}"),
                    lines("Placed", gained("direction", "navaar_tracks_synced_total"), "{{direction}}"),
                    lines("There already", gained("direction", "navaar_duplicates_skipped_total"), "{{direction}}"),
                    lines("Tried again", gained("direction", "navaar_retries_total"), "{{direction}}"),
                    lines(
                        "Errors",
                        gained("direction, error_type", "navaar_sync_errors_total") + " > 0",
                        "{{direction}} {{error_type}}",
                    ),
                    lines("Failed", by("direction", "navaar_tracks_failed"), "{{direction}}"),
                    lines("In review", by("direction", "navaar_tracks_in_review"), "{{direction}}"),
                    number("Oldest question", "max(navaar_review_oldest_age_seconds)", unit="s", width=12),
                ],
            ),
            (
                "Times",
                [
                    lines(
                        "Work on one delivery, 19 of 20",
                        quantile(0.95, "navaar_track_sync_duration_seconds", "direction"),
                        "{{direction}}",
                        unit="s",
                    ),
                    lines(
                        "A cycle, 19 of 20",
                        quantile(0.95, "navaar_sync_cycle_duration_seconds", "direction"),
                        "{{direction}}",
                        unit="s",
                    ),
                    lines("Cycles", gained("direction", "navaar_sync_cycles_total"), "{{direction}}"),
                    lines("Crashed cycles", gained("direction", "navaar_sync_cycle_crashes_total"), "{{direction}}"),
                ],
            ),
            (
                "Who they are",
                [lines("Identified by", gained("method", "navaar_identification_total"), "{{method}}", stacked=True)],
            ),
        ],
    )


def platforms() -> Json:
    requests = "navaar_platform_requests_total"
    return dashboard(
        "navaar-platforms",
        "Navaar: platforms",
        "Requests, rate limits, what is left of budgets, sign-ins, searches and files.",
        [
            (
                "Requests",
                [
                    lines("A second", f"sum by (platform) (rate({requests}{RATE}))", "{{platform}}", unit="reqps"),
                    lines(
                        "What is asked",
                        f"sum by (platform, operation) (rate({requests}{RATE}))",
                        "{{platform}} {{operation}}",
                        unit="reqps",
                    ),
                    lines(
                        "Not answered well",
                        gained("platform, outcome", requests, '{outcome!="ok"}') + " > 0",
                        "{{platform}} {{outcome}}",
                    ),
                    lines(
                        "Time to answer, 19 of 20",
                        quantile(
                            0.95,
                            "navaar_platform_request_duration_seconds",
                            "platform",
                            '{operation!="getUpdates"}',
                        ),
                        "{{platform}}",
                        unit="s",
                    ),
                ],
            ),
            (
                "Limits",
                [
                    lines("Rate limits met", gained("platform", requests, '{outcome="rate_limited"}'), "{{platform}}"),
                    lines(
                        "Pause that is left",
                        f"clamp_min({by('platform', 'navaar_platform_paused_until_timestamp_seconds')} - time(), 0)",
                        "{{platform}}",
                        unit="s",
                    ),
                    lines(
                        "Budget left",
                        f"{by('platform, link', 'navaar_platform_budget_left')}"
                        f" / {by('platform, link', 'navaar_platform_budget')}",
                        "{{platform}} {{link}}",
                        unit="percentunit",
                        about="Posts that a channel may still take in this minute.",
                    ),
                    lines(
                        "Since the last look",
                        f"time() - {by('link, platform', 'navaar_last_look_timestamp_seconds')}",
                        "{{link}} {{platform}}",
                        unit="s",
                        steps=LATE,
                    ),
                ],
            ),
            (
                "Sign-ins",
                [
                    rows(
                        "Accepted",
                        "min by (service, platform) (navaar_sign_in_accepted)",
                        "{{service}} at {{platform}}",
                        mappings=YES_NO,
                        steps=GOOD_ABOVE,
                    ),
                    lines("Refusals", gained("service", "navaar_auth_errors_total"), "{{service}}"),
                    number(
                        "The sign-in ends in",
                        "min by (platform) (navaar_sign_in_expiry_timestamp_seconds) - time()",
                        legend="{{platform}}",
                        unit="s",
                        width=12,
                        steps=(("red", None), ("yellow", 14 * 86400.0), ("green", 30 * 86400.0)),
                        least=None,
                    ),
                ],
            ),
            (
                "Searches and files",
                [
                    *searches(),
                    *files(),
                    lines(
                        "Looks at collections",
                        gained("platform, outcome", "navaar_looks_total"),
                        "{{platform}} {{outcome}}",
                        width=24,
                    ),
                ],
            ),
        ],
    )


def searches() -> list[Panel]:
    catalogues = [platform for platform in Platform if platform.spec.has_catalogue]
    return [
        *(
            lines(f"Searches in {one.label}", gained("result", f"navaar_{one.short}_search_total"), "{{result}}")
            for one in catalogues
        ),
        *(
            lines(
                f"{one.label}'s answer",
                f"sum(rate(navaar_{one.short}_search_duration_seconds_sum{RATE}))"
                f" / sum(rate(navaar_{one.short}_search_duration_seconds_count{RATE}))",
                "mean",
                unit="s",
            )
            for one in catalogues
        ),
    ]


def files() -> list[Panel]:
    """What a platform takes and gives as files, and what the downloader fetches there."""
    shown = [
        *((f"Posts to {one.label}", one, "upload") for one in Platform if one.spec.needs_audio),
        *((f"Files from {one.label}", one, "download") for one in Platform if one.spec.gives_files),
        *((f"Audio from {one.audio_label}", one, "download") for one in Platform if one.spec.gives_audio),
    ]
    return [
        lines(title, gained("result", f"navaar_{one.short}_{what}_total"), "{{result}}", width=8)
        for title, one, what in shown
    ]


def queues() -> Json:
    dead = 'navaar_stream_messages{stream="NAVAAR_DEAD"}'
    return dashboard(
        "navaar-queues",
        "Navaar: queues",
        "What waits in every consumer, for how long, and what was given up on.",
        [
            (
                "Waiting",
                [
                    lines("Not taken yet", by("consumer", "navaar_queue_waiting") + " > 0", "{{consumer}}"),
                    lines("In hand", by("consumer", "navaar_queue_in_hand") + " > 0", "{{consumer}}"),
                    lines(
                        "Oldest unsettled message",
                        by("consumer", "navaar_queue_oldest_age_seconds") + " > 0",
                        "{{consumer}}",
                        unit="s",
                    ),
                    lines("Delivered again", by("consumer", "navaar_queue_redelivered") + " > 0", "{{consumer}}"),
                ],
            ),
            (
                "Given up on",
                [
                    number("Dead letters kept", f"max({dead})", steps=BAD_ABOVE, width=6),
                    lines(
                        "New dead letters",
                        gained("service, message", "navaar_dead_letters_total"),
                        "{{service}} {{message}}",
                        width=18,
                    ),
                ],
            ),
            (
                "Streams",
                [
                    lines("Messages", by("stream", "navaar_stream_messages"), "{{stream}}"),
                    lines("Bytes", by("stream", "navaar_stream_bytes"), "{{stream}}", unit="bytes"),
                    rows(
                        "Filled",
                        f"{by('stream', 'navaar_stream_bytes')} / {by('stream', 'navaar_stream_limit_bytes')}",
                        "{{stream}}",
                        unit="percentunit",
                        steps=(("green", None), ("yellow", 0.8), ("red", 0.9)),
                    ),
                ],
            ),
            (
                "Handling",
                [
                    lines(
                        "Messages a second",
                        f"sum by (service) (rate(navaar_messages_handled_total{RATE}))",
                        "{{service}}",
                        unit="mps",
                    ),
                    lines(
                        "Not done at once",
                        gained("service, outcome", "navaar_messages_handled_total", '{outcome!="done"}') + " > 0",
                        "{{service}} {{outcome}}",
                    ),
                    lines(
                        "Time for a message, 19 of 20",
                        quantile(0.95, "navaar_message_handling_seconds", "service, message"),
                        "{{service}} {{message}}",
                        unit="s",
                        width=24,
                    ),
                ],
            ),
        ],
    )


def processes() -> Json:
    return dashboard(
        "navaar-processes",
        "Navaar: services, store and NATS",
        "The processes, how they reach the store and NATS, and what they use.",
        [
            (
                "Services",
                [
                    rows(
                        "Running",
                        "min by (service) (navaar_service_up)",
                        "{{service}}",
                        mappings=YES_NO,
                        steps=GOOD_ABOVE,
                    ),
                    rows(
                        "Processes that act, where one at a time does",
                        "sum by (service) (navaar_service_acts)",
                        "{{service}}",
                        steps=GOOD_ABOVE,
                    ),
                    rows(
                        "Parts in order",
                        "min by (service, part) (navaar_part_healthy)",
                        "{{service}}: {{part}}",
                        mappings=YES_NO,
                        steps=GOOD_ABOVE,
                    ),
                    lines("Up", "navaar_up", "{{instance}}", width=8),
                    lines("Uptime", "navaar_uptime_seconds", "{{instance}}", unit="s", width=8),
                    rows("Version", "navaar_info", "{{instance}} {{version}} {{playlist_id}}", width=8),
                ],
            ),
            (
                "Store and NATS",
                [
                    lines("The store's answer", "navaar_store_answer_seconds", "{{instance}}", unit="s"),
                    lines("NATS' answer", by("service", "navaar_nats_round_trip_seconds"), "{{service}}", unit="s"),
                    lines("Reconnects", gained("service", "navaar_nats_reconnects_total"), "{{service}}"),
                    lines("Errors told by NATS", gained("service", "navaar_nats_errors_total"), "{{service}}"),
                    number(
                        "Certificates end in",
                        "min by (setting) (navaar_certificate_expiry_timestamp_seconds) - time()",
                        legend="{{setting}}",
                        unit="s",
                        width=12,
                        steps=(("red", None), ("yellow", 21 * 86400.0), ("green", 60 * 86400.0)),
                        least=None,
                    ),
                ],
            ),
            (
                "What they use",
                [
                    lines("Memory", f"process_resident_memory_bytes {OURS}", "{{instance}}", unit="bytes"),
                    lines(
                        "Processor",
                        f"rate(process_cpu_seconds_total{RATE}) {OURS}",
                        "{{instance}}",
                        unit="percentunit",
                    ),
                    lines("Open files", f"process_open_fds {OURS}", "{{instance}}"),
                ],
            ),
        ],
    )


def every() -> tuple[Json, ...]:
    return overview(), directions(), platforms(), queues(), processes()


def made() -> dict[str, str]:
    """File name -> content."""
    return {f"{one['uid']}.json": json.dumps(one, indent=1) + "\n" for one in every()}


def queries() -> list[str]:
    """All PromQL, with an interval for Grafana's."""
    targets = (target for one in every() for panel in one["panels"] for target in panel.get("targets", ()))
    return [str(target["expr"]).replace("$__rate_interval", "5m") for target in targets]


def as_rules() -> str:
    recorded = [{"record": f"query:{at}", "expr": query} for at, query in enumerate(queries())]
    return json.dumps({"groups": [{"name": "dashboards", "rules": recorded}]})


if __name__ == "__main__":
    sys.stdout.write(as_rules())
