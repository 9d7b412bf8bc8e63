"""What the Telegram gateway lends the bot that it hosts, and what Telegram's errors mean to both."""

from importlib import import_module

from navaar_runtime.lazy_models import import_unbuilt, keep_built

import_unbuilt("aiogram", names_from="aiogram.types")
keep_built(import_module("aiogram.methods.base").Response)
