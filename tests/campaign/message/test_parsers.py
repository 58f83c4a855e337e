"""What other people's mail programs read in our messages.

Each needs its program, and is skipped without it: mutt, mu, ripmime, munpack, Perl, and
Node with the package mailparser.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from distribute.campaign.campaign import Campaign
from distribute.campaign.message.compiled import compile_message
from distribute.campaign.message.links import Links
from distribute.campaign.sender import Sender
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from distribute.render.email.personal import Slot, token
from tests.judges import digest, parsed_by_mailparser, program, shown_by_mutt
from tests.mailroom import parse

SALT = "0" * 24
UNSUBSCRIBE = "https://news.example.org/u/" + "t" * 873
HOSTILE_URLS = (
    ("https://news.example.org/u?t==41&l=zh&x=%0D%0A." + ".a=3D" * 180)[:900],
    "https://news.example.org/u/" + "." * 150,
    "https://news.example.org/u/x",
)
WORDS = {
    "en": "Small models, big ideas",
    "fr": "Petits modèles, grandes idées : l’été",
    "pt-BR": "Modelos pequenos, grandes ideias, edição",
    "tr": "Küçük modeller, büyük fikirler",
    "ar": "نماذج صغيرة وأفكار كبيرة C++",
    "he": "מודלים קטנים, רעיונות גדולים",
    "zh": "小模型，大想法（第五期）",
    "ja": "A小さなモデル、大きなアイデア",
    "hi": "छोटे मॉडल, बड़े विचार",
    "und": '👩🏽\u200d💻🇧🇷 =?utf-8?q?not=20encoded?= \\ "quoted"',
}
NAMES = {"en": 'Ada "the first" Lovelace', "ar": "محمد الخوارزمي", "zh": "王小明"}


HOSTILE_NAMES = {
    "Eve\r\nBcc: x@example.org\r\n\r\n.\r\nQUIT": "Eve Bcc: x@example.org . QUIT",
    "N\0U\x1bL": "NUL",
    "{{ 7 * 7 }}{% raw %}${x}": "{{ 7 * 7 }}{% raw %}${x}",
    token(Slot.UNSUBSCRIBE, SALT): token(Slot.UNSUBSCRIBE, SALT),
    "\u202efdp.exe": "fdp.exe",
    "פרופ׳ לילה \u200fכהן": "פרופ׳ לילה \u200fכהן",
    "👩🏽\u200d🚀 Zoë 🇧🇷": "👩🏽\u200d🚀 Zoë 🇧🇷",
    "...": "...",
    ".": ".",
    "From here to there": "From here to there",
    " trailing  spaces  ": "trailing spaces",
    "1=2=3D=": "1=2=3D=",
    "=?utf-8?q?x?=": "=?utf-8?q?x?=",
    "王小明（北京）": "王小明（北京）",
    "Ada, <b>&amp;</b> 'Q'": "Ada, <b>&amp;</b> 'Q'",
    "--=_boundary--": "--=_boundary--",
    "On and on " * 30: ("On and on " * 30).strip(),
}
"""What somebody called themselves, and what may be read of it."""


@dataclass(frozen=True)
class Sample:
    """A message, and what one should read in it."""

    path: Path
    subject: str
    name: str
    text: str
    html: str
    unsubscribe: str = UNSUBSCRIBE


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Write many messages: each language, long subjects, and readers who mean no good."""
    folder = tmp_path_factory.mktemp("mail")
    return list(written_to(folder))


def written_to(folder: Path) -> Iterator[Sample]:
    """Write each language with a short and a very long subject, and hostile names."""
    for language, words in WORDS.items():
        for repeat in (1, 7):
            subject = " ".join([words] * repeat)
            name = NAMES.get(language, words[:12].strip())
            path = folder / f"{language}-{repeat}.eml"
            yield sample(path, Language(language), subject, (name, name, UNSUBSCRIBE))
    for number, (name, shown) in enumerate(HOSTILE_NAMES.items()):
        for language in ("pt-BR", "zh"):
            path = folder / f"hostile-{number}-{language}.eml"
            url = HOSTILE_URLS[number % len(HOSTILE_URLS)]
            yield sample(path, Language(language), WORDS[language], (name, shown, url))


