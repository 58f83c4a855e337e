"""Judge where links lead: the site, and what unsubscribes."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from distribute.checks.domain.guarding import judge_guarded
from distribute.checks.domain.judgement import Judgement, Part, Verdict
from distribute.checks.domain.situation import Public

_Judgement = partial(Judgement, part=Part.WEB)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def judge_public(public: Public) -> Iterator[Judgement]:
    """Judge the addresses of the public side, and what signs them."""
    yield _judge_unsubscribe(public.public_url)
    yield _judge_site(public.url)
    yield from _judge_key(public)
    yield _judge_tag(public)
    yield _Judgement(
        id="time-zone",
        verdict=Verdict.OK,
        about="time zone",
        found=f"dates are those of {public.zone}",
    )


def _judge_unsubscribe(url: str) -> Judgement:
    parts = urlsplit(url)
    judgement = partial(_Judgement, id="unsubscribe-url", about="unsubscribing")
    remedy = "Write an https address that the world can reach as `url` in [public]."
    if parts.scheme != "https":
        return judgement(
            verdict=Verdict.PROBLEM,
            found=f"{url} is not https",
            why="Mail programs offer one click only for https (RFC 8058 section 3.1), "
            "and large providers want that click.",
            remedy=remedy,
        )
    if parts.hostname in _LOCAL:
        return judgement(
            verdict=Verdict.PROBLEM,
            found=f"{url} is known on this machine alone",
            why="Nobody who gets the mail can leave, and so they report it as spam.",
            remedy=remedy,
        )
    return judgement(verdict=Verdict.OK, found=f"is at https://{parts.netloc}")


def _judge_site(url: str) -> Judgement:
    judgement = partial(_Judgement, id="newsletter-url", about="site")
    if urlsplit(url).scheme == "https":
        return judgement(verdict=Verdict.OK, found=url)
    return judgement(
        verdict=Verdict.ADVICE,
        found=f"{url} is not https",
        why="Pictures in mails are loaded from there; some mail programs show none over "
        "http, and browsers warn of the pages.",
        remedy="Publish the site with https, and write so as `url` in [newsletter].",
    )


def _judge_key(public: Public) -> Iterator[Judgement]:
    if public.key is None:
        yield _Judgement(
            id="link-key",
            verdict=Verdict.OK,
            about="signed links",
            found="the key is kept in the database",
        )
        return
    findings = list(
        judge_guarded(public.key, part=Part.WEB, id_="link-key", about="signed links")
    )
    yield from findings
    if not findings:
        yield _Judgement(
            id="link-key",
            verdict=Verdict.OK,
            about="signed links",
            found=f"the key is in {public.key.place}",
        )


def _judge_tag(public: Public) -> Judgement:
    """See that nobody else may use the authority of our feed ids (RFC 4151)."""
    domain = public.tag.partition(",")[0].rpartition("@")[2].lower()
    host = (urlsplit(public.url).hostname or "").lower()
    judgement = partial(_Judgement, id="feed-tag", about="ids of the feeds")
    if host == domain or host.endswith(f".{domain}"):
        return judgement(verdict=Verdict.OK, found=f"begin with tag:{public.tag}")
    return judgement(
        verdict=Verdict.ADVICE,
        found=f"begin with tag:{public.tag}, and the site is at {host}",
        why="The domain must have been yours at that date, else somebody else may give "
        "out the same ids (RFC 4151 section 2.1).",
        remedy="If it was, all is well: never change it once a feed is out. "
        "If not, write a domain of yours as `tag` in [newsletter].",
    )
