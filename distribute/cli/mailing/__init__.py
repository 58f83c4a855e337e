"""The mailings of an issue, also the late and the corrected: what is owed, and how it stands."""
