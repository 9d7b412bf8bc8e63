"""Asking the ledger: queries, requests, and following merged tracks."""
