"""Comparing: whether two items are one recording, and how surely."""
