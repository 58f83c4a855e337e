"""What makes two texts the same to their readers."""


def letters_of(text: str) -> str:
    """Give the letters and digits of a text alone, in lower case.

    >>> letters_of("The *ferry*, №\u00a05!")
    'theferry5'
    """
    return "".join(filter(str.isalnum, text.casefold()))
