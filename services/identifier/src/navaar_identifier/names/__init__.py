"""Reading names: what artist, title and version a raw text names."""
