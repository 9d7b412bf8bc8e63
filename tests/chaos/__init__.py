"""Everything that may go wrong, at random moments, while songs are on their way: see `__main__`."""
