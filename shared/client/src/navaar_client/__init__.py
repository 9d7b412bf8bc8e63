"""Asking the ledger: what the API, the bot and the launcher read there, and what they ask it to do."""
