"""What the deployment calls the gateways and their things, from the registered platforms."""

from __future__ import annotations

from dataclasses import dataclass

from navaar_contracts.identifiers import Platform
from navaar_contracts.platforms.spec import PlatformSpec


@dataclass(frozen=True, slots=True)
class Secret:
    variable: str
    """As in .env: 'NAVAAR_SPOTIFY_CLIENT_SECRET'."""
    file: str
    """Below deploy/secrets/, and as a key of the pod's secret: 'spotify-client-secret'."""


@dataclass(frozen=True, slots=True)
class SignIn:
    variable: str
    """Names the file: 'NAVAAR_SPOTIFY_CACHE_PATH'."""
    file: str
    folder: str
    """Below deploy/: 'sign-in/spotify', as in `navaar auth spotify`."""


@dataclass(frozen=True, slots=True)
class Gateway:
    name: str
    """Its service and its image: 'spotify-gateway'."""
    user: str
    """On NATS."""
    spec: PlatformSpec
    secrets: tuple[Secret, ...]
    sign_in: SignIn | None

    @property
    def handles_audio(self) -> bool:
        """Audio files pass through it, so it needs more memory and room for them."""
        return self.spec.needs_audio or self.spec.gives_files


def _variable(setting: str) -> str:
    return f"NAVAAR_{setting.upper()}"


def _gateway(platform: Platform) -> Gateway:
    spec = platform.spec
    return Gateway(
        spec.gateway,
        platform.value,
        spec,
        tuple(Secret(_variable(setting), setting.replace("_", "-")) for setting in spec.secrets),
        SignIn(_variable(spec.sign_in_setting), spec.sign_in_file, f"sign-in/{spec.gateway.removesuffix('-gateway')}")
        if spec.sign_in_setting
        else None,
    )


GATEWAYS = tuple(map(_gateway, Platform))
