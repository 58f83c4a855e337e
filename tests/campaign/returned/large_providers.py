"""What Exchange, Gmail, Yahoo, Outlook.com and Amazon SES send back."""

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

_ADMIN = "System Administrator <postmaster@example.net>"
_MICROSOFT = "Microsoft Outlook <postmaster@outlook.example>"
_GMAIL = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
_YAHOO = "MAILER-DAEMON@yahoo.com"
_SES = "MAILER-DAEMON@eu-west-1.amazonses.com"


def exchange_messages() -> dict[str, bytes]:
    """Give what Exchange sends, from before it wrote reports until Exchange Online."""
    return {
        "exchange-2003": mail(
            head(_ADMIN, "Undeliverable: What happened in November"),
            "Your message\n\n  To:      ada@example.net\n"
            "  Subject: What happened in November\n"
            "  Sent:    Fri, 20 Nov 2026 09:00:00 -0000\n\n"
            "did not reach the following recipient(s):\n\n"
            "ada@example.net on Fri, 20 Nov 2026 09:00:10 -0000\n"
            "    The recipient name is not recognized\n"
            "    The MTS-ID of the original message is: c=XX;a= ;p=Example;l=A0\n"
            "    MSEXCH:IMS:Example:SITE:SERVER 0 (000C05A6) Unknown Recipient\n",
        ),
        "exchange-connector": mail(
            head(_ADMIN, "Undeliverable: What happened", verp("exchange-connector")),
            "Your message did not reach some or all of the intended recipients.\n\n"
            "      Subject:  What happened\n\n"
            "The following recipient(s) could not be reached:\n\n"
            "      ada@example.net on 11/20/2026 9:00 AM\n"
            "            There was a SMTP communication problem\n"
            "            <mail.example.net #5.5.0 smtp;550 5.1.1 no such user>\n",
        ),
        "exchange-german": _exchange(
            "exchange-german",
            "Unzustellbar: What happened in November",
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger.\n",
            "failed",
            "5.1.1",
            "smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found",
        ),
        "exchange-restricted": _exchange(
            "exchange-restricted",
            "Undeliverable: What happened in November",
            "You do not have permission to send to this recipient.\n",
            "failed",
            "5.7.1",
            "smtp;550 5.7.1 RESOLVER.RST.AuthRequired; authentication required",
        ),
        "exchange-full": _exchange(
            "exchange-full",
            "Undeliverable: What happened in November",
            "The mailbox cannot take messages now.\n",
            "failed",
            "5.2.2",
            "smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:Quota",
        ),
        "exchange-relayed": _exchange(
            "exchange-relayed",
            "Relayed: What happened in November",
            "Delivery is complete, but the other server sent no notification.\n",
            "relayed",
            "2.0.0",
            "smtp;250 2.0.0 taken",
        ),
        "exchange-online-unknown": _exchange(
            "exchange-online-unknown",
            "Undeliverable: What happened in November",
            "The address was not found at its destination.\n",
            "failed",
            "5.1.10",
            "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
        ),
        "exchange-online-delayed": _exchange(
            "exchange-online-delayed",
            "Delivery delayed: What happened in November",
            "We go on trying for you.\n",
            "delayed",
            "4.4.7",
            "smtp;400 4.4.7 Message delayed",
        ),
    }


def _exchange(
    name: str, subject: str, said: str, action: str, status: str, words: str
) -> bytes:
    return multipart(
        head(
            _MICROSOFT,
            subject,
            BOUNCES,
            "X-MS-Exchange-Message-Is-Ndr:",
            "Auto-Submitted: auto-replied",
            "X-Auto-Response-Suppress: All",
        ),
        "multipart/report; report-type=delivery-status",
        "Content-Type: multipart/alternative; differences=Content-Type;\n"
        f'\tboundary="in"\n\n--in\n{part("text/plain; charset=utf-8", said)}\n'
        f"--in\n{part('text/html; charset=utf-8', f'<p>{said}</p>')}\n--in--\n",
        part(
            "message/delivery-status",
            "Reporting-MTA: dns;server.outlook.example\n"
            "Received-From-MTA: dns;mail.news.example.org\n"
            "Arrival-Date: Fri, 20 Nov 2026 09:00:05 +0000\n\n"
            "Final-Recipient: rfc822;ada@example.net\n"
            f"Action: {action}\nStatus: {status}\nDiagnostic-Code: {words}\n"
            "X-Display-Name: Ada\n",
        ),
        part("message/rfc822", f"{letter(name)}\nNovember was quiet.\n"),
    )


