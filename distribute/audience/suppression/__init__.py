"""Who must never be written to, whoever brings their address."""
