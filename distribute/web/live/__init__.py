"""A preview on this machine that shows itself anew whenever something was saved."""
