"""The bot: commands, reviews, status cards and alerts. It stores nothing and never holds up a post."""
