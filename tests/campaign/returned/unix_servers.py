"""What Postfix, Sendmail, Exim, qmail and their like send back."""

from tests.campaign.returned.made import (
    BOUNCES,
    head,
    letter,
    mail,
    multipart,
    part,
    status_report,
    verp,
)

_POSTFIX = "MAILER-DAEMON@mx.example.net (Mail Delivery System)"
_SENDMAIL = "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>"
_EXIM = "Mail Delivery System <Mailer-Daemon@mx.example.net>"


def postfix(name: str, group: str, *, to: str = BOUNCES, subject: str = "") -> bytes:
    """Write as Postfix does, with the fields of its queue."""
    return status_report(
        head(
            _POSTFIX,
            subject or "Undelivered Mail Returned to Sender",
            to,
            "Auto-Submitted: auto-replied",
        ),
        "This is the mail system at host mx.example.net.\n\nYour letter is attached.\n",
        "Reporting-MTA: dns; mx.example.net\nX-Postfix-Queue-ID: 4F00\n"
        "X-Postfix-Sender: rfc822; bounces@news.example.org\n"
        f"Arrival-Date: Fri, 20 Nov 2026 09:00:05 +0000 (UTC)\n\n{group}",
        letter(name),
    )


def _one(action: str, status: str, said: str, who: str = "ada@example.net") -> str:
    return (
        f"Final-Recipient: rfc822; {who}\nOriginal-Recipient: rfc822;{who}\n"
        f"Action: {action}\nStatus: {status}\nRemote-MTA: dns; mail.example.net\n"
        f"Diagnostic-Code: smtp; {said}\n"
    )


def postfix_messages() -> dict[str, bytes]:
    """Give what Postfix sends."""
    made = {
        "postfix-unknown-user": _one(
            "failed", "5.1.1", "550 5.1.1 <ada@example.net>: nobody of that name"
        ),
        "postfix-mailbox-full": _one("failed", "5.2.2", "552 5.2.2 no room left"),
        "postfix-no-such-domain": (
            "Final-Recipient: rfc822; ada@gone.example\nAction: failed\nStatus: 5.4.4\n"
            "Diagnostic-Code: X-Postfix; Host or domain name not found. Name service\n"
            "    error for name=gone.example type=AAAA: Host not found\n"
        ),
        "postfix-given-up": _one(
            "failed", "4.4.1", "connect to mail.example.net: Connection timed out"
        ),
        "postfix-refused-by-policy": _one(
            "failed",
            "5.0.0",
            "554-5.7.1 blocked, see\n    554 5.7.1 our list of senders",
        ),
        "postfix-two-of-an-alias": (
            _one("failed", "5.1.1", "550 5.1.1 unknown", "ada@work.example")
            + "\n"
            + _one("failed", "5.2.1", "550 5.2.1 disabled", "ada@home.example")
        ),
    }
    messages = {name: postfix(name, group) for name, group in made.items()}
    delay = _one("delayed", "4.2.0", "450 4.2.0 greylisted, come again in 300 seconds")
    messages["postfix-greylisted"] = postfix(
        "postfix-greylisted",
        f"{delay}Will-Retry-Until: Wed, 25 Nov 2026 09:00:05 +0000 (UTC)\n",
        subject="Delayed Mail (still being retried)",
    )
    messages["postfix-relayed"] = postfix(
        "postfix-relayed",
        _one("relayed", "2.1.5", "250 2.1.5 Ok"),
        subject="Successful Mail Delivery Report",
    )
    messages["postfix-verp-only"] = _headerless("postfix-verp-only")
    messages["postfix-envelope-id"] = _by_envelope_id("postfix-envelope-id")
    messages["postfix-internationalised"] = _internationalised()
    return messages


def _headerless(name: str) -> bytes:
    """Leave the copy out: only the envelope says what it is about."""
    group = _one("failed", "5.1.1", "550 5.1.1 nobody")
    return multipart(
        head(_POSTFIX, "Undelivered Mail Returned to Sender", verp(name)),
        "multipart/report; report-type=delivery-status",
        part("text/plain", "It failed.\n"),
        part(
            "message/delivery-status", f"Reporting-MTA: dns; mx.example.net\n\n{group}"
        ),
    )


def _by_envelope_id(name: str) -> bytes:
    group = _one("failed", "5.1.1", "550 5.1.1 nobody")
    identity = verp(name).partition("+")[2].partition("@")[0]
    return multipart(
        head(_POSTFIX, "Undelivered Mail Returned to Sender"),
        "multipart/report; report-type=delivery-status",
        part("text/plain", "It failed.\n"),
        part(
            "message/delivery-status",
            f"Reporting-MTA: dns; mx.example.net\n"
            f"Original-Envelope-Id: 7/en/{identity}\n\n{group}",
        ),
    )


