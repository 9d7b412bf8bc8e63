"""What an administrator may ask for: one file a concern, each with its commands, its views and its buttons."""
