"""How long the ledger's lists and figures take, and whether that grows with the ledger."""
