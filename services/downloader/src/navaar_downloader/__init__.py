"""Fetches audio with yt-dlp, tags it and makes it fit."""
