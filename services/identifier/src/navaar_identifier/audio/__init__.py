"""Audio files: their tags, and how they sound."""
