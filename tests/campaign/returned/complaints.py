"""What mailbox providers pass on when a reader says that it is junk."""

from tests.campaign.returned.made import (
    delivery,
    feedback_report,
    head,
    letter,
    mail,
    multipart,
    part,
    token,
    verp,
)

_ABUSE = "abuse@news.example.org"


def _write(name: str, sender: str, agent: str, *fields: str, to: str = _ABUSE) -> bytes:
    kind = "" if any(field.startswith("Feedback-Type") for field in fields) else "abuse"
    first = f"Feedback-Type: {kind}\n" if kind else ""
    return feedback_report(
        head(sender, "FW: What happened in November", to),
        "This is an abuse report for a letter that came from 192.0.2.1\n",
        f"{first}User-Agent: {agent}\nVersion: 1\n" + "\n".join(fields),
        letter(name),
    )


def complaint_messages() -> dict[str, bytes]:
    """Give complaints, some of which hide whose they are."""
    return {
        "arf-yahoo": _write(
            "arf-yahoo",
            "Yahoo Mail <feedback@arf.mail.yahoo.com>",
            "Yahoo!-Mail-Feedback/2.0",
            f"Original-Mail-From: <{verp('arf-yahoo')}>",
            "Original-Rcpt-To: ada@example.net",
            "Reported-Domain: news.example.org",
        ),
        "arf-fastmail": _write(
            "arf-fastmail",
            "Reports <feedback@fastmail.example>",
            "FastmailReporter/1.0",
            "Original-Rcpt-To: <ada@example.net>",
            "Original-Rcpt-To: <ada.l@example.net>",
        ),
        "arf-validity-redacted": _write(
            "arf-validity-redacted",
            "feedbackloop@feedback.example",
            "ReturnPathFBL/2.0",
            "Original-Rcpt-To: redacted@example.net",
            "Redacted-Address: redacted@",
        ),
        "arf-without-address": _redacted("arf-without-address"),
        "arf-outlook-anonymous": _write(
            "arf-outlook-anonymous",
            "staff@hotmail.com",
            "Microsoft-JMRP/2.0",
            "Arrival-Date: Fri, 20 Nov 2026 09:00:05 +0000",
            "Source-IP: 192.0.2.1",
        ),
        "outlook-staff": multipart(
            head("staff@hotmail.com", "complaint about message from 192.0.2.1", _ABUSE),
            "multipart/mixed",
            part(
                "message/rfc822",
                f"X-HmXmrOriginalRecipient: ada@hotmail.example\n{letter('outlook-staff')}",
            ),
        ),
        "arf-opt-out": _write(
            "arf-opt-out",
            "fbl@example.net",
            "ARF-Agent/1.0",
            "Feedback-Type: opt-out",
            "Original-Rcpt-To: ada@example.net",
        ),
        "arf-not-spam": _write(
            "arf-not-spam",
            "fbl@example.net",
            "ARF-Agent/1.0",
            "Feedback-Type: not-spam",
            "Original-Rcpt-To: ada@example.net",
        ),
        "arf-other": _write(
            "arf-other",
            "fbl@example.net",
            "ARF-Agent/1.0",
            "Feedback-Type: other",
            "Original-Rcpt-To: ada@example.net",
        ),
        "arf-dmarc-failure": _write(
            "arf-dmarc-failure",
            "noreply-dmarc@example.net",
            "Lua/1.0",
            "Feedback-Type: auth-failure",
            "Auth-Failure: dmarc",
            "Original-Rcpt-To: ada@example.net",
        ),
    }


def _redacted(name: str) -> bytes:
    """Hide the address everywhere: only the letter's own id is left."""
    return feedback_report(
        head("fbl@aol.example", "Email Feedback Report for IP 192.0.2.1", _ABUSE),
        "An abuse report.\n",
        "Feedback-Type: abuse\nUser-Agent: AOL SComp\nVersion: 0.1\n",
        letter(name, "redacted@aol.example"),
    )


def leaving_messages() -> dict[str, bytes]:
    """Give what readers, and programs for them, write to leave, join and confirm."""
    ada = "Ada <ada@example.net>"
    news = "news@news.example.org"

    def write(name: str, subject: str, *more: str) -> bytes:
        fields = head(ada, subject, news, *more).replace("<>", "<ada@example.net>")
        return mail(fields, f"Sent from a telephone, about {name}\n")

    def leave(name: str) -> str:
        return f"unsubscribe {delivery(name)}"

    return {
        "leave-by-id": write("leave-by-id", leave("leave-by-id")),
        "leave-by-apple": write(
            "leave-by-apple",
            leave("leave-by-apple"),
            "Auto-Submitted: auto-replied",
            "X-Apple-Unsubscribe: true",
        ),
        "leave-answered": write("leave-answered", f"AW: RE: {leave('leave-answered')}"),
        "leave-by-token": write(
            "leave-by-token", f"[EXT] Re: unsubscribe {token('l')}"
        ),
        "leave-without-proof": write("leave-without-proof", "Unsubscribe"),
        "leave-in-a-sentence": write(
            "leave-in-a-sentence", "Unsubscribe does not work"
        ),
        "leave-passed-on": write("leave-passed-on", f"Fwd: {leave('leave-passed-on')}"),
        "join": write("join", "subscribe"),
        "join-in-two-languages": write("join-in-two-languages", "Subscribe pt-BR; en"),
        "choose-languages": write(
            "choose-languages",
            f"Re: subscribe {delivery('choose-languages')} pt-BR en; fr",
        ),
        "join-for-spam": write(
            "join-for-spam", "Subscribe to our channel, win a prize!"
        ),
        "confirm": write("confirm", f"Re: confirm {token('c')}"),
        "confirm-in-portuguese": write(
            "confirm-in-portuguese", f"RES: confirm {token('c')}"
        ),
        "confirm-in-chinese": write(
            "confirm-in-chinese", f"回复：confirm {token('c')}"
        ),
        "confirm-in-turkish": write("confirm-in-turkish", f"YNT: CONFIRM {token('c')}"),
        "confirm-without-token": write("confirm-without-token", "Confirm please"),
        "confirm-by-machine": write(
            "confirm-by-machine",
            f"Re: confirm {token('c')}",
            "Auto-Submitted: auto-replied",
        ),
    }
