"""The ledger made again from the history, beside the present one, and what differs."""
