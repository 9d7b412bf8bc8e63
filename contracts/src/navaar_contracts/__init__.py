"""The messages Navaar's actors exchange, and where they travel."""
