"""Where a download process finds yt-dlp and its plugins."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Libraries:
    """What a download process is started with."""

    folder: Path | None = None
    """Packages that go before the installed ones, yt-dlp among them; None: what is installed with Navaar."""
    plugins: Path | None = None
    """As yt-dlp's own `yt-dlp-plugins` folder: a folder or archive for each plugin, or what `pip --target` makes."""

    whole: bool = False
    """Import YouTube's extractor at once instead of with the first download, to see whether that can be done."""

    def arguments(self) -> list[str]:
        return [str(self.folder or ""), str(self.plugins or ""), "whole" if self.whole else ""]


def use(arguments: Sequence[str]) -> None:
    """Let this process find what `Libraries.arguments` says. To be called before yt-dlp is imported."""
    folder, plugins, whole = [*arguments, "", "", ""][:3]
    if folder:
        sys.path.insert(0, folder)
    if plugins and Path(plugins).is_dir():
        # Behind everything else: what plugins bring along must not stand in for what Navaar runs with.
        sys.path.append(plugins)
        from yt_dlp.globals import plugin_dirs

        plugin_dirs.value = [*plugin_dirs.value, plugins]
    if whole:
        import yt_dlp.extractor.youtube  # noqa: F401
