"""An edition as an e-mail, and letters to single people: their CSS in their elements."""
