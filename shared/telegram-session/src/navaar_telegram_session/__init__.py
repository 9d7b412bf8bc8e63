"""What the Telegram gateway lends the bot that it hosts, and what Telegram's errors mean to both."""

from navaar_runtime.lazy_models import import_unbuilt

import_unbuilt("aiogram", names_from="aiogram.types")
