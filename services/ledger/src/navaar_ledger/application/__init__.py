"""Loads, decides, writes, publishes: the rules at work."""