def gmail_messages() -> dict[str, bytes]:
    """Give what Gmail sends, today and ten years ago."""

    def write(name: str, subject: str, action: str, status: str, words: str) -> bytes:
        return status_report(
            head(_GMAIL, subject, verp(name), "Auto-Submitted: auto-replied"),
            "** Address not found **\n\nYour message was not delivered.\n",
            "Reporting-MTA: dns; googlemail.com\n"
            "Arrival-Date: Fri, 20 Nov 2026 01:00:05 -0800 (PST)\n"
            "X-Original-Message-ID: <other@example.com>\n\n"
            f"Final-Recipient: rfc822; ada@example.net\nAction: {action}\n"
            f"Status: {status}\nRemote-MTA: dns; mail.example.net. (192.0.2.26)\n"
            f"Diagnostic-Code: smtp; {words}\n",
            letter(name),
        )

    failure = "Delivery Status Notification (Failure)"
    delay = "Delivery Status Notification (Delay)"
    old = (
        "Delivery to the following recipient failed permanently:\n\n"
        "     ada@example.net\n\nTechnical details of permanent failure: \n"
        "The other server said: 550 5.1.1 <ada@example.net>: nobody\n\n"
        f"----- Original message -----\n\n{letter('gmail-plain')}\n"
    )
    late = (
        "This is an automatically generated Delivery Status Notification\n\n"
        "THIS IS A WARNING MESSAGE ONLY.\n\n"
        "Delivery to the following recipient has been delayed:\n\n"
        "     ada@example.net\n\nMessage will be retried for 2 more day(s)\n\n"
        f"----- Original message -----\n\n{letter('gmail-plain-delay')}\n"
    )
    failed = "X-Failed-Recipients: ada@example.net"
    return {
        "gmail-unknown": write(
            "gmail-unknown",
            failure,
            "failed",
            "5.1.1",
            "550-5.1.1 no such user. 550 5.1.1",
        ),
        "gmail-full": write(
            "gmail-full", failure, "failed", "5.2.2", "552-5.2.2 The inbox is full."
        ),
        "gmail-policy": write(
            "gmail-policy", failure, "failed", "5.7.26", "550-5.7.26 not authenticated"
        ),
        "gmail-delayed": write(
            "gmail-delayed",
            delay,
            "delayed",
            "4.4.1",
            "The recipient server is silent.",
        ),
        "gmail-plain": mail(head(_GMAIL, failure, BOUNCES, failed), old),
        "gmail-plain-delay": mail(head(_GMAIL, delay, BOUNCES, failed), late),
    }


def yahoo_messages() -> dict[str, bytes]:
    """Give what Yahoo sends."""
    return {
        "yahoo-plain": mail(
            head(_YAHOO, "Failure Notice"),
            "Sorry, we were unable to deliver your message to the following address.\n\n"
            "<ada@example.net>:\n554: 5.1.1 : nobody of that name\n\n"
            "--- Below this line is a copy of the message.\n\n"
            f"{letter('yahoo-plain')}\n",
        ),
        "yahoo-no-account": status_report(
            head(_YAHOO, "Failure Notice"),
            "The account does not exist any more.\n",
            "Reporting-MTA: dns; mta.yahoo.example\n\n"
            "Final-Recipient: rfc822; ada@example.net\nAction: failed\nStatus: 5.0.0\n"
            "Diagnostic-Code: smtp; 554 delivery error: dd this account is gone -\n"
            " mta1234.mail.yahoo.example\n",
            letter("yahoo-no-account"),
        ),
        "yahoo-deferred": status_report(
            head(_YAHOO, "Delivery delayed"),
            "We will go on.\n",
            "Reporting-MTA: dns; mta.yahoo.example\n\n"
            "Final-Recipient: rfc822; ada@example.net\nAction: delayed\nStatus: 4.7.0\n"
            "Diagnostic-Code: smtp; 421 4.7.0 [TSS04] too many complaints of late\n",
            letter("yahoo-deferred"),
        ),
    }


def outlook_messages() -> dict[str, bytes]:
    """Give what Outlook.com sends."""

    def write(name: str, status: str, words: str) -> bytes:
        return status_report(
            head(
                "postmaster@hotmail.example", "Delivery Status Notification (Failure)"
            ),
            "Delivery to the following recipients failed.\n\n       ada@example.net\n",
            "Reporting-MTA: dns;BAY004.hotmail.example\n"
            "Received-From-MTA: dns;mail.news.example.org\n\n"
            "Final-Recipient: rfc822;ada@example.net\nAction: failed\n"
            f"Status: {status}\nDiagnostic-Code: {words}\n",
            letter(name),
        )

    return {
        "outlook-unavailable": write(
            "outlook-unavailable",
            "5.5.0",
            "smtp;550 Requested action not taken: mailbox unavailable (-2019901852:0)",
        ),
        "outlook-unauthenticated": write(
            "outlook-unauthenticated",
            "5.0.0",
            "smtp;550 5.7.515 Access denied, the sending domain is not good enough",
        ),
    }


def ses_messages() -> dict[str, bytes]:
    """Give what Amazon SES sends by mail."""

    def write(name: str, status: str, words: str) -> bytes:
        return status_report(
            head(_SES, "Delivery Status Notification (Failure)"),
            "An error occurred while trying to deliver the mail.\n",
            "Reporting-MTA: dns; a1-2.smtp-out.eu-west-1.amazonses.com\n\n"
            f"Action: failed\nFinal-Recipient: rfc822; ada@example.net\n"
            f"Diagnostic-Code: {words}\nStatus: {status}\n",
            f"X-Ses-Outgoing: 2026.11.20-192.0.2.9\n{letter(name)}",
        )

    return {
        "ses-unknown": write("ses-unknown", "5.1.1", "smtp; 550 5.1.1 user unknown"),
        "ses-denied-as-unknown": write(
            "ses-denied-as-unknown",
            "5.0.0 (permanent failure)",
            "smtp; 5.1.0 - Unknown address error 550-'5.7.1 access denied'",
        ),
        "ses-full-as-unknown": write(
            "ses-full-as-unknown",
            "5.0.0",
            "smtp; 5.1.0 - Unknown address error 550-'5.2.2 mailbox is full'",
        ),
        "ses-expired": write(
            "ses-expired",
            "4.4.7",
            "smtp; 554 4.4.7 Message expired: unable to deliver in 840 minutes.",
        ),
    }
