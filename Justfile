# `just` lists these.
default:
    @just --list

# Install everything, development tools included
setup:
    uv sync --all-packages

# Format, lint and types before each commit
hooks:
    uvx pre-commit install

# All checks, changing nothing: what CI runs
check:
    .ci/run

# Repair what tools can repair
fix:
    uv run ruff check --fix .
    uv run ruff format .
    uv run navaar settings > .env.example
    uv run navaar settings --names > shared/runtime/src/navaar_runtime/variables.txt
    uv run python -m tests.contracts.snapshot
    uv run python -m tests.support.licences
    uv run python deploy/generate.py

# Tests; arguments go to pytest
test *arguments:
    uv run pytest {{arguments}}

# Only the pure tests: nothing needs to run
test-unit:
    uv run pytest tests/unit tests/contracts tests/architecture

# Kills and faults at random while songs are on their way: a quarter of an hour; --page FILE keeps the figures
chaos *arguments:
    uv run python -m tests.chaos {{arguments}}

# The whole system over the sandbox
test-system:
    uv run pytest tests/system

# Each member's unit tests with only its own dependencies
test-alone:
    uv run python -m tests.support.members

# All of Navaar on this machine
up:
    uv run navaar up

# One service
run service:
    uv run navaar run {{service}}

# See it work without any account
demo *arguments:
    uv run navaar demo {{arguments}}

# FerretDB, the second server that the MongoDB adapter is tested against; needs Go
ferretdb:
    .ci/ferretdb

# Medians of every list and figure of the ledger with up to 100,000 tracks: a quarter of an hour; --page FILE keeps them
bench-lists *arguments:
    uv run python -m benchmarks.lists {{arguments}}

# How well recordings are named and matched, on a folder of labelled rows
quality folder:
    uv run python -m benchmarks.identifier.quality {{folder}}

# How often two songs that look alike are joined, and one song is missed, on pairs made up here
bench-pairs *arguments:
    uv run python -m benchmarks.identifier.pairs {{arguments}}

# How fast they are named and matched
bench-identifier:
    uv run python -m benchmarks.identifier.speed

# How surely recordings are recognised by their sound, on a folder of music
bench-sound folder:
    uv run python -m benchmarks.identifier.sound {{folder}}

# How long a crowd of songs takes to its places; --other CHECKOUT compares with another tree
bench-burst *arguments:
    uv run python -m benchmarks.burst {{arguments}}

# How long a channel's past takes, and how much memory: two thousand posts; half an hour
bench-import *arguments:
    uv run python -m benchmarks.import_export {{arguments}}

# What each service needs in memory
bench-memory:
    uv run python -m benchmarks.memory

# Requests per song, refusals and latency on platforms that behave as the real ones: half an hour
bench-real-accounts *arguments:
    uv run python -m benchmarks.real_accounts {{arguments}}

# How many requests a song costs on each platform: an hour; --page FILE keeps the table
bench-requests *arguments:
    uv run python -m benchmarks.requests {{arguments}}

# How the code is built: size, import graphs, names with two meanings, repeated lines
architecture *arguments:
    uv run python -m benchmarks.architecture {{arguments}}
