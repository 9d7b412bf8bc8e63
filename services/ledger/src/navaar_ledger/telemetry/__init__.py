"""What is measured and traced of the ledger's decisions."""
