"""Pretend Telegram, YouTube Music, Spotify and media servers on 127.0.0.1, faithful on the wire."""

from navaar_sandbox.faults import Fault
from navaar_sandbox.person import Person
from navaar_sandbox.server import Sandbox

__all__ = ["Fault", "Person", "Sandbox"]
