"""Settings of the Jukebox gateway."""

from __future__ import annotations

from pydantic import Field, SecretStr

from navaar_contracts.identifiers import Platform
from navaar_jukebox_gateway.spec import SPEC
from navaar_runtime.settings import NavaarSettings

PLATFORM = Platform(SPEC.id)


class JukeboxSettings(NavaarSettings):
    jukebox_api_base: str = Field(default="https://jukebox.example", description="What stands for Jukebox")
    jukebox_token: SecretStr = Field(default=SecretStr(""), description="Your Jukebox token")
