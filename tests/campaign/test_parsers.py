"""What other people's mail programs read in our messages.

Each needs its program, and is skipped without it: mutt, mu, Perl, and Node with the
package mailparser.
"""

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from distribute.audience.subscriber import Subscriber
from distribute.campaign.campaign import Campaign, Delivery, Sender
from distribute.campaign.message import compose
from distribute.language import Language
from distribute.mailbox import Mailbox
from distribute.render.document import Email
from tests.judges import digest, parsed_by_mailparser, program, shown_by_mutt

UNSUBSCRIBE = "https://news.example.org/u/" + "t" * 873
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


@dataclass(frozen=True)
class Sample:
    """A message, and what one should read in it."""

    path: Path
    subject: str
    name: str
    text: str
    html: str


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Write twenty messages: each language with a short and a very long subject."""
    folder = tmp_path_factory.mktemp("mail")
    return [
        sample(folder / f"{number:02}.eml", language, repeat)
        for number, (language, repeat) in enumerate(
            (language, repeat) for language in WORDS for repeat in (1, 7)
        )
    ]


def delivery_of(path: Path) -> str:
    """Give each sample a delivery of its own."""
    return digest(path.name)[:24]


def sample(path: Path, language: str, repeat: int) -> Sample:
    """Compose one message and write it to its file."""
    subject = " ".join([WORDS[language]] * repeat)
    name = NAMES.get(language, WORDS[language][:12].strip())
    text = f"{subject}\n\nFrom here on\n.dots\n..\n" + f"{WORDS[language]}\n" * 30
    html = f"<p>{text}</p>\n"
    message = compose(
        Campaign(
            id="issue-5",
            issue="5",
            sender=Sender(
                mailbox=Mailbox("news@example.org", name),
                bounces=Mailbox("bounces@example.org"),
            ),
            list_id="news.example.org",
            list_name="Example News",
            started=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        ),
        Delivery(
            id=delivery_of(path),
            subscriber=Subscriber(mailbox=Mailbox("ada@example.net", name)),
            language=Language(language),
            reason="asked for it",
        ),
        Email(
            language=Language(language),
            subject=subject,
            preheader="",
            html=html,
            text=text,
            salt="0" * 24,
        ),
        unsubscribe_url=UNSUBSCRIBE,
        archive_url="https://news.example.org/a-post/",
    )
    path.write_bytes(message)
    return Sample(path, subject, name, text, html)


def test_mailparser_reads_what_was_written(samples: list[Sample]) -> None:
    """Subjects, names, both bodies and the unsubscribe links, exactly."""
    parsed = parsed_by_mailparser([sample.path for sample in samples])
    for sample, read in zip(samples, parsed, strict=True):
        assert read.subject == sample.subject
        assert read.sender == [{"address": "news@example.org", "name": sample.name}]
        assert read.to == [{"address": "ada@example.net", "name": sample.name}]
        assert (read.text, read.html) == (digest(sample.text), digest(sample.html))
        assert read.message_id.endswith(f".{delivery_of(sample.path)}@example.org>")
        assert read.unsubscribe["url"] == UNSUBSCRIBE
        assert read.unsubscribe["mail"].startswith("news@example.org?subject=unsub")
        assert read.date == "2026-11-20T09:00:00.000Z"


PERL = r"""
use Encode; binmode STDOUT, ":utf8";
for my $file (@ARGV) {
  open my $in, "<", $file; local $/; my $head = (split /\r\n\r\n/, <$in>)[0];
  $head =~ s/\r\n(?=[ \t])//g;
  $head =~ /^Subject: (.*?)\r?$/m; print decode("MIME-Header", $1), "\n";
}
"""


def test_perl_reads_the_subjects(samples: list[Sample]) -> None:
    """Encode's MIME-Header is behind many list servers and archives."""
    perl = program("perl")
    probe = subprocess.run([perl, "-MEncode", "-e1"], capture_output=True, check=False)  # noqa: S603 - our own script
    if probe.returncode:
        pytest.skip("this perl has no Encode, which Debian's package perl brings")
    done = subprocess.run(  # noqa: S603 - our own script
        [perl, "-e", PERL, *(str(sample.path) for sample in samples)],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip

    assert done.stdout.decode().splitlines() == [sample.subject for sample in samples]


def test_mutt_reads_what_was_written(samples: list[Sample], tmp_path: Path) -> None:
    """Subject, names and the text part, as the terminal shows them."""
    shown = shown_by_mutt([sample.path for sample in samples], tmp_path)
    for sample, text in zip(samples, shown, strict=True):
        head, _, body = text.partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)

        assert fields["Subject"] == sample.subject
        assert sample.name.replace('"', "") in fields["To"].replace('\\"', "")
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
