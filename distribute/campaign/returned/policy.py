"""How patient to be with mailboxes that fail; apart, for the settings know it as well."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncePolicy:
    """When failures that may pass add up to a mailbox that is gone."""

    strikes: int = 5
    within: timedelta = timedelta(days=30)
