"""YouTube Music's playlists by the official YouTube Data API v3, with a Google OAuth sign-in."""
