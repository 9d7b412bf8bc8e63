"""Watches, searches and fills one YouTube Music playlist per link."""
