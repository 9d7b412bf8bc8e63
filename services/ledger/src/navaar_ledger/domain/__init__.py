"""The policy: what the ledger makes of each message. Pure functions over frozen documents."""
