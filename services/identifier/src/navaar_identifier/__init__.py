"""Says who a recording is and which candidate is the same recording."""
