"""What the downloader can be told from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, field_validator

from navaar_downloader.extractor_args import ExtractorArgs, parse_extractor_args, secrets_in
from navaar_runtime.redaction import register_secret, register_unless_word
from navaar_runtime.settings import NavaarSettings

_PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


def _mask(account: str | None, password: str | None) -> None:
    """Keep what signs in to an address out of all texts, also as it is when its escapes are read."""
    for register, quoted in ((register_unless_word, account), (register_secret, password)):
        if quoted:
            register(quoted)
            register(unquote(quoted))


class DownloaderSettings(NavaarSettings):
    """Where audio comes from, how gently it is asked for, and how large it may be."""

    ytdlp_cookies_file: Path | None = Field(
        default=None,
        description="Cookies of a signed-in browser (Netscape cookies.txt), for when YouTube asks to sign in",
        examples=["/var/lib/navaar/cookies.txt"],
    )
    ytdlp_proxy: SecretStr | None = Field(
        default=None,
        description="Proxy through which YouTube is asked: http, https, socks4, socks4a, socks5 or socks5h",
        examples=["socks5h://user:password@proxy.example:1080"],
    )
    ytdlp_extractor_args: SecretStr | None = Field(
        default=None,
        description="Extractor arguments in yt-dlp's syntax, with a space between those of several extractors",
        examples=["youtube:player_client=tv,web_safari"],
    )
    ytdlp_url_template: str | None = Field(
        default=None,
        description="Fetch audio from this address instead of YouTube; {video_id} stands for the video",
        examples=["http://127.0.0.1:8090/media/{video_id}"],
    )
    ytdlp_workers: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Downloads at the same time; more than one draws YouTube's attention",
        examples=["1"],
    )
    ytdlp_timeout_s: float = Field(
        default=600, ge=1, le=86_400, description="Seconds one download may take, conversion included", examples=["600"]
    )
    ytdlp_sleep_requests: float = Field(
        default=0.75,
        ge=0,
        le=60,
        description="Seconds between two requests while YouTube is asked about a video",
        examples=["0.75"],
    )
    ytdlp_index: SecretStr | None = Field(
        default=None,
        description="Package index that newer versions of yt-dlp come from; unset: the one that uv or pip is set to",
        examples=["https://pypi.org/simple"],
    )
    ytdlp_update_days: float = Field(
        default=7,
        ge=0,
        le=365,
        description="Days until yt-dlp is renewed by itself, as `navaar update-downloader` does it; 0: never",
        examples=["7"],
    )
    telegram_max_upload_mb: int = Field(
        default=50,
        ge=1,
        le=2000,
        description="Largest file to post; a local server takes 2000",
        examples=["50"],
    )

    @field_validator("ytdlp_cookies_file")
    @classmethod
    def _is_there(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"{value} is no file")
        return value

    @field_validator("ytdlp_proxy")
    @classmethod
    def _is_a_proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return value
        try:
            parts = urlsplit(value.get_secret_value())
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise ValueError("is no address of a proxy") from None
        if parts.scheme.lower() not in _PROXY_SCHEMES or not host:
            raise ValueError(f"must begin with {'://, '.join(_PROXY_SCHEMES)}:// and name a host")
        _mask(parts.username, parts.password)
        return value

    @field_validator("ytdlp_index")
    @classmethod
    def _is_an_index(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return value
        try:
            parts = urlsplit(value.get_secret_value())
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise ValueError("is no address") from None
        if parts.scheme not in ("http", "https") or not host:
            raise ValueError("must begin with http:// or https:// and name a host")
        _mask(parts.username if parts.password is None else None, parts.password)
        return value

    @field_validator("ytdlp_extractor_args")
    @classmethod
    def _are_extractor_args(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            for secret in secrets_in(parse_extractor_args(value.get_secret_value())):
                register_secret(secret)
        return value

    @field_validator("ytdlp_url_template")
    @classmethod
    def _is_a_template(cls, value: Any) -> Any:
        if value is None:
            return value
        try:
            parts = urlsplit(value.replace("{video_id}", "x"))
        except ValueError:
            raise ValueError("is no address") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must begin with http:// or https:// and name a host")
        if "{video_id}" not in value:
            raise ValueError("must contain {video_id}")
        return value

    @property
    def proxy(self) -> str | None:
        return self.ytdlp_proxy.get_secret_value() if self.ytdlp_proxy else None

    @property
    def index(self) -> str | None:
        return self.ytdlp_index.get_secret_value() if self.ytdlp_index else None

    @property
    def extractor_args(self) -> ExtractorArgs:
        return parse_extractor_args(self.ytdlp_extractor_args.get_secret_value()) if self.ytdlp_extractor_args else {}

    def cookies_stamp(self) -> object:
        """A value that changes when the cookies file does."""
        if self.ytdlp_cookies_file is None:
            return None
        try:
            status = self.ytdlp_cookies_file.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
