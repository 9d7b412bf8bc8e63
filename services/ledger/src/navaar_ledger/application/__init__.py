"""Loads, decides, writes, publishes: the policy at work."""