def delivery_of(path: Path) -> str:
    """Give each sample a delivery of its own."""
    return digest(path.name)[:24]


def sample(
    path: Path, language: Language, subject: str, reader: tuple[str, str, str]
) -> Sample:
    """Write one message to its file; `reader` is a name, what to read of it, and a URL."""
    name, shown, url = reader
    words = f"{WORDS[language.tag]}\n"
    address, link = "ada@example.net", token(Slot.UNSUBSCRIBE, SALT)
    greeting = token(Slot.NAME, SALT)
    text = f"{greeting}\n\nFrom here on\n.dots\n..\n{words * 30}{link}\n{greeting}."
    html = f'<p title="{greeting}">{words}</p>\n<a href="{link}">{greeting}</a>\n'
    edition = compile_message(
        campaign_from(shown),
        Email(
            language=language,
            subject=subject,
            preheader="",
            html=html,
            text=text,
            salt=SALT,
        ),
        archive_url="https://news.example.org/a-post/",
    )
    message = edition.write(Mailbox(address, name), delivery_of(path), Links(url, url))
    path.write_bytes(b"".join(message.pieces))
    return Sample(
        path,
        subject,
        shown,
        text.replace(link, url).replace(greeting, shown),
        html.replace(link, escape(url)).replace(greeting, escape(shown)),
        url,
    )


def campaign_from(name: str) -> Campaign:
    """Make a campaign of somebody with this name."""
    return Campaign(
        id="issue-5",
        issue="5",
        sender=Sender(
            mailbox=Mailbox("news@example.org", name),
            bounces=Mailbox("bounces@example.org"),
        ),
        list_id="news.example.org",
        list_name="Example News",
        started=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    )


def test_python_reads_what_was_written(samples: list[Sample]) -> None:
    """Fields and both bodies, and no field that was not written."""
    fields = parse(samples[0].path.read_bytes()).keys()
    for sample in samples:
        parsed = parse(sample.path.read_bytes())
        assert parsed.keys() == fields
        assert parsed["Subject"] == sample.subject
        (to,) = parsed["To"].addresses
        assert to.addr_spec == "ada@example.net"
        assert to.display_name == sample.name
        assert parsed["List-Unsubscribe"].startswith(
            f"<{sample.unsubscribe}>, <mailto:"
        )
        texts = [
            part.get_content().replace("\r\n", "\n") for part in parsed.iter_parts()
        ]
        assert texts == [sample.text, sample.html]
        assert not parsed.defects


def test_mailparser_reads_what_was_written(samples: list[Sample]) -> None:
    """Subjects, names, both bodies and the unsubscribe links, exactly."""
    parsed = parsed_by_mailparser([sample.path for sample in samples])
    for sample, read in zip(samples, parsed, strict=True):
        assert read.subject == sample.subject
        assert read.sender == [{"address": "news@example.org", "name": sample.name}]
        assert read.to == [{"address": "ada@example.net", "name": sample.name}]
        assert (read.text, read.html) == (digest(sample.text), digest(sample.html))
        assert read.message_id.endswith(f".{delivery_of(sample.path)}@example.org>")
        assert read.unsubscribe["url"] == sample.unsubscribe
        assert read.unsubscribe["mail"].startswith("news@example.org?subject=unsub")
        assert read.date == "2026-11-20T09:00:00.000Z"


