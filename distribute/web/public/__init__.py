"""The public side that answers: joining, choosing, leaving; nothing else changes anything."""
