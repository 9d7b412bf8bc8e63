"""Links that sign a person in to the dashboard, for those who have the token: the owner of this machine's Navaar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from navaar_api.credentials import Credentials, obtain_token
from navaar_api.settings import ApiSettings
from navaar_runtime.settings import RuntimeSettings, load

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what is bound to, never what is called


def address(environment: Mapping[str, str]) -> str:
    """Where the dashboard is, as called on this machine: http://127.0.0.1:8080. Raises SettingsError."""
    settings = load(ApiSettings, environment)
    host = "127.0.0.1" if settings.api_host in _EVERYWHERE else settings.api_host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.api_port}"


def link(environment: Mapping[str, str], now: datetime | None = None) -> str:
    """The dashboard's address with a code that signs in one browser, once, within the hour.

    Raises:
        SettingsError: the configuration is wrong, or the token cannot be read.
    """
    settings, runtime = load(ApiSettings, environment), load(RuntimeSettings, environment)
    code = Credentials(obtain_token(settings.api_token, runtime.data_dir)).open_link(now or datetime.now(UTC))
    return f"{address(environment)}/sign-in?code={quote(code)}"
