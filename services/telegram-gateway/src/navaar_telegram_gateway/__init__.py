"""Reads and writes one Telegram channel per link."""

from navaar_runtime.lazy_models import import_unbuilt

import_unbuilt("aiogram", names_from="aiogram.types")
