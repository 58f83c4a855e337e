"""Providers that tell us what came back."""

from enum import StrEnum


class Provider(StrEnum):
    """Who tells; also the name of the hook that it is told to."""

    SES = "ses"
    POSTMARK = "postmark"
    MAILGUN = "mailgun"
