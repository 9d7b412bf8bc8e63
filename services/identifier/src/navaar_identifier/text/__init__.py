"""Writing systems, pronunciation and spelling: what comparing texts needs beyond folding."""
