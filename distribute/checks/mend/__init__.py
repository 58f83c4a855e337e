"""Mending what is safe to mend: each change is proved before anybody sees it."""
