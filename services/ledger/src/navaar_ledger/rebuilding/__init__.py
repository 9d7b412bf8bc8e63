"""The ledger made anew from the history, beside the present one, and what differs."""
