"""Subjects arrive exactly, whichever program decodes them.

Four decoders: Python's new parser and its old one, mailparser and Perl's Encode.
"""

import email
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from email.header import decode_header
from pathlib import Path
from subprocess import run

import pytest

from distribute.campaign.message.headers import subject
from distribute.editions.edition import Edition
from tests.judges import parsed_by_mailparser, program
from tests.mailroom import parse
from tests.mails.proofs import Proofs
from tests.readers import ADA, ID, LINKS, edition_of, octets, usual

HARD = (
    "x" * 120,
    "A subject in plain ASCII that goes on until it has to be folded " * 2,
    "=?utf-8?q?caf=C3=A9?= stays as it is written",
    "Two  spaces, a  \u00a0 wide one, and a hyphen\u2010",
    "小模型，大想法：第五期，以及这个星期你错过的一切，还有更多的内容值得一读（下）",
    "نماذج صغيرة وأفكار كبيرة: C++ و\u200fF# في العدد ١٢ من النشرة الإخبارية الأسبوعية",
    "👩🏽\u200d💻🇧🇷👨\u200d👩\u200d👧\u200d👦 " * 6 + "end",
    "e\u0301" * 60,
)
_WORD = re.compile(rb"=\?[^?]+\?[bq]\?[^?]*\?=")
_PERL = r"""
use strict; use warnings; use Encode; binmode STDOUT, ":utf8";
for my $file (@ARGV) {
  open my $in, "<:raw", $file or die; local $/;
  my ($head) = split /\r\n\r\n/, <$in>, 2;
  $head =~ s/\r\n(?=[ \t])//g;
  my ($subject) = $head =~ /^Subject: (.*?)\r?$/m;
  print decode("MIME-Header", $subject), "\n";
}
"""


def by_old_python(raw: bytes) -> str:
    """Decode as programs do that were written before Python had another parser."""
    value = email.message_from_bytes(raw)["Subject"].replace("\r\n", "")
    return "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in decode_header(value)
    )


def by_perl(paths: Sequence[Path]) -> list[str]:
    """Decode as many list servers and archives do."""
    command = [program("perl"), "-e", _PERL, *map(str, paths)]
    done = run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 - ours
    return done.stdout.decode().split("\n")[:-1]


def check(messages: Mapping[str, bytes], folder: Path) -> None:
    """Let all decoders read messages, by the subject they ought to have."""
    paths = [folder / f"{number}.eml" for number in range(len(messages))]
    for path, raw in zip(paths, messages.values(), strict=True):
        path.write_bytes(raw)
    expected = [*messages]
    assert [str(parse(raw)["Subject"]) for raw in messages.values()] == expected
    assert [*map(by_old_python, messages.values())] == expected
    assert by_perl(paths) == expected
    assert [read.subject for read in parsed_by_mailparser(paths)] == expected


def check_form(subjects: Iterable[str]) -> None:
    """See that no encoded word is over 75 characters, and no line with one over 76."""
    for text in subjects:
        written = subject(text)
        words = _WORD.findall(written)
        assert all(len(word) <= 75 for word in words)
        longest = max(map(len, written.split(b"\r\n")))
        assert longest <= (76 if words else 998)


def test_hard_subjects_arrive(tmp_path: Path) -> None:
    """Long, folded, from the right, joined from many characters, or looking encoded."""
    check(written(text.strip() for text in HARD), tmp_path)


def test_subjects_of_the_sample_arrive(sample: Proofs, tmp_path: Path) -> None:
    """In every language."""
    check(written(proof.edition.title for proof in sample.values()), tmp_path)


def test_subjects_of_real_posts_arrive(
    editions: Mapping[str, Edition], tmp_path: Path
) -> None:
    """As the titles of the posts are, to the last emoji."""
    titles = {edition.title for edition in editions.values()}
    assert len(titles) >= 80
    check(written(titles), tmp_path)


def written(subjects: Iterable[str]) -> dict[str, bytes]:
    """Write a message with each subject, whose form has to be right as well."""
    subjects = [*subjects]
    check_form(subjects)
    return {
        text: octets(
            edition_of(replace(usual("en"), subject=text)).write(ADA, ID, LINKS)
        )
        for text in subjects
    }


@pytest.fixture(autouse=True)
def _perl_knows_subjects() -> None:
    """Skip where Perl is without its Encode."""
    probe = run([program("perl"), "-MEncode", "-e1"], capture_output=True, check=False)  # noqa: S603 - ours
    if probe.returncode:
        pytest.skip("this perl has no Encode, which Debian's package perl brings")
