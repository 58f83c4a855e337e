"""What machines answer, in the languages of readers; and what only looks like a bounce."""

from base64 import b64encode

from tests.campaign.returned.made import (
    BOUNCES,
    WRONG,
    delivery,
    head,
    letter,
    mail,
    multipart,
    part,
    status_report,
    stranger,
    verp,
)

_ADA = "Ada <ada@example.net>"
_NEWS = "news@news.example.org"


def _encoded(subject: str) -> str:
    return f"=?utf-8?B?{b64encode(subject.encode()).decode()}?="


def answer_messages() -> dict[str, bytes]:
    """Give answers of machines."""
    subjects = {
        "answer-english": "Automatic reply: What happened in November",
        "answer-german": "Automatische Antwort: What happened in November",
        "answer-french": "Réponse automatique : What happened in November",
        "answer-spanish": "Respuesta automática: What happened in November",
        "answer-portuguese": "Resposta automática: What happened in November",
        "answer-turkish": "Otomatik yanıt: What happened in November",
        "answer-arabic": "رد تلقائي: What happened in November",
        "answer-chinese": "自动回复: What happened in November",
    }
    made = {
        name: mail(head(_ADA, _encoded(subject), _NEWS), "I am at the sea.\n")
        for name, subject in subjects.items()
    }
    answered = f"In-Reply-To: <7-en.{delivery('answer-vacation')}@news.example.org>"
    made["answer-vacation"] = mail(
        head(
            _ADA, "Re: What happened in November", BOUNCES, answered, "X-Autoreply: yes"
        ),
        "I am at the sea until Monday.\n",
    )
    made["answer-precedence"] = mail(
        head(_ADA, "Thanks", _NEWS, "Precedence: auto_reply"), "We got it.\n"
    )
    made["answer-ticket"] = mail(
        head(
            "Support <help@example.net>",
            "[#4711] We got your message",
            _NEWS,
            "Auto-Submitted: auto-generated",
        ),
        "A colleague will look at it.\n",
    )
    made["answer-bulk"] = mail(
        head("Shop <shop@example.net>", "Our offers", _NEWS, "Precedence: bulk"),
        "Buy!\n",
    )
    made["answer-of-exchange"] = mail(
        head(_ADA, "We read it", _NEWS, "X-Auto-Response-Suppress: All"),
        "Later more.\n",
    )
    made["answer-quoting-a-bounce"] = mail(
        head(_ADA, "Abwesenheitsnotiz", verp("answer-quoting-a-bounce")),
        "Hi. This is the qmail-send program at mx.example.net.\n\n"
        "<ada@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below\n",
    )
    made["answer-receipt"] = multipart(
        head(_ADA, "Read: What happened in November", _NEWS),
        "multipart/report; report-type=disposition-notification",
        part("text/plain", "It was displayed.\n"),
        part(
            "message/disposition-notification",
            "Reporting-UA: mail.example.net; Mail 1.0\n"
            "Final-Recipient: rfc822;ada@example.net\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\n",
        ),
    )
    made["answer-challenge"] = mail(
        head(
            "TMDA <ada@example.net>",
            "Please confirm your message",
            BOUNCES,
            "Auto-Submitted: auto-replied",
        ),
        "The message could not be delivered to <ada@example.net>: answer this first.\n",
    )
    return made


