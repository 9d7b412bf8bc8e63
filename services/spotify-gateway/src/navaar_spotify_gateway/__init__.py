"""Watches, searches and fills one Spotify playlist per link."""
