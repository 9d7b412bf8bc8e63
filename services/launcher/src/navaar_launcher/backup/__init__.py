"""One file that holds all that cannot be made again."""