def _internationalised() -> bytes:
    """Write a report about an address beyond ASCII (RFC 6533)."""
    name = "postfix-internationalised"
    return multipart(
        head(_POSTFIX, "Undelivered Mail Returned to Sender"),
        "multipart/report; report-type=global-delivery-status",
        part("text/plain; charset=utf-8", "Nicht zugestellt: françoise\n"),
        part(
            "message/global-delivery-status",
            "Reporting-MTA: dns; mx.example.net\n\n"
            "Original-Recipient: utf-8;fran\\x{E7}oise@example.net\n"
            "Final-Recipient: utf-8; françoise@example.net\n"
            "Action: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <françoise@example.net>: inconnue\n",
            "Content-Transfer-Encoding: 8bit",
        ),
        part("message/global", letter(name, "françoise@example.net")),
    )


def sendmail_messages() -> dict[str, bytes]:
    """Give what Sendmail sends: a transcript, and ENVID where it was told one."""

    def write(name: str, subject: str, group: str) -> bytes:
        return status_report(
            head(
                _SENDMAIL, subject, BOUNCES, "Auto-Submitted: auto-generated (failure)"
            ),
            "The original message was received from mail.news.example.org\n\n"
            "   ----- Transcript of session follows -----\n... while talking to mail:\n",
            "Reporting-MTA: dns; mx.example.net\nReceived-From-MTA: DNS; mail\n"
            f"Arrival-Date: Fri, 20 Nov 2026 09:00:05 GMT\n\n{group}",
            letter(name),
            headers_only=True,
        )

    return {
        "sendmail-user-unknown": write(
            "sendmail-user-unknown",
            "Returned mail: see transcript for details",
            "Final-Recipient: RFC822; ada@example.net\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: SMTP; 550 5.1.1 <ada@example.net>... no such person\n"
            "Last-Attempt-Date: Fri, 20 Nov 2026 09:00:06 GMT\n",
        ),
        "sendmail-warning": write(
            "sendmail-warning",
            "Warning: could not send message for past 4 hours",
            "Final-Recipient: RFC822; ada@example.net\nAction: delayed\nStatus: 4.4.7\n"
            "Will-Retry-Until: Wed, 25 Nov 2026 09:00:05 GMT\n",
        ),
        "sendmail-forwarded-elsewhere": write(
            "sendmail-forwarded-elsewhere",
            "Returned mail: see transcript for details",
            "Original-Recipient: rfc822;ada+2Bnews@example.net\n"
            "Final-Recipient: RFC822; lovelace@other.example\n"
            "X-Actual-Recipient: RFC822; lovelace@mail.other.example\n"
            "Action: failed\nStatus: 5.2.1\n"
            "Diagnostic-Code: SMTP; 550 5.2.1 account is closed\n",
        ),
        "sendmail-expanded": write(
            "sendmail-expanded",
            "Return receipt",
            "Final-Recipient: RFC822; team@example.net\n"
            "Action: expanded (to multi-recipient alias)\nStatus: 2.0.0\n",
        ),
    }


def _exim(name: str, body: str, *more: str, subject: str = "") -> bytes:
    return mail(
        head(
            _EXIM,
            subject or "Mail delivery failed: returning message to sender",
            BOUNCES,
            *more,
            "Auto-Submitted: auto-replied",
        ),
        "This message was created automatically by mail delivery software.\n\n"
        f"{body}\n------ This is a copy of your message, including all the headers. "
        f"------\n\nReturn-path: <{BOUNCES}>\n{letter(name)}\nNovember was quiet.\n",
    )


_EXIM_FAILED = (
    "A message that you sent could not be delivered to one or more of its\n"
    "recipients. This is a permanent error. The following address(es) failed:\n\n"
)


