"""The columns that an import understands, by the many names that they have."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache


class Column(StrEnum):
    """What a cell is about; the values are the names that ``--map`` takes."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    LANGUAGES = "languages"
    ONLY_THESE = "only_these"
    STATUS = "status"
    JOINED = "joined"
    SOURCE = "source"
    TAGS = "tags"
    PAUSED = "paused_until"
    ASKED_AT = "asked_at"
    """When they filled in a form; `ASKED_FROM` is their address in the network then."""
    ASKED_FROM = "asked_from"
    CONFIRMED_AT = "confirmed_at"
    CONFIRMED_FROM = "confirmed_from"
    CONFIRMED = "confirmed"
    """Whether they confirmed: whoever did not has yet to."""
    LEFT_AT = "left_at"
    """When they unsubscribed, or whether."""
    BOUNCED_AT = "bounced_at"
    """When their mailbox was given up, or whether."""
    RECEIVES = "receives"
    """Whether they get mail: whoever does not is unsubscribed."""
    DISABLED = "disabled"
    """Whether they do not."""
    ATTRIBUTES = "attributes"
    """A JSON object in which their language may be."""
    CONSENTS = "consents"
    """A JSON list of acts, as our own JSON Lines hold it."""
    WORDINGS = "wordings"
    """A JSON list of the words that those acts name."""


_LONGEST = 100
"""Characters of a name that are looked at; no name that is known has as many."""
_NAMES = {
    Column.EMAIL: "email mail emailaddress mailaddress emailadresse emailadress "
    "adresseemail adressemail adresseélectronique indirizzoemail correoelectrónico "
    "direccióndecorreoelectrónico endereçodeemail epostaadresi "
    "emailadres 邮箱 电子邮件 البريدالإلكتروني",
    Column.NAME: "name fullname displayname",
    Column.FIRST_NAME: "firstname fname givenname",
    Column.LAST_NAME: "lastname lname surname familyname",
    Column.LANGUAGES: "languages language langs lang locales locale",
    Column.ONLY_THESE: "onlythese",
    Column.STATUS: "status state subscriptionstatus subscriberstatus emailstatus "
    "memberstatus emailmarketingstatus optinstatus",
    Column.JOINED: "joined joinedat subscribedat subscribedon signupdate createdat "
    "dateadded",
    Column.SOURCE: "source",
    Column.TAGS: "tags tag labels",
    Column.PAUSED: "pauseduntil",
    Column.ASKED_AT: "optintime askedat consentat",
    Column.ASKED_FROM: "optinip askedfrom consentip",
    Column.CONFIRMED_AT: "confirmtime confirmedat",
    Column.CONFIRMED_FROM: "confirmip confirmedfrom",
    Column.CONFIRMED: "confirmed isconfirmed verified isverified doubleoptin",
    Column.LEFT_AT: "unsubtime unsubscribedat unsubscribed leftat optedout",
    Column.BOUNCED_AT: "cleantime bouncedat bounced",
    Column.RECEIVES: "receives subscribed issubscribed optin optedin subscribedtoemails "
    "acceptsemailmarketing acceptsmarketing",
    Column.DISABLED: "disabled emaildisabled",
    Column.ATTRIBUTES: "attributes attribs",
    Column.CONSENTS: "consents",
    Column.WORDINGS: "wordings",
}
COMMON: Mapping[str, Column] = {
    unicodedata.normalize("NFC", name): column
    for column, names in _NAMES.items()
    for name in names.split()
}
"""What a column is about, by its name as `plain` gives it, wherever it comes from."""


def plain(name: str) -> str:
    """Give the letters and digits of a name: ``E-Mail Address`` is ``emailaddress``."""
    return _plain(name[:_LONGEST])


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFC", name.casefold())
    return "".join(c for c in folded if c.isalnum())
