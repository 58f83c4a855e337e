"""One connection to a server of ours, from the greeting to the end."""

import base64
from collections.abc import Iterable

from tests.faults import hygiene
from tests.faults.fault import Fault, Luck, Manners, Stage
from tests.faults.record import Kind, Recorder
from tests.faults.wire import DOT, PATIENCE, Hangup, Wire


class Conversation:
    """Speaks SMTP, does wrong what it is told to, and notes what the client does wrong."""

    def __init__(
        self,
        wire: Wire,
        number: int,
        manners: Manners,
        *,
        luck: Luck,
        recorder: Recorder,
    ) -> None:
        self._wire = wire
        self._number = number
        self._manners = manners
        self._luck = luck
        self._recorder = recorder
        self._encrypted = False
        self._offered: dict[str, str] = {}
        self._served = 0
        self._begin()

    def hold(self, *, crowded: bool) -> None:
        """Converse until one of the two has had enough."""
        reset = False
        try:
            self._recorder.note("connected", self._number)
            self._converse(crowded=crowded)
        except Hangup as hangup:
            reset = hangup.reset
        except OSError:
            pass
        finally:
            self._wire.part(reset=reset)

    def _begin(self) -> None:
        """Forget the transaction."""
        self._sender: str | None = None
        self._recipient = ""
        self._spoiled = False
        self._parameters: dict[str, str] = {}

    def _converse(self, *, crowded: bool) -> None:
        if self._manners.tls == "tls":
            self._encrypt()
        if crowded:
            self._say("421 4.7.0 too many connections")
            raise Hangup
        if not self._goes_wrong("connect"):
            self._say("220 mail.example.org ready")
        while (line := self._wire.line()) is not None:
            self._obey(line)

    def _obey(self, line: bytes) -> None:
        verb = line[:4].decode("latin-1").upper().strip()
        verb = "STARTTLS" if verb == "STAR" else verb
        self._look(line, verb)
        match verb:
            case "EHLO" | "HELO":
                self._hello(verb)
            case "MAIL":
                self._mail(line)
            case "RCPT":
                self._rcpt(line)
            case "DATA":
                self._data()
            case "STARTTLS":
                self._starttls()
            case "QUIT":
                self._say("221 2.0.0 bye")
                raise Hangup
            case _:
                self._rest(verb)

    def _look(self, line: bytes, verb: str) -> None:
        """Note breaches, and be as touchy about pipelining as the manners say."""
        pipelining = "PIPELINING" in self._offered
        more = self._wire.more()
        utf8 = b"SMTPUTF8" in line or "SMTPUTF8" in self._parameters
        self._blame(hygiene.in_line(line), line)
        self._blame(hygiene.in_command(verb, line, self._offered, utf8=utf8), line)
        self._blame(hygiene.in_turn(verb, more=more, pipelining=pipelining), line)
        if more and self._manners.lie == "silent":
            self._wire.drain(PATIENCE)
            raise Hangup
        if more and self._manners.lie == "refuses":
            self._say("554 5.5.0 improper use of command pipelining")
            raise Hangup

    def _hello(self, verb: str) -> None:
        if self._goes_wrong("ehlo"):
            return
        self._begin()
        words = [] if verb == "HELO" else self._extensions()
        self._offered = {w.partition(" ")[0]: w.partition(" ")[2] for w in words}
        self._say("\n".join(["250 mail.example.org", *(f"250 {w}" for w in words)]))

    def _extensions(self) -> list[str]:
        manners = self._manners
        words = [
            *manners.extensions,
            f"SIZE {manners.size}" if manners.size else "SIZE",
        ]
        if manners.pipelining:
            words.append("PIPELINING")
        if manners.tls == "starttls" and not self._encrypted:
            words.append("STARTTLS")
        return words

    def _mail(self, line: bytes) -> None:
        if (
            self._manners.per_connection
            and self._served >= self._manners.per_connection
        ):
            self._say("421 4.7.0 too many messages on one connection")
            raise Hangup
        if self._sender is not None:
            self._out_of_turn("503 5.5.1 nested MAIL command", line)
            return
        self._begin()
        if self._manners.tls and not self._encrypted:
            self._blame(["a message in plain text"], line)
        self._parameters = hygiene.parameters_in(line)
        if self._goes_wrong("mail"):
            self._spoiled = True
        elif 0 < self._manners.size < int(self._parameters.get("SIZE", 0)):
            self._blame(["SIZE over the server's limit"], line)
            self._spoiled = True
            self._say("552 5.3.4 too big")
        else:
            self._sender = hygiene.address_in(line)
            self._say("250 2.1.0 sender ok")

    def _rcpt(self, line: bytes) -> None:
        if self._sender is None or self._recipient:
            self._out_of_turn("503 5.5.1 not now", line)
            return
        address = hygiene.address_in(line)
        if self._goes_wrong("rcpt", address):
            self._spoiled = True
        else:
            self._recipient = address
            self._say("250 2.1.5 recipient ok")
        if self._manners.lie == "discards":
            self._wire.discard()

    def _data(self) -> None:
        nobody = not self._recipient
        if nobody and not (self._manners.eager and self._spoiled and self._sender):
            self._out_of_turn("554 5.5.1 no valid recipients", b"DATA")
            return
        if not nobody and self._goes_wrong("data", self._recipient):
            self._recipient, self._spoiled = "", True
            return
        self._say("354 go ahead")
        if not nobody:
            self._break_inside()
        content = self._wire.message()
        if content is None:
            self._note("cut", bytes(self._wire.buffer))
            raise Hangup
        self._end(content)
        self._begin()

    def _break_inside(self) -> None:
        """Meet a fault inside the message."""
        fault = self._luck.meets("body", self._recipient)
        if fault is None:
            return
        while len(self._wire.buffer) < fault.after and self._wire.receive():
            pass
        kind: Kind = "cut"
        if DOT in self._wire.buffer:
            kind = "refused" if fault.refuses else "swallowed"
        self._note(kind, bytes(self._wire.buffer))
        self._carry_out(fault)
        raise Hangup

    def _end(self, content: bytes) -> None:
        if not self._recipient:
            if content:
                self._blame(["a message to nobody"], b"DATA")
            self._say("554 5.5.1 no valid recipients")
            return
        self._judge(content)
        fault = self._luck.meets("end", self._recipient)
        kind: Kind = "kept"
        if fault and not fault.only_slow:
            kind = "refused" if fault.refuses else "swallowed"
        self._served += 1
        self._note(kind, content)
        if not (fault and self._carry_out(fault)):
            self._say("250 2.0.0 kept")

    def _judge(self, content: bytes) -> None:
        """Look at a message, and at whether it is as it was announced."""
        parameters = self._parameters
        eight_bit = parameters.get("BODY") == "8BITMIME" or "SMTPUTF8" in parameters
        self._blame(hygiene.in_message(content, eight_bit=eight_bit), b"")
        size = len(content) - content.count(b"\n.") - content.startswith(b".")
        if int(parameters.get("SIZE", size)) != size:
            self._blame([f"SIZE={parameters['SIZE']}, and it has {size}"], b"")

    def _starttls(self) -> None:
        if self._goes_wrong("starttls"):
            return
        if "STARTTLS" not in self._offered:
            self._blame(["STARTTLS, which was not offered"], b"")
            self._say("502 5.5.1 no TLS here")
            return
        self._say("220 2.0.0 go ahead")
        self._wire.flush()
        self._encrypt()

    def _encrypt(self) -> None:
        self._offered.clear()
        if self._goes_wrong("tls"):
            raise Hangup
        self._wire.encrypt(self._manners.certificate)
        self._encrypted = True

    def _rest(self, verb: str) -> None:
        if verb == "RSET":
            self._begin()
            self._say("250 2.0.0 forgotten")
        elif verb == "NOOP":
            self._say("250 2.0.0 ok")
        else:
            self._say("500 5.5.2 what?")

    def _goes_wrong(self, stage: Stage, address: str = "") -> bool:
        """Meet a fault, if there is one; true if the right reply is not to be given."""
        fault = self._luck.meets(stage, address)
        return fault is not None and self._carry_out(fault)

    def _carry_out(self, fault: Fault) -> bool:
        if fault.delay:
            self._wire.flush()
            self._wire.wait(fault.delay)
        self._wire.say(fault.raw.encode("latin-1"))
        if fault.reply:
            self._say(fault.reply)
        match fault.act:
            case "close":
                raise Hangup
            case "reset":
                self._wire.flush()
                raise Hangup(reset=True)
            case "silence":
                self._wire.drain(PATIENCE)
                raise Hangup
            case "endless":
                self._wire.babble()
            case _:
                pass
        if fault.reply.startswith("421"):
            raise Hangup
        return not fault.only_slow

    def _say(self, text: str) -> None:
        """Say a reply of one or more lines, each with its code."""
        *lines, last = text.split("\n")
        said = [f"{line[:3]}-{line[4:]}\r\n" for line in lines] + [f"{last}\r\n"]
        self._wire.say("".join(said).encode())

    def _out_of_turn(self, reply: str, line: bytes) -> None:
        """Refuse a command that has no business here; a pipeline may be why it came."""
        if not (self._spoiled and "PIPELINING" in self._offered) or "nested" in reply:
            self._blame([reply], line)
        self._say(reply)

    def _blame(self, problems: Iterable[str], line: bytes) -> None:
        for problem in problems:
            text = f"{problem}: {line[:200]!r}" if line else problem
            self._recorder.note("problem", self._number, self._recipient, text=text)

    def _note(self, kind: Kind, content: bytes) -> None:
        """Write down what came in; dot-stuffing is undone for the content."""
        if content.startswith(b"."):
            content = content[1:]
        content = content.replace(b"\n..", b"\n.")
        kept = self._manners.keeps and kind in {"kept", "swallowed"}
        text = base64.b64encode(content).decode() if kept else ""
        self._recorder.note(kind, self._number, self._recipient, content, text)
