"""Reads and writes one Telegram channel per link."""
