"""What the administrators are told unasked: which troubles there are, and how seldom they are told."""
