"""Which consumer goes to which handler."""

from __future__ import annotations

from navaar_contracts.commands import DiscardAudio, DownloadAudio
from navaar_contracts.events import AudioReady
from navaar_contracts.streams import DOWNLOADER_DISCARD, DOWNLOADER_DOWNLOAD
from navaar_downloader import handlers
from navaar_downloader.ports import Downloads
from navaar_runtime.service import Service


def subscribe(service: Service, downloads: Downloads) -> None:
    """Wire the downloader's consumers."""

    async def on_download_audio(command: DownloadAudio) -> AudioReady:
        return await handlers.download_audio(command, downloads, service.objects, service.records)

    async def on_discard_audio(command: DiscardAudio) -> None:
        await handlers.discard_audio(command, service.objects, service.records)

    service.on(DOWNLOADER_DOWNLOAD, DownloadAudio, handler=on_download_audio)
    service.on(DOWNLOADER_DISCARD, DiscardAudio, handler=on_discard_audio)
