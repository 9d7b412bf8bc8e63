"""The one error of our own making inside a download process."""

from __future__ import annotations


class Refused(Exception):
    """This audio cannot be used, and trying again cannot change that. The text is a sentence for a person."""
