"""All messages that came back, by name; `expected.txt` says what each of them means."""

from tests.campaign.returned.answers import answer_messages, trap_messages
from tests.campaign.returned.complaints import complaint_messages, leaving_messages
from tests.campaign.returned.large_providers import (
    exchange_messages,
    gmail_messages,
    outlook_messages,
    ses_messages,
    yahoo_messages,
)
from tests.campaign.returned.provider_notices import notice_messages
from tests.campaign.returned.unix_servers import (
    exim_messages,
    other_messages,
    postfix_messages,
    qmail_messages,
    sendmail_messages,
)

MAKERS = (
    postfix_messages,
    sendmail_messages,
    exim_messages,
    qmail_messages,
    other_messages,
    exchange_messages,
    gmail_messages,
    yahoo_messages,
    outlook_messages,
    ses_messages,
    complaint_messages,
    leaving_messages,
    answer_messages,
    trap_messages,
    notice_messages,
)


def corpus() -> dict[str, bytes]:
    """Make every message anew, in the order of the table."""
    return {name: data for make in MAKERS for name, data in make().items()}
