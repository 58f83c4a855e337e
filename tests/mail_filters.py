"""Spam filters that nobody here wrote, asked what they hold against messages.

Each has a network of its own, in which only the DNS of the sender is: see
`tests.mini_internet`. A missing one skips the test.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.judges import program
from tests.mini_internet import SERVER, Zone, run_apart

_SPAMASSASSIN = r"""
use strict; use warnings; use JSON::PP; use Mail::SpamAssassin;
my $filter = Mail::SpamAssassin->new({
    dont_copy_prefs => 1, userprefs_filename => "/dev/null", home_dir_for_helpers => $ARGV[1],
    userstate_dir => $ARGV[1],
    post_config_text => "dns_available yes\ndns_server $ARGV[0]\nuse_bayes 0\nuse_pyzor 0\n",
});
$filter->init(1);
while (my $path = <STDIN>) {
    chomp $path;
    open(my $file, "<:raw", $path) or die;
    my $message = do { local $/; <$file> };
    my $mail = $filter->parse($message);
    my $status = $filter->check($mail);
    my %scores = %{$status->get_names_of_tests_hit_with_scores_hash};
    print encode_json({ score => $status->get_score + 0,
                        rules => { map { $_ => $scores{$_} + 0 } keys %scores } }), "\n";
    $status->finish; $mail->finish;
}
"""

_RSPAMD = r"""
import http.client, json, os, pathlib, subprocess, sys, time
program, folder, headers, dns, *paths = json.loads(sys.argv[1])
local = pathlib.Path(folder, "local.d")
local.mkdir()
(local / "options.inc").write_text('dns { nameserver = ["%s:53:1"]; timeout = 2s; }\n' % dns)
settings = {"LOCAL_CONFDIR": folder, "RUNDIR": folder, "DBDIR": folder, "LOGDIR": folder}
command = [program, "--insecure", "--no-fork", "-c", "/etc/rspamd/rspamd.conf"]
server = subprocess.Popen(
    command + ["--var=%s=%s" % pair for pair in settings.items()],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
)
for _ in range(600):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 11333, timeout=60)
        connection.request("GET", "/ping")
        if connection.getresponse().read().strip() == b"pong":
            break
    except OSError:
        time.sleep(0.1)
else:
    sys.exit("rspamd does not start")
for path in paths:
    connection = http.client.HTTPConnection("127.0.0.1", 11333, timeout=60)
    connection.request("POST", "/checkv2", open(path, "rb").read(), headers)
    said = json.loads(connection.getresponse().read())
    rules = {name: rule["score"] for name, rule in said["symbols"].items()}
    print(json.dumps({"score": said["score"], "rules": rules}))
os.killpg(server.pid, 15)
"""


@dataclass(frozen=True)
class Verdict:
    """What a filter found: the more points, the worse."""

    score: float
    rules: Mapping[str, float]
    """The points of each rule that applied, by its name."""

    @property
    def against(self) -> dict[str, float]:
        """The rules that cost something."""
        return {name: points for name, points in self.rules.items() if points > 0}


@dataclass(frozen=True)
class Wire:
    """How a message comes in: who hands it over, from where, on whose behalf."""

    host: str
    ip: str
    mail_from: str
    date: str
    """When it arrives, as RFC 5322 writes it."""

    def traced(self, message: bytes) -> bytes:
        """Give a message the trace of its last hop (RFC 5321 section 4.4)."""
        trace = (
            f"Return-Path: <{self.mail_from}>\r\n"
            f"Received: from {self.host} ({self.host} [{self.ip}])\r\n"
            "\tby mx.example.net (Postfix) with ESMTPS id 4ABCD\r\n"
            f"\tfor <reader@example.net>; {self.date}\r\n"
        )
        return trace.encode("ascii") + message


def ask_spamassassin(
    messages: Sequence[bytes], zone: Zone, folder: Path
) -> list[Verdict]:
    """Ask SpamAssassin with its rules on SPF and DKIM; all messages in one go.

    They have their `Wire.traced`, for that is where it finds who handed them over.
    """
    perl = program("perl")
    modules = ["-MMail::SpamAssassin", "-MMail::SPF", "-MMail::DKIM", "-MJSON::PP"]
    probe = subprocess.run([perl, *modules, "-e1"], capture_output=True, check=False)  # noqa: S603 - ours
    if probe.returncode:
        pytest.skip("SpamAssassin, Mail::SPF or Mail::DKIM is not installed")
    paths = _written(messages, folder)
    command = [perl, "-e", _SPAMASSASSIN, SERVER, str(folder)]
    said = run_apart(command, zone, "".join(f"{path}\n" for path in paths))
    return list(_verdicts(said))


def ask_rspamd(
    messages: Sequence[bytes], wire: Wire, zone: Zone, folder: Path
) -> list[Verdict]:
    """Ask rspamd, which knows DMARC too; it takes some seconds to begin."""
    rspamd = program("rspamd")
    envelope = {
        "IP": wire.ip,
        "Helo": wire.host,
        "Hostname": wire.host,
        "From": wire.mail_from,
        "Rcpt": "reader@example.net",
    }
    paths = map(str, _written(messages, folder))
    (folder / "rspamd").mkdir()
    task = json.dumps([rspamd, str(folder / "rspamd"), envelope, SERVER, *paths])
    return list(_verdicts(run_apart([sys.executable, "-c", _RSPAMD, task], zone)))


def _verdicts(said: str) -> Iterator[Verdict]:
    for line in filter(None, said.split("\n")):
        yield Verdict(**json.loads(line))


def _written(messages: Sequence[bytes], folder: Path) -> list[Path]:
    paths = [folder / f"{number}.eml" for number in range(len(messages))]
    for path, message in zip(paths, messages, strict=True):
        path.write_bytes(message)
    return paths
