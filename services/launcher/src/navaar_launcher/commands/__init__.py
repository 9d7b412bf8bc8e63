"""The commands, one module a concern; each registers itself with the application."""
