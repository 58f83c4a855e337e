"""Programs that nobody here wrote, asked whether signatures hold; no network is used.

Each is given messages and the DNS records of the keys by name, and says of each message
which selectors have a signature that it finds good. A missing one skips the test.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import dkim  # type: ignore[import-untyped]  # ships no types
import pytest
from dkim.canonicalization import Relaxed  # type: ignore[import-untyped]  # likewise

from tests.judges import program
from tests.mini_internet import run_apart

_MAIL_DKIM = r"""
use strict; use warnings; use JSON::PP; use Mail::DKIM::Verifier; use Net::DNS;
my $records = decode_json($ARGV[0]);
{
    no warnings "redefine";
    *Mail::DKIM::DNS::query = sub {
        my ($name, $type) = @_;
        my $text = $records->{lc $name} or return;
        my @strings = $text =~ /(.{1,250})/g;
        return Net::DNS::RR->new(owner => $name, type => "TXT", txtdata => \@strings);
    };
}
my @found;
while (my $path = <STDIN>) {
    chomp $path;
    my $verifier = Mail::DKIM::Verifier->new;
    open(my $file, "<:raw", $path) or die;
    my $message = do { local $/; <$file> };
    $verifier->PRINT($message);
    $verifier->CLOSE;
    push @found, [map { $_->selector } grep { $_->result eq "pass" } $verifier->signatures];
}
print encode_json(\@found);
"""

_OPENDKIM = """
program=$1 folder=$2; shift 2
for path; do "$program" -C -t "$folder" < "$path"; echo $?; done
"""


def body_by_dkimpy(body: bytes) -> bytes:
    """Let dkimpy bring a body into its relaxed form."""
    return bytes(Relaxed.canonicalize_body(body))


def field_by_dkimpy(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Let dkimpy bring a field into its relaxed form."""
    [(lower, relaxed)] = Relaxed.canonicalize_headers([(name, value)])
    return bytes(lower), bytes(relaxed)


def ask_dkimpy(messages: Sequence[bytes], records: Mapping[str, str]) -> list[set[str]]:
    """Ask dkimpy, which needs PyNaCl for Ed25519."""
    pytest.importorskip("nacl", reason="PyNaCl is not installed")
    return [_seen_by_dkimpy(message, records) for message in messages]


def ask_mail_dkim(
    messages: Sequence[bytes], records: Mapping[str, str], folder: Path
) -> list[set[str]]:
    """Ask Perl's Mail::DKIM, which knows RSA, and Ed25519 only with another module."""
    perl = program("perl")
    if not _runs([perl, "-MMail::DKIM", "-MJSON::PP", "-e1"]):
        pytest.skip("Mail::DKIM is not installed")
    paths = _written(messages, folder)
    asked = subprocess.run(  # noqa: S603 - our own script
        [perl, "-e", _MAIL_DKIM, json.dumps(records)],
        input="".join(f"{path}\n" for path in paths).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return [set(selectors) for selectors in json.loads(asked.stdout)]


def ask_opendkim(
    messages: Sequence[bytes], records: Mapping[str, str], folder: Path
) -> list[bool]:
    """Ask opendkim-testmsg whether a message has any good signature.

    It asks the DNS, and gets one in a network of its own.
    """
    places = "/usr/bin:/usr/sbin:/usr/local/sbin"
    opendkim = shutil.which("opendkim-testmsg", path=places)
    if opendkim is None:
        pytest.skip("opendkim-testmsg is not installed")
    paths = map(str, _written(messages, folder))
    command = [program("sh"), "-c", _OPENDKIM, "sh", opendkim, str(folder), *paths]
    zone = {f"{name} TXT": [record] for name, record in records.items()}
    said = run_apart(command, zone)
    return [line == "0" for line in said.splitlines() if line.isdigit()]


def _seen_by_dkimpy(message: bytes, records: Mapping[str, str]) -> set[str]:
    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        record = records.get(name.decode().rstrip("."))
        return record.encode() if record else None

    good = set()
    for number in range(message.partition(b"\r\n\r\n")[0].count(b"DKIM-Signature:")):
        verifier = dkim.DKIM(message)
        with suppress(dkim.DKIMException):
            if verifier.verify(idx=number, dnsfunc=look_up):
                good.add(verifier.selector.decode())
    return good


def _runs(command: Sequence[str]) -> bool:
    done = subprocess.run(command, capture_output=True, timeout=60)  # noqa: S603 - ours
    return done.returncode == 0


def _written(messages: Sequence[bytes], folder: Path) -> list[Path]:
    paths = [folder / f"{number}.eml" for number in range(len(messages))]
    for path, message in zip(paths, messages, strict=True):
        path.write_bytes(message)
    return paths
