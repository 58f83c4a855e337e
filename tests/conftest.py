"""What holds for all tests."""

from hypothesis import settings

# A first example may import a library, and other work may keep the machine busy: how long
# an example takes says nothing about whether it is right.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
