"""What the Telegram gateway lends the bot that it hosts, and what Telegram's errors mean to both."""
