"""How a platform's sign-in fails, at the terminal and at work."""

from __future__ import annotations


class NotSignedIn(Exception):
    """There is no usable sign-in; the text says why and what to do."""


class SignInFailed(Exception):
    """The sign-in was not made; the text is for the person at the terminal and holds no secret."""
