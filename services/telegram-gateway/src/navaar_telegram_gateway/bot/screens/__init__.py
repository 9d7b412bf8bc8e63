"""What an administrator may ask for: one file a concern, each with its commands, its screens and its buttons."""
