"""In which order editions stand, wherever several are listed."""

from distribute.editions.edition import Edition


def newest_first(edition: Edition) -> tuple[float, int, str]:
    """Give the key to sort by: date, then number, as one day may have six, then file."""
    number = -1 if edition.number is None else edition.number
    return -edition.published.timestamp(), -number, str(edition.post.path)