PERL = r"""
use strict; use warnings; use Encode; use JSON::PP;
use MIME::QuotedPrint; use MIME::Base64;
for my $file (@ARGV) {
  open my $in, "<:raw", $file or die; local $/;
  my ($head, $body) = split /\r\n\r\n/, <$in>, 2;
  $head =~ s/\r\n(?=[ \t])//g;
  my %read = map { /^([^:]+): (.*)$/ } split /\r\n/, $head;
  my %seen = (subject => decode("MIME-Header", $read{Subject}),
              unsubscribe => $read{"List-Unsubscribe"}, fields => [sort keys %read]);
  my ($boundary) = $read{"Content-Type"} =~ /boundary="(.*?)"/;
  my @parts = split /\r?\n?--\Q$boundary\E(?:--)?\r\n/, "\r\n$body";
  for my $part (@parts[1, 2]) {
    my ($fields, $text) = split /\r\n\r\n/, $part, 2;
    $text = $fields =~ /base64/ ? decode_base64($text) : decode_qp($text);
    $text =~ s/\r\n/\n/g;
    push @{$seen{texts}}, decode("UTF-8", $text);
  }
  print encode_json(\%seen), "\n";
}
"""


def test_perl_reads_what_was_written(samples: list[Sample]) -> None:
    """Its MIME modules are behind many list servers, filters and archives."""
    perl = program("perl")
    modules = ["-MEncode", "-MJSON::PP", "-MMIME::Base64", "-MMIME::QuotedPrint"]
    probe = subprocess.run(  # noqa: S603 - our own script
        [perl, *modules, "-e1"], capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("this perl has no modules, which Debian's package perl brings")
    done = subprocess.run(  # noqa: S603 - our own script
        [perl, "-e", PERL, *(str(sample.path) for sample in samples)],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    lines = done.stdout.splitlines()

    for sample, read in zip(samples, map(json.loads, lines), strict=True):
        assert read["subject"] == sample.subject
        assert read["unsubscribe"].startswith(f"<{sample.unsubscribe}>, <mailto:")
        assert read["texts"] == [sample.text, sample.html]
        assert "Bcc" not in read["fields"]


def test_mutt_reads_what_was_written(samples: list[Sample], tmp_path: Path) -> None:
    """Subject, names and the text part, as the terminal shows them."""
    shown = shown_by_mutt([sample.path for sample in samples], tmp_path)
    for sample, text in zip(samples, shown, strict=True):
        head, _, body = text.partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)

        assert fields["Subject"] == sample.subject
        name = sample.name.replace("\u200f", "")  # mutt shows no direction marks
        assert name.replace('"', "") in fields["To"].replace('\\"', "")
        assert sample.text.strip() in body


def test_mu_reads_what_was_written(samples: list[Sample]) -> None:
    """Subject and text, as ``mu view`` prints them."""
    mu = program("mu")
    for sample in samples:
        done = subprocess.run(  # noqa: S603 - our own file
            [mu, "view", "--nocolor", str(sample.path)],
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        shown = done.stdout.decode()
        assert f"Subject: {sample.subject}\n" in shown
        assert sample.text.strip() in shown.replace("\r\n", "\n")


def check_unpacked(sample: Sample, folder: Path) -> None:
    """See that the files are the parts; where the last line ends is the program's say."""
    files = (path.read_bytes().decode("utf-8") for path in sorted(folder.iterdir()))
    found = [text.replace("\r\n", "\n").rstrip("\n") for text in files if text]
    assert found == [sample.text.rstrip("\n"), sample.html.rstrip("\n")]


def test_ripmime_reads_what_was_written(samples: list[Sample], tmp_path: Path) -> None:
    """Many virus filters unpack messages with it; it decodes what looks encoded twice."""
    ripmime = program("ripmime")
    for sample in (each for each in samples if "=?" not in each.subject):
        folder = tmp_path / sample.path.stem
        command = [ripmime, "-i", str(sample.path), "-d", str(folder)]
        subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 - ours
        check_unpacked(sample, folder)


def test_munpack_reads_what_was_written(samples: list[Sample], tmp_path: Path) -> None:
    """The oldest of them; it knows only the line ends of Unix."""
    munpack = program("munpack")
    for sample in samples:
        folder = tmp_path / sample.path.stem
        folder.mkdir()
        message = tmp_path / sample.path.name
        message.write_bytes(sample.path.read_bytes().replace(b"\r\n", b"\n"))
        command = [munpack, "-t", "-C", str(folder), str(message)]
        subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 - ours
        check_unpacked(sample, folder)
