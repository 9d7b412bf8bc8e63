"""The runtime every Navaar service stands on. It knows how messages travel and nothing of music."""
