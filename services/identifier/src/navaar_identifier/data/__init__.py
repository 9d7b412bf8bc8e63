"""Word lists. Each file says where its words come from."""
