"""The gallery of an issue, and what changes while its maker works on it."""
