"""Taking over from the first implementation: its SQLite file read, translated, and sent to the ledger."""
