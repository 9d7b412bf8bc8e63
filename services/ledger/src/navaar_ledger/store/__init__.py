"""Where the truth is kept: the port, what is derived from a document, and two engines."""