def exim_messages() -> dict[str, bytes]:
    """Give what Exim sends, which was no report for a long time."""
    return {
        "exim-unknown-user": _exim(
            "exim-unknown-user",
            f"{_EXIM_FAILED}  ada@example.net\n"
            "    host mail.example.net [192.0.2.26]\n"
            "    SMTP error from remote mail server after RCPT TO:<ada@example.net>:\n"
            "    550 5.1.1 <ada@example.net>: we know nobody of that name\n",
            "X-Failed-Recipients: ada@example.net",
        ),
        "exim-two-recipients": _exim(
            "exim-two-recipients",
            f"{_EXIM_FAILED}  ada@example.net\n    mailbox is full: retry timeout "
            "exceeded\n  charles@example.net\n    550 5.1.1 Unrouteable address\n",
            "X-Failed-Recipients: ada@example.net,",
            "  charles@example.net",
        ),
        "exim-field-only": _exim(
            "exim-field-only",
            "Unfortunately this went wrong: 550-5.2.1 the mailbox is disabled\n",
            "X-Failed-Recipients: ada@example.net",
        ),
        "exim-delay": _exim(
            "exim-delay",
            "A message that you sent has not yet been delivered to one or more of its\n"
            "recipients after more than 24 hours on the queue on mx.example.net.\n\n"
            "The address to which the message has not yet been delivered is:\n\n"
            "  ada@example.net\n    Delay reason: 451 4.7.1 try again later\n\n"
            "No action is required on your part.\n",
            subject="Warning: message 1tDxyz-0001 delayed 24 hours",
        ),
        "exim-report": status_report(
            head(_EXIM, "Mail delivery failed: returning message to sender"),
            f"{_EXIM_FAILED}  ada@example.net\n    Unrouteable address\n",
            "Reporting-MTA: dns; mx.example.net\n\nAction: failed\n"
            "Final-Recipient: rfc822;ada@example.net\nStatus: 5.0.0\n",
            letter("exim-report"),
        ),
    }


def _qmail(name: str, to: str, body: str) -> bytes:
    return mail(
        head("MAILER-DAEMON@mx.example.net", "failure notice", to),
        "Hi. This is the qmail-send program at mx.example.net.\n"
        "I'm afraid I could not do what you asked for.\n\n"
        f"{body}\n--- Below this line is a copy of the message.\n\n"
        f"Return-Path: <{to}>\n{letter(name)}\nNovember was quiet.\n",
    )


def qmail_messages() -> dict[str, bytes]:
    """Give what qmail sends (QSBMF)."""
    return {
        "qmail-no-mailbox": _qmail(
            "qmail-no-mailbox",
            BOUNCES,
            "<ada@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
        ),
        "qmail-verp": _qmail(
            "qmail-verp",
            verp("qmail-verp"),
            "<ada@example.net>:\n192.0.2.26 does not like recipient.\n"
            "Remote host said: 550 5.2.2 over the quota\nGiving up on 192.0.2.26.\n",
        ),
        "qmail-two-recipients": _qmail(
            "qmail-two-recipients",
            BOUNCES,
            "<ada@example.net>:\nThis address no longer accepts mail.\n\n"
            "<charles@example.net>:\nCNAME lookup failed temporarily. (#4.4.3)\n"
            "I'm not going to try again; this message has been in the queue too long.\n",
        ),
    }


def other_messages() -> dict[str, bytes]:
    """Give what less known servers send, some of which only flufl.bounce can read."""
    copy = letter("opensmtpd-unknown")
    return {
        "opensmtpd-unknown": mail(
            head(
                "Mailer Daemon <MAILER-DAEMON@mx.example.net>", "Delivery status: error"
            ),
            "    Hi!\n\n    This is the MAILER-DAEMON.\n\n"
            "    An error has occurred while attempting to deliver a message for\n"
            "    the following list of recipients:\n\n"
            "ada@example.net: 550 5.1.1 nobody\n\n"
            f"    Below is a copy of the original message:\n\n{copy}\n",
        ),
        "dragonfly-unknown": mail(
            head("MAILER-DAEMON <>", "Mail delivery failed"),
            "This is the DragonFly Mail Agent v0.13 at mx.example.net.\n\n"
            "There was an error delivering your mail to <ada@example.net>.\n\n"
            "mail.example.net [192.0.2.26] did not like our RCPT TO:\n"
            "550 5.1.1 nobody\n\nMessage headers follow.\n\n"
            f"{letter('dragonfly-unknown')}\n",
        ),
        "courier-quota": status_report(
            head('"Courier mail server" <postmaster@mx.example.net>', "NOTICE: full"),
            "This is a delivery status notification from mx.example.net.\n",
            "Reporting-MTA: dns; mx.example.net\n\n"
            "Final-Recipient: rfc822; ada@example.net\nAction: failed\nStatus: 4.2.2\n"
            "Diagnostic-Code: x-courier; maildir is over quota\n",
            letter("courier-quota"),
            headers_only=True,
        ),
        "mxlogic-by-flufl": mail(
            head(
                "MAILER-DAEMON@mx.example.net",
                "Mail delivery failed: returning message to sender",
                verp("mxlogic-by-flufl"),
            ),
            "This message was created automatically by mail delivery software.\n\n"
            "The following address failed:\n\n"
            "<ada@example.net>: 550 5.1.1 nobody of that name\n\n"
            "Included is a copy of the message header:\n",
        ),
        "unknown-server-to-verp": mail(
            head(
                "Mail Router <MAILER-DAEMON@mx.example.net>",
                "Undeliverable mail",
                verp("unknown-server-to-verp"),
            ),
            "We regret. The person you look for is not here.\n",
        ),
    }
