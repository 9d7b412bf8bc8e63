"""Proxies, extractor arguments and plugins, as the real yt-dlp takes them, against a server on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from navaar_downloader.cover_download import fetch_picture
from navaar_downloader.covers import BadCover
from navaar_downloader.extractor_args import WrongExtractorArgs, parse_extractor_args
from navaar_downloader.jobs import FetchOptions, Job, Product
from navaar_downloader.pool import Pool
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.workspace import Workspace
from navaar_runtime.failures import Failure, Transient
from navaar_runtime.redaction import redact
from navaar_runtime.settings import SettingsError, load
from tests.support.media_server import Answer, MediaServer
from tests.support.socks_proxy import socks_proxy

MakeAudio = Callable[..., bytes]
in_module = pytest.mark.asyncio(loop_scope="module")

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


async def fetched(pool: Pool, folder: Path, url: str, cover: str | None = None, **options: object) -> Product:
    asked = FetchOptions.model_validate({"generic": True} | options)
    job = Job(
        video_id="song",
        url=url,
        folder=str(folder),
        cover_url=cover,
        limit_bytes=49_000_000,
        timeout_s=60,
        options=asked,
    )
    outcome = await pool.run(job, lambda progress: None)
    assert isinstance(outcome, Product)
    return outcome


@in_module
async def test_a_download_goes_through_the_proxy(
    warm_pool: Pool, folder: Path, media: MediaServer, make_audio: MakeAudio
) -> None:
    media.serve("/song.m4a", Answer(make_audio(3)))
    proxy = media.address.replace("://", "://user:open%20sesame@")
    product = await fetched(warm_pool, folder, "http://audio.invalid/song.m4a", proxy=proxy)
    assert product.duration_s == pytest.approx(3, abs=0.3)


@in_module
async def test_the_cover_goes_through_the_proxy_as_well(
    warm_pool: Pool, folder: Path, media: MediaServer, make_audio: MakeAudio, wide_picture: bytes
) -> None:
    media.serve("/song.m4a", Answer(make_audio(3)))
    media.serve("/cover.jpg", Answer(wide_picture, content_type="image/webp"))
    proxy = media.address.replace("://", "://user:open%20sesame@")
    product = await fetched(
        warm_pool, folder, "http://audio.invalid/song.m4a", cover="http://covers.invalid/cover.jpg", proxy=proxy
    )
    assert product.cover is not None
    assert product.remarks == ()


@pytest.mark.parametrize("kind", ["http", "socks5", "socks5h"])
def test_a_cover_is_fetched_through_a_proxy_of_any_kind(media: MediaServer, kind: str) -> None:
    # A name that only the proxy knows, where the proxy looks names up.
    host = "127.0.0.1" if kind == "socks5" else "covers.invalid"
    media.serve("/cover.jpg", Answer(b"a picture"))
    with socks_proxy(urlsplit(media.address).port or 0) as socks:
        proxy = media.address if kind == "http" else f"{kind}://{socks}"
        assert fetch_picture(f"http://{host}/cover.jpg", own_network=True, proxy=proxy) == b"a picture"
    assert media.asked == {"/cover.jpg": 1}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.7"])
def test_a_proxy_leads_into_no_network_of_its_own(media: MediaServer, host: str) -> None:
    with pytest.raises(BadCover, match="own network"):
        fetch_picture(f"http://{host}/cover.jpg", own_network=False, proxy=media.address)
    assert media.asked == {}


def test_a_cover_is_not_fetched_past_a_proxy_that_is_not_there(media: MediaServer) -> None:
    cover = media.serve("/cover.jpg", Answer(b"a picture"))
    with pytest.raises(BadCover, match="did not arrive"):
        fetch_picture(cover, own_network=True, proxy="http://user:sesame@127.0.0.1:9")
    assert media.asked == {}


def test_an_empty_proxy_is_none_whatever_the_environment_says(
    media: MediaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    cover = media.serve("/cover.jpg", Answer(b"a picture"))
    assert fetch_picture(cover, own_network=True, proxy="") == b"a picture"
    with pytest.raises(BadCover):
        fetch_picture(cover, own_network=True, proxy=None)


@in_module
async def test_a_proxy_that_is_not_there_is_named_and_its_password_is_not(warm_pool: Pool, folder: Path) -> None:
    with pytest.raises(Transient) as caught:
        await fetched(warm_pool, folder, "http://audio.invalid/song.m4a", proxy="http://user:sesame@127.0.0.1:9")
    assert "NAVAAR_YTDLP_PROXY" in caught.value.reason
    assert "sesame" not in caught.value.reason


@in_module
async def test_a_proxy_that_asks_for_a_sign_in_is_named(warm_pool: Pool, folder: Path, media: MediaServer) -> None:
    media.serve("/song.m4a", Answer(b"", 407, "text/plain", {"Proxy-Authenticate": "Basic"}))
    with pytest.raises(Failure, match="NAVAAR_YTDLP_PROXY"):
        await fetched(warm_pool, folder, "http://audio.invalid/song.m4a", proxy=media.address)


@pytest.mark.parametrize("where", ["yt-dlp-plugins/example/yt_dlp_plugins", "yt-dlp-plugins/yt_dlp_plugins"])
async def test_plugins_in_the_data_folder_are_found_and_get_their_arguments(
    pool: Pool, folder: Path, media: MediaServer, make_audio: MakeAudio, tmp_path: Path, where: str
) -> None:
    extractors = tmp_path / where / "extractor"
    extractors.mkdir(parents=True)
    (extractors / "example.py").write_text(PLUGIN)
    media.serve("/Other.m4a", Answer(make_audio(3)))
    args = parse_extractor_args("example:to=Other.m4a")
    await pool.open()
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


def test_an_account_that_is_an_ordinary_word_is_masked_in_the_proxys_address_alone() -> None:
    settings = load(DownloaderSettings, {"NAVAAR_YTDLP_PROXY": "http://channel:open%20gate5@proxy.example:1080"})
    assert redact("the channel has 3 posts; the gate is open") == "the channel has 3 posts; the gate is open"
    said = f"cannot connect to {settings.proxy}, nor with 'open gate5'"
    assert redact(said) == "cannot connect to http://channel:***@proxy.example:1080, nor with '***'"
    assert "open" not in redact("http://channel:open%20gate5@proxy.example")


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
