"""Editions as e-mails and readers to write to, many of them hostile."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from distribute.campaign.campaign import Campaign, Message
from distribute.campaign.message.compiled import CompiledMessage, compile_message
from distribute.campaign.message.dkim import DkimSigner
from distribute.campaign.message.links import Links
from distribute.campaign.sender import Sender
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.email.personal import Slot, token

SALT = "0123456789abcdef01234567"
ID = "2cf24dba5fb0a30e26e83b2a"
URL = "https://news.example.org/u/" + "AbC-dEf_12" * 7
CHOOSE = "https://news.example.org/p/" + "GhI_jKl-34" * 8
LINKS = Links(URL, CHOOSE)
ARCHIVE = "https://news.example.org/a-post/"
ADA = Mailbox("ada@example.net", "Ada Lovelace")
CAMPAIGN = Campaign(
    id="issue-5",
    issue="5",
    sender=Sender(
        mailbox=Mailbox("news@example.org", "Example News"),
        bounces=Mailbox("bounces@example.org"),
    ),
    list_id="news.example.org",
    list_name="Example News",
    started=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
)

PROSE = {
    "pt-BR": "Uma edição curta, com ideias. ",
    "en": "Plain words = no accents.\n",
    "zh": "自然语言处理简报，第五期。",
    "ar": "نماذج صغيرة وأفكار كبيرة ",
}
SCRAPS = [
    "",
    "\n",
    "\r\n",
    ".",
    "From ",
    "\nFrom ",
    " ",
    "=",
    "é",
    "语",
    "x" * 75,
    "\t\n",
]
HOSTILE_NAMES = [
    "",
    " ",
    ".",
    "..Ada",
    "From Ada",
    "From",
    "Ada ",
    "Ada  Lovelace",
    "A=B",
    "=\r\n",
    "a\r\n.\r\nQUIT\r\n",
    "\0",
    "{{ name }}{% x %}",
    f"{Slot.UNSUBSCRIBE}-{SALT}",
    "--=_boundary",
    "\u202egnp.exe",
    "محمد الخوارزمي",
    "王小明",
    "👩🏽\u200d💻🇧🇷",
    "J. R. R. Smith-Jones",
    "A_b.c-d",
    "<b>&amp;\"'",
    "x" * 60,
    "w " * 60,
    "é" * 300,
    "\ud800",
]
NAMES = st.one_of(
    st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z.]{1,9}){0,3}", fullmatch=True),
    st.text(max_size=90),
    st.sampled_from(HOSTILE_NAMES),
)
ADDRESSES = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9.+_-]{0,40}@[a-z]{1,20}\.example", fullmatch=True),
    st.sampled_from(
        [
            "o'hara+news@example.org",
            "a=b&c@example.org",
            "{x}@example.org",
            ".dot@example.org",
            "a@bücher.example",
            "józef@例え.example",
            "a" * 64 + "@" + "b" * 60 + ".example.org",
        ]
    ),
)
URLS = st.one_of(
    st.integers(1, 880).map(lambda size: "https://example.org/" + "x" * size),
    st.integers(40, 140).map(lambda size: "https://example.org/" + "." * size),
    st.from_regex(r"https?://[a-z]{1,9}\.example/[A-Za-z._~-]{20,120}", fullmatch=True),
    st.from_regex(
        r"https?://[a-z]{1,50}\.example(:[0-9]{4})?/[A-Za-z0-9._~?&=%/@:;'()*+,-]{0,800}",
        fullmatch=True,
    ).filter(lambda url: len(url) <= 900),
)


LINKS_OF_ANY_KIND = st.builds(Links, URLS, URLS)


@st.composite
def emails(draw: st.DrawFn) -> Email:
    """Draw an e-mail with slots anywhere: at its ends, side by side, within attributes."""
    language = draw(st.sampled_from(list(PROSE)))
    scraps = st.one_of(
        st.sampled_from([token(slot, SALT) for slot in Slot]),
        st.integers(1, 9).map(lambda times: PROSE[language] * times),
        st.sampled_from(SCRAPS),
        st.sampled_from([f'<a href="{token(slot, SALT)}">' for slot in Slot]),
        st.just(600).map(lambda times: PROSE[language] * times),
    )
    text, html = ("".join(draw(st.lists(scraps, max_size=12))) for _ in range(2))
    return email_of(text, html, language)


def email_of(text: str, html: str, language: str = "pt-BR") -> Email:
    """Make an e-mail of two texts."""
    return Email(
        language=Language(language),
        subject="Five things",
        preheader="",
        html=html,
        text=text,
        salt=SALT,
    )


def usual(language: str, size: int = 1) -> Email:
    """Make an e-mail of the usual build: the prose, then address and link."""
    prose = f"{PROSE[language]}\n" * size
    address, link = token(Slot.ADDRESS, SALT), token(Slot.UNSUBSCRIBE, SALT)
    choose = token(Slot.PREFERENCES, SALT)
    return email_of(
        f"{prose}Sent to {address}.\nLeave: {link}\nChoose: {choose}\n",
        f'<p>{prose}</p>\n<p  dir="ltr">{address}</p> \n'
        f'<a href="{link}">x</a>\n<a href="{choose}">y</a>\n',
        language,
    )


def edition_of(content: Email, dkim: DkimSigner | None = None) -> CompiledMessage:
    """Compile with everything that a test does not care about filled in."""
    return compile_message(CAMPAIGN, content, archive_url=ARCHIVE, dkim=dkim)


def octets(message: Message) -> bytes:
    """Put the pieces together."""
    return b"".join(message.pieces)


def check_wire(message: bytes) -> None:
    """Nothing to be dot-stuffed, quoted or broken on the way."""
    assert message.count(b"\r") == message.count(b"\n") == message.count(b"\r\n")
    assert message.endswith(b"\r\n")
    assert not message.startswith(b".")
    assert b"\n." not in message
    assert b"\nFrom " not in message
    body = message.partition(b"\r\n\r\n")[2]
    assert body.isascii()
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert max(map(len, message.split(b"\r\n"))) <= 998
