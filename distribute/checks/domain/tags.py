"""Read lists of tags, as records of DKIM and DMARC are written: ``v=DKIM1; p=…``."""

import re
from collections.abc import Mapping

_TAG = re.compile(r"\s*(?P<name>[a-z][a-z0-9_]*)\s*=\s*(?P<value>.*?)\s*", re.I | re.S)


class TagSyntaxError(ValueError):
    """No list of tags; the reason is worded to stand behind a colon."""


def parse_tags(text: str) -> Mapping[str, str]:
    """Read the tags in their order (RFC 6376 section 3.2); raises `TagSyntaxError`.

    >>> dict(parse_tags("v=DKIM1; k=rsa ; p=MIIB Ij"))
    {'v': 'DKIM1', 'k': 'rsa', 'p': 'MIIB Ij'}
    """
    found: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        tag = _TAG.fullmatch(part)
        if tag is None:
            raise TagSyntaxError(f"{part.strip()[:40]!a} is no tag")
        if tag["name"] in found:
            raise TagSyntaxError(f"the tag {tag['name']} stands in it twice")
        found[tag["name"]] = tag["value"]
    return found
