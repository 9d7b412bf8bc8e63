"""What the project and its images may be used under is written down, and agrees with what is installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from tests.support import licences

ROOT = licences.ROOT


def test_licence_file_and_every_package_say_the_same() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith(f"{licences.OUR_OWN} License")
    projects = [ROOT / "pyproject.toml", *ROOT.glob("contracts/pyproject.toml"), *ROOT.glob("s*/*/pyproject.toml")]
    said = {str(file): tomllib.loads(file.read_text(encoding="utf-8"))["project"]["license"] for file in projects}
    assert set(said.values()) == {licences.OUR_OWN}, said


def test_page_of_licences_is_what_is_installed() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page(), "run python -m tests.support.licences"


@pytest.mark.parametrize("service", licences.images())
def test_label_of_each_image_names_the_licences_it_holds(service: str) -> None:
    text = (ROOT / "services" / service / "Dockerfile").read_text(encoding="utf-8")
    assert text == licences.labelled(service), "run python -m tests.support.licences"
    assert f'image.licenses="{licences.label(service)}"' in text


@pytest.mark.skipif(sys.platform != "linux", reason="the images are Linux; other systems get another build")
def test_bundled_ffmpeg_is_the_gpl_build_that_the_page_names() -> None:
    said = subprocess.run([get_ffmpeg_exe(), "-hide_banner", "-L"], check=True, capture_output=True, text=True).stdout
    assert "GNU General Public License" in said
    assert "version 3 of the License, or" in said
    assert licences.BUNDLED["imageio-ffmpeg"][1] == "GPL-3.0-or-later"
