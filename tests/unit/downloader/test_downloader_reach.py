"""Proxies, extractor arguments and plugins, as the real yt-dlp takes them, against a server on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_downloader.extractor_args import WrongExtractorArgs, parse_extractor_args
from navaar_downloader.jobs import FetchOptions, Job, Product
from navaar_downloader.pool import Pool
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.workspace import Workspace
from navaar_runtime.failures import Failure, Transient
from navaar_runtime.redaction import redact
from navaar_runtime.settings import SettingsError, load
from tests.support.media_server import Answer, MediaServer

MakeAudio = Callable[..., bytes]

PLUGIN = """
from yt_dlp.extractor.generic import GenericIE


class ExampleIE(GenericIE, plugin_name="example"):
    def _real_extract(self, url):
        found = self._configuration_arg("to", ["song.m4a"], ie_key="example", casesense=True)[0]
        return super()._real_extract(url.rpartition("/")[0] + "/" + found)
"""


@pytest_asyncio.fixture
async def pool(tmp_path: Path) -> AsyncIterator[Pool]:
    workspace = Workspace(tmp_path)
    workspace.open()
    pool = Pool(workspace, 1)
    yield pool
    await pool.close()
    workspace.close()


async def fetched(pool: Pool, folder: Path, url: str, **options: object) -> Product:
    asked = FetchOptions.model_validate({"generic": True} | options)
    job = Job(video_id="song", url=url, folder=str(folder), limit_bytes=49_000_000, timeout_s=60, options=asked)
    await pool.open()
    outcome = await pool.run(job, lambda progress: None)
    assert isinstance(outcome, Product)
    return outcome


async def test_a_download_goes_through_the_proxy(
    pool: Pool, folder: Path, media: MediaServer, make_audio: MakeAudio
) -> None:
    media.serve("/song.m4a", Answer(make_audio(3)))
    proxy = media.address.replace("://", "://user:open%20sesame@")
    product = await fetched(pool, folder, "http://audio.invalid/song.m4a", proxy=proxy)
    assert product.duration_s == pytest.approx(3, abs=0.3)


async def test_a_proxy_that_is_not_there_is_named_and_its_password_is_not(pool: Pool, folder: Path) -> None:
    with pytest.raises(Transient) as caught:
        await fetched(pool, folder, "http://audio.invalid/song.m4a", proxy="http://user:sesame@127.0.0.1:9")
    assert "NAVAAR_YTDLP_PROXY" in caught.value.reason
    assert "sesame" not in caught.value.reason


async def test_a_proxy_that_asks_for_a_sign_in_is_named(pool: Pool, folder: Path, media: MediaServer) -> None:
    media.serve("/song.m4a", Answer(b"", 407, "text/plain", {"Proxy-Authenticate": "Basic"}))
    with pytest.raises(Failure, match="NAVAAR_YTDLP_PROXY"):
        await fetched(pool, folder, "http://audio.invalid/song.m4a", proxy=media.address)


@pytest.mark.parametrize("where", ["yt-dlp-plugins/example/yt_dlp_plugins", "yt-dlp-plugins/yt_dlp_plugins"])
async def test_plugins_in_the_data_folder_are_found_and_get_their_arguments(
    pool: Pool, folder: Path, media: MediaServer, make_audio: MakeAudio, tmp_path: Path, where: str
) -> None:
    extractors = tmp_path / where / "extractor"
    extractors.mkdir(parents=True)
    (extractors / "example.py").write_text(PLUGIN)
    media.serve("/Other.m4a", Answer(make_audio(3)))
    args = parse_extractor_args("example:to=Other.m4a")
    await fetched(pool, folder, f"{media.address}/nothing.m4a", extractor_args=args)
    assert media.asked["/Other.m4a"] > 0


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("youtube:player_client=tv,web", {"youtube": {"player_client": ["tv", "web"]}}),
        (
            "youtube:player-client=tv;lang=en  youtubepot-bgutilhttp:base_url=http://127.0.0.1:4416",
            {
                "youtube": {"player_client": ["tv"], "lang": ["en"]},
                "youtubepot-bgutilhttp": {"base_url": ["http://127.0.0.1:4416"]},
            },
        ),
        (r"youtube:title=a\,b,c", {"youtube": {"title": ["a,b", "c"]}}),
        ('--extractor-args "youtube:player_client=tv, web"', {"youtube": {"player_client": ["tv", "web"]}}),
        ("--extractor-args=YouTube:skip=", {"youtube": {"skip": [""]}}),
    ],
)
def test_extractor_arguments_are_read_as_yt_dlp_reads_them(text: str, args: dict[str, dict[str, list[str]]]) -> None:
    import shlex

    from yt_dlp import parse_options

    assert parse_extractor_args(text) == args
    words = [word.removeprefix("--extractor-args=") for word in shlex.split(text.replace("\\", "\\\\"))]
    command_line = [f"--extractor-args={word}" for word in words if word != "--extractor-args"]
    assert parse_options([*command_line, "--ignore-config"]).ydl_opts["extractor_args"] == args


@pytest.mark.parametrize("text", ["youtube", "youtube:", "youtube:player_client", "=x", "youtube:a=b;", '"youtube:a=b'])
def test_wrong_extractor_arguments_are_refused_at_start(text: str) -> None:
    with pytest.raises(WrongExtractorArgs):
        parse_extractor_args(text)
    with pytest.raises(SettingsError, match=r"^NAVAAR_YTDLP_EXTRACTOR_ARGS: .*for example"):
        load(DownloaderSettings, {"NAVAAR_YTDLP_EXTRACTOR_ARGS": text})


@pytest.mark.parametrize(
    "value",
    ["proxy.example:1080", "ftp://proxy.example", "http://", "http://u:hunter222@", "http://u:hunter222@h:port"],
)
def test_a_wrong_proxy_is_refused_at_start_and_not_shown(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^NAVAAR_YTDLP_PROXY: ") as caught:
        load(DownloaderSettings, {"NAVAAR_YTDLP_PROXY": value})
    assert "hunter222" not in str(caught.value)


def test_secret_parts_are_masked_wherever_they_appear() -> None:
    settings = load(
        DownloaderSettings,
        {
            "NAVAAR_YTDLP_PROXY": "socks5h://proxy-account-7:open%20sesame@proxy.example:1080",
            "NAVAAR_YTDLP_EXTRACTOR_ARGS": "youtube:po_token=web.gvs+Abcdef123456;player_client=tv",
        },
    )
    said = "proxy-account-7 said open sesame, open%20sesame and Abcdef123456"
    assert redact(said) == "*** said ***, *** and ***"
    assert "sesame" not in repr(settings)
    assert "Abcdef123456" not in repr(settings)
    assert settings.proxy == "socks5h://proxy-account-7:open%20sesame@proxy.example:1080"
