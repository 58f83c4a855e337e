"""Follow the id of a delivery back to whom it was for."""

from collections.abc import Collection, Iterable, Mapping

from distribute.audience.database.connection import Connection
from distribute.campaign.returned.record import Subject
from distribute.campaign.returned.report import Report
from distribute.errors import MailboxError
from distribute.mailbox import Mailbox

_OF_MAILBOX = """
    SELECT d.id, c.id FROM campaign AS c
    CROSS JOIN delivery AS d ON d.campaign = c.number AND d.key = :key
    WHERE d.id = :id
    UNION ALL
    SELECT e.id, c.id FROM campaign AS c
    CROSS JOIN delivery AS d ON d.campaign = c.number AND d.key = :key
    CROSS JOIN earlier_attempt AS e ON e.delivery = d.number
    WHERE e.id = :id
    LIMIT 1
"""
"""By the index on campaign and key: campaigns are few."""
_ALL = """
    SELECT d.id, d.key, c.id FROM delivery AS d
    JOIN campaign AS c ON c.number = d.campaign WHERE d.id IN ({marks})
    UNION ALL
    SELECT e.id, d.key, c.id FROM earlier_attempt AS e
    JOIN delivery AS d ON d.number = e.delivery
    JOIN campaign AS c ON c.number = d.campaign WHERE e.id IN ({marks})
"""
"""One look through everything, for any number of ids that are left."""
_AT_ONCE = 5000


class Trail:
    """Finds out whose deliveries some ids are, in an open database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def subjects(self, reports: Iterable[Report]) -> Mapping[str, Subject]:
        """Give whom each id is about that is on record: mailbox key and campaign.

        Most reports name the mailbox the delivery was for, and are quickly found. Mail
        that was forwarded names another: for all of these the deliveries are looked
        through once.
        """
        found: dict[str, Subject] = {}
        missing: set[str] = set()
        for report in reports:
            if report.delivery and report.delivery not in found:
                subject = self._named_in(report)
                if subject:
                    found[report.delivery] = subject
                else:
                    missing.add(report.delivery)
        return {**found, **self._anywhere(missing - found.keys())}

    def _named_in(self, report: Report) -> Subject | None:
        """Look among the deliveries to those whom the report itself names."""
        for key in keys_of(report):
            wanted = {"key": key, "id": report.delivery}
            row = self._connection.execute(_OF_MAILBOX, wanted).fetchone()
            if row:
                return Subject(key, row[1])
        return None

    def _anywhere(self, ids: Collection[str]) -> Mapping[str, Subject]:
        """Look among all; who was forgotten has no mailbox there any more."""
        found: dict[str, Subject] = {}
        waiting = sorted(ids)
        while waiting:
            some, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            query = _ALL.format(marks=", ".join("?" * len(some)))
            for id_, key, campaign in self._connection.execute(query, some * 2):
                if "@" in key:
                    found[id_] = Subject(key, campaign)
        return found


def keys_of(report: Report) -> Iterable[str]:
    """Give the keys of the mailboxes that a report names, each once."""
    keys = (key_of(text) for text in (report.recipient, report.original))
    return dict.fromkeys(filter(None, keys))


def key_of(address: str) -> str:
    """Read an address; the key is empty if it is none."""
    try:
        return Mailbox.parse(address).key if address else ""
    except MailboxError:
        return ""
