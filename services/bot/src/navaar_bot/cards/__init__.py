"""Status cards in the channels: when one is written, and what becomes of it."""
