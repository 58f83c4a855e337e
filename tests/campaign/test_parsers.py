"""What other people's mail programs read in our messages.

Each needs its program, and is skipped without it: mutt, mu, Perl, and Node with the
package mailparser (found through ``DISTRIBUTE_NODE_MODULES`` or the usual paths).
"""

import json
import os
import pty
import shutil
import subprocess
import threading
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
            id="2cf24dba5fb0a30e26e83b2a",
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


def program(name: str) -> str:
    """Find a program, or skip the test."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


MAILPARSER = """
const { simpleParser } = require("mailparser"), fs = require("fs");
Promise.all(process.argv.slice(1).map(f => simpleParser(fs.readFileSync(f)))).then(
  all => console.log(JSON.stringify(all.map(m => [
    m.subject, m.from.value, m.to.value, m.text, m.html, m.messageId,
    m.headers.get("list").unsubscribe, m.date]))));
"""


def test_mailparser_reads_what_was_written(samples: list[Sample]) -> None:
    """Subjects, names, both bodies and the unsubscribe links, exactly."""
    node = program("node")
    modules = os.environ.get("DISTRIBUTE_NODE_MODULES", "")
    environment = os.environ | ({"NODE_PATH": modules} if modules else {})
    found = subprocess.run(  # noqa: S603 - our own script
        [node, "-e", 'require("mailparser")'], env=environment, capture_output=True
    )
    if found.returncode:
        pytest.skip("node finds no mailparser; set DISTRIBUTE_NODE_MODULES")
    done = subprocess.run(  # noqa: S603 - our own script
        [node, "-e", MAILPARSER, *(str(sample.path) for sample in samples)],
        env=environment, capture_output=True, check=True, timeout=60,
    )  # fmt: skip

    for sample, read in zip(samples, json.loads(done.stdout), strict=True):
        subject, sender, to, text, html, message_id, unsubscribe, date = read
        assert subject == sample.subject
        assert sender == [{"address": "news@example.org", "name": sample.name}]
        assert to == [{"address": "ada@example.net", "name": sample.name}]
        assert (text, html) == (sample.text, sample.html)
        assert message_id.endswith(".2cf24dba5fb0a30e26e83b2a@example.org>")
        assert unsubscribe["url"] == UNSUBSCRIBE
        assert unsubscribe["mail"].startswith("news@example.org?subject=unsubscribe")
        assert date == "2026-11-20T09:00:00.000Z"


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
    mutt = program("mutt")
    for sample, shown in zip(
        samples, shown_by_mutt(mutt, samples, tmp_path), strict=True
    ):
        head, _, body = shown.partition("\n\n")
        fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)

        assert fields["Subject"] == sample.subject
        assert sample.name.replace('"', "") in fields["To"].replace('\\"', "")
        assert sample.text.strip() in body


def shown_by_mutt(mutt: str, samples: list[Sample], folder: Path) -> list[str]:
    """Let mutt open a Maildir and pipe each message, decoded, into a file."""
    for name in ("cur", "new", "tmp"):
        (folder / "box" / name).mkdir(parents=True)
    for sample in samples:
        target = folder / "box" / "cur" / f"{sample.path.stem}:2,S"
        target.write_bytes(sample.path.read_bytes().replace(b"\r\n", b"\n"))
    script = folder / "keep.sh"
    script.write_text(f'#!/bin/sh\ncat > "{folder}/shown-$$.txt"\n')
    script.chmod(0o700)
    settings = folder / "muttrc"
    keys = f"<pipe-message>{script}<enter><next-entry>" * len(samples)
    settings.write_text(
        "set charset=utf-8 pipe_decode=yes wait_key=no quit=yes wrap_headers=998\n"
        "ignore *\nunignore subject: to:\nalternative_order text/plain\n"
        f'push "<first-entry>{keys}<exit>"\n'
    )
    run_on_terminal([mutt, "-n", "-R", "-F", str(settings), "-f", str(folder / "box")])
    shown = [path.read_text("utf-8") for path in folder.glob("shown-*.txt")]
    assert len(shown) == len(samples)
    by_subject = {
        text.split("Subject: ", 1)[1].partition("\n")[0]: text for text in shown
    }
    return [by_subject[sample.subject] for sample in samples]


def run_on_terminal(command: list[str]) -> None:
    """Run a program that insists on a terminal, and throw its screen away."""
    ours, theirs = pty.openpty()
    reader = threading.Thread(target=drain, args=(ours,), daemon=True)
    reader.start()
    environment = os.environ | {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
    try:
        subprocess.run(  # noqa: S603 - our own arguments
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
            check=True, timeout=60, start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(theirs)
        reader.join(5)
        os.close(ours)


def drain(terminal: int) -> None:
    """Read until the program's side is closed."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        return


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