def trap_messages() -> dict[str, bytes]:
    """Give messages that must suppress nobody."""
    return {
        "trap-newsletter-on-bounces": mail(
            head(
                "Postmasters' Weekly <postmaster@example.com>",
                "Delivery failure explained",
                _NEWS,
                "List-Id: <weekly.example.com>",
            ),
            "A message that you sent could not be delivered to one or more of its\n"
            "recipients. The following address(es) failed:\n\n  ada@example.net\n"
            "    550 5.1.1 nobody\n\nSo Exim writes.\n",
        ),
        "trap-list-digest": multipart(
            head(
                "list-request@example.com",
                "Digest of mailop, volume 7",
                _NEWS,
                "Precedence: list",
            ),
            "multipart/mixed",
            part("text/plain", "Today: one bounce.\n"),
            _digested(),
        ),
        "trap-forwarded-by-hand": multipart(
            head(_ADA, "Fwd: Undelivered Mail Returned to Sender", _NEWS),
            "multipart/mixed",
            part("text/plain", "What does this mean?\n"),
            part("message/rfc822", _bounce("trap-forwarded-by-hand").decode()),
        ),
        "trap-forged": status_report(
            head("MAILER-DAEMON@evil.example", "Undelivered Mail Returned to Sender"),
            "It failed.\n",
            "Reporting-MTA: dns; evil.example\n\n"
            "Final-Recipient: rfc822; ada@example.net\nAction: failed\nStatus: 5.1.1\n",
            f"Message-ID: <7-en.{WRONG}@news.example.org>\nTo: ada@example.net\n",
        ),
        "trap-id-in-words": status_report(
            head("MAILER-DAEMON@evil.example", "Undelivered Mail Returned to Sender"),
            f"About unsubscribe {delivery('trap-id-in-words')}, {verp('trap-id-in-words')}\n",
            "Reporting-MTA: dns; evil.example\n\n"
            "Final-Recipient: rfc822; ada@example.net\nAction: failed\nStatus: 5.1.1\n"
            f"Diagnostic-Code: smtp; 550 <7-en.{delivery('trap-id-in-words')}"
            "@news.example.org>\n",
            stranger(),
        ),
        "trap-not-our-letter": _bounce("trap-not-our-letter", stranger()),
        "trap-report-of-a-report": status_report(
            head("MAILER-DAEMON@mx.example.net", "Undelivered Mail Returned to Sender"),
            "It failed.\n",
            "Reporting-MTA: dns; mx.example.net\n\n"
            "Final-Recipient: rfc822; bounces@news.example.org\nAction: failed\n"
            "Status: 5.1.1\n",
            _bounce("trap-report-of-a-report").decode(),
        ),
        "trap-nobody-named": status_report(
            head("MAILER-DAEMON@mx.example.net", "Something happened"),
            "It failed.\n",
            "Reporting-MTA: dns; mx.example.net\nArrival-Date: Fri, 20 Nov 2026\n",
            letter("trap-nobody-named"),
        ),
        "trap-question-of-a-reader": mail(
            head(_ADA, "Undeliverable?", _NEWS).replace("<>", "<ada@example.net>"),
            "I read: Hi. This is the qmail-send program. <ada@example.net>: 5.1.1 gone.\n"
            "Is my address broken?\n",
        ),
        "trap-daemon-in-person": mail(
            head("Postmaster <postmaster@example.net>", "Please use TLS", _NEWS),
            "Your server talks to ours in the clear. 550 5.7.10 from next month.\n",
        ),
        "trap-delay-by-an-unknown-server": mail(
            head(
                "Mail Router <MAILER-DAEMON@mx.example.net>",
                "Delivery Status Notification (Delay)",
                verp("trap-delay-by-an-unknown-server"),
            ),
            "Not yet.\n",
        ),
        "trap-empty": b"",
        "trap-noise": bytes(range(256)) * 8,
    }


def _bounce(name: str, returned: str = "") -> bytes:
    return status_report(
        head("MAILER-DAEMON@mx.example.net", "Undelivered Mail Returned to Sender"),
        "It failed.\n",
        "Reporting-MTA: dns; mx.example.net\n\n"
        "Final-Recipient: rfc822; ada@example.net\nAction: failed\nStatus: 5.1.1\n",
        returned or letter(name),
    )


def _digested() -> str:
    inner = f"--dig\n\n{_bounce('trap-list-digest').decode()}\n--dig--\n"
    return f'Content-Type: multipart/digest; boundary="dig"\n\n{inner}'
