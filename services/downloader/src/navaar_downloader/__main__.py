"""Starts the downloader."""

from __future__ import annotations

from collections.abc import Mapping

from navaar_contracts.identifiers import Platform
from navaar_downloader.downloads import ProgressLog, YtdlpDownloads
from navaar_downloader.pool import Pool
from navaar_downloader.probe_backoff import BackoffProbe
from navaar_downloader.renewal import Renewal
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.subscribers import subscribe
from navaar_downloader.update import update
from navaar_downloader.workspace import Workspace
from navaar_runtime.run import run
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load, load_links


def create(environment: Mapping[str, str]) -> Service:
    """The service, wired but not started; SettingsError when the configuration cannot be used."""
    settings, runtime = load(DownloaderSettings, environment), load(RuntimeSettings, environment)
    service = Service("downloader", runtime)
    workspace = Workspace(runtime.data_dir)
    pool = Pool(workspace, settings.ytdlp_workers)
    downloads = YtdlpDownloads(settings, workspace, pool, ProgressLog())
    probe = BackoffProbe(downloads.probe, changed=settings.cookies_stamp)
    source = next(platform for platform in Platform if platform.spec.gives_audio)
    service.guard(source, probe, [link.name for link in load_links(environment)])
    service.on_start(downloads.open)
    service.on_stop(downloads.close)
    service.check("tools", downloads.problem)
    service.detail("yt-dlp", downloads.version)
    # What is not YouTube's needs no yt-dlp that knows YouTube.
    if settings.ytdlp_update_days and settings.ytdlp_url_template is None:
        renewal = Renewal(
            lambda: update(environment, unasked=True), pool, workspace.versions.root, settings.ytdlp_update_days
        )
        service.background("renewal", renewal.watch)
        service.note("yt-dlp", renewal.problem)
        service.detail("yt-dlp renewal", renewal.problem)
    subscribe(service, downloads)
    return service


def main() -> None:
    run(create)


if __name__ == "__main__":
    main()
