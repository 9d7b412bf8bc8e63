"""Jukebox: a playlist platform that exists in tests only."""
