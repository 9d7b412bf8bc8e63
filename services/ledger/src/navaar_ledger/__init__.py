"""Holds the truth about every track and alone decides the next step."""
