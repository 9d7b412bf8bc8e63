"""What changes, told to every open page."""
