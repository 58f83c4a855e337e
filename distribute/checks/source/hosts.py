"""Names of hosts: which belong together, and which are known for what."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHORTENERS = _words(
    "adf.ly amzn.to b.link bit.do bit.ly bitly.com bl.ink buff.ly cutt.ly db.tt "
    "dlvr.it eepurl.com fb.me goo.gl han.gl huff.to ift.tt is.gd j.mp "
    "kisa.link lnkd.in n9.cl ouo.io ow.ly owl.li rb.gy rebrand.ly s.id "
    "shar.es shorl.com short.io shorte.st shorturl.asia shorturl.at smarturl.it "
    "snip.ly soo.gd suo.im t.cn t.co t.ly tiny.cc tiny.one tinyurl.com to.ly "
    "trib.al u.nu u.to url.cn urlz.at v.gd x.co yhoo.it zpr.io"
)
"""Hosts that only hide where a link leads; filters know them (SpamAssassin's
25_url_shortener.cf). Those of one site for itself, such as youtu.be, are not among them."""

FREE_HOSTS = _words(
    "cloudapp.azure.com cloudflare-ipfs.com firebaseapp.com firebasestorage.googleapis.com "
    "storage.googleapis.com web.app"
)
"""Hosts on which anybody may put pages at once, and many who deceive do; filters know
them (SpamAssassin's URI_FIREBASEAPP, URI_WEBAPP, URI_AZURE_CLOUDAPP, URI_GOOG_STO_HTML)."""

_INNER = _words(
    "corp home home.arpa internal intranet invalid lan local localdomain localhost "
    "private test"
)
"""What names end in that exist nowhere, or only within a house (RFC 6761, 6762, 8375)."""
_SECOND_LEVEL = _words("ac asn co com edu gob gouv gov go ne net nom or org")
_ALIASES = (
    {"youtube.com", "youtu.be", "youtube-nocookie.com"},
    {"twitter.com", "x.com", "t.co"},
    {"facebook.com", "fb.com", "fb.me", "meta.com"},
    {"linkedin.com", "lnkd.in"},
    {"telegram.org", "telegram.me", "t.me"},
    {"whatsapp.com", "wa.me"},
    {"discord.com", "discord.gg", "discordapp.com"},
    {"github.com", "git.io"},
)
"""Names of the same site."""
_GENERIC = (
    "academy agency app art aero best biz blog cafe careers cat cloud club co com "
    "community company coop courses design dev digital edu education email events fm "
    "foundation fund gallery global gov guide guru health help host hosting how info "
    "ink institute int international jobs land law legal life link live llc love ltd "
    "market media mil mobi mom museum name net network news ngo ngo ninja one ong "
    "online org page partners party photo photos place plus press pro productions pub "
    "rocks run sale school science sh show site social software solutions space store "
    "studio support systems team tech technology tips today tools top training travel "
    "tv university video vision watch website wiki work works world wtf xyz zone"
)
_COUNTRIES = (
    "ac ad ae af ag ai al am ao ar at au az ba bb bd be bf bg bh bi bj bm bn bo br bs "
    "bt bw by bz ca cd cf cg ch ci cl cm cn co cr cu cv cy cz de dj dk dm do dz ec ee "
    "eg es et eu fi fj fm fo fr ga gb gd ge gg gh gi gl gm gn gp gr gt gy hk hn hr ht "
    "hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kr kw ky kz la lb lc "
    "li lk lr ls lt lu lv ly ma mc me mg mn mo mq mr mt mu mv mw mx my mz na nc ne nf "
    "ng ni nl no np nu nz om pa pe pf pg ph pk pr pt pw py qa re ro ru rw sa sb sc sd "
    "se sg si sk sl sm sn sr st su sv sy sz tc td tg th tj tk tl tm tn to tr tt tv tw "
    "tz ua ug uk us uy uz va vc ve vg vn vu ws ye yt za zm zw"
)
_TOP = _words(f"{_GENERIC} {_COUNTRIES}") - {"py", "sh", "so", "ps", "pl"}
"""What a name must end in to be taken for a host and not for a file or a product; left
out are those that files end in too."""
_NAMED = re.compile(
    r"(?P<scheme>https?://)?(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
    r"(?P<top>[^\W\d_]{2,24}|xn--[a-z0-9-]{1,59}))(?::\d{1,5})?(?P<path>[/?#]\S*)?(?P<more>[\s\u00a0].*)?",
    re.IGNORECASE | re.DOTALL,
)

_AROUND = " \u00a0\u200b\n.,;:!?()[]<>«»“”\"'*_→↗➜"


def host_of(url: str) -> str:
    """Give the host of a web address in lower case; empty if it has none.

    >>> host_of("https://WWW.example.org:8080/a")
    'www.example.org'
    """
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_among(host: str, known: frozenset[str]) -> bool:
    """Tell whether a host, or a domain it belongs to, is among those known."""
    labels = host.split(".")
    return any(".".join(labels[at:]) in known for at in range(len(labels)))


def is_inner(host: str) -> bool:
    """Tell whether nobody outside the house can reach a host."""
    if is_among(host, _INNER):
        return True
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False


def named_host(words: str) -> tuple[str, bool]:
    """Give the host that words begin with, and whether they are nothing else.

    >>> named_host("www.example.org/news"), named_host("Node.js"), named_host("a.org now")
    (('www.example.org', True), ('', False), ('a.org', False))
    """
    found = _NAMED.fullmatch(words.strip(_AROUND))
    if found is None:
        return "", False
    host = found["host"].lower()
    is_said = found["scheme"] or host.startswith(("www.", "xn--")) or not host.isascii()
    is_known = is_said or found["top"].lower() in _TOP
    return (host, not found["more"]) if is_known else ("", False)


def is_same_site(host: str, other: str) -> bool:
    """Tell whether two hosts belong to one site, or to sites of one name.

    >>> is_same_site("www.example.org", "news.example.com")
    True
    """
    if host.endswith(f".{other}") or other.endswith(f".{host}"):
        return True
    one, two = _site(host), _site(other)
    if any(one in names and two in names for names in _ALIASES):
        return True
    return one.partition(".")[0] == two.partition(".")[0]


def _site(host: str) -> str:
    """Give the part of a name that somebody has registered, by rule of thumb."""
    labels = host.split(".")
    is_deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if is_deep else -2 :])
