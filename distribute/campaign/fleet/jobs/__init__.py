"""Batches as jobs of Procrastinate: deferred, taken, and taken from those who died."""
