"""Cancel what workers have of an issue, and wait until they have let go of it."""

from collections.abc import Callable, Sequence
from time import monotonic, sleep

from distribute.campaign.campaign import State
from distribute.campaign.fleet import control
from distribute.campaign.fleet.batch import FrozenState
from distribute.campaign.fleet.overview import count_deliveries, is_swept
from distribute.campaign.fleet.progress import Handed
from distribute.campaign.ledger.ledger import SqliteLedger
from distribute.campaign.run.run import Haste
from distribute.cli.fleet.steering import Helm
from distribute.cli.process.signals import heard
from distribute.cli.terminal.asking import insist_on_yes
from distribute.cli.terminal.words import many

PATIENCE = 30.0
"""Seconds to wait for batches in hand; whoever has one that long does not answer.

A worker looks every two seconds whether to go on, and waits ten for what is on its way.
"""
_LOOK = 0.2
"""Seconds between two looks."""
_STOPPING = "\ndistribute: not waiting for workers any longer\n"


class Cancelling:
    """Cancels the campaigns of one issue, once."""

    def __init__(self, helm: Helm) -> None:
        self._helm = helm
        self._patience = PATIENCE
        self._open = [each for each in helm.campaigns if self._is_open(each)]
        self._taken_away = 0
        self._in_hand = 0

    @property
    def is_to_do(self) -> bool:
        """Whether there is anything that workers have or are to have."""
        return bool(self._open)

    @property
    def is_done_before(self) -> bool:
        """Whether somebody has cancelled any of it before."""
        states = {handed.state for handed in self._helm.campaigns}
        return FrozenState.CANCELLED in states

    def ask(self) -> None:
        """Ask whether it shall be; raises `Declined` unless the answer is yes."""
        named = ", ".join(f"{each.id} by {each.sink}" for each in self._open)
        question = f"Take {named} back from workers?"
        insist_on_yes(question, otherwise="nothing was cancelled")

    def carry_out(self) -> bool:
        """Cancel; false if somebody did not want to wait for what is in hand."""
        with heard(_STOPPING) as haste:
            for handed in self._open:
                self._cancel(handed, haste)
        return not self._in_hand

    def report(self) -> None:
        """Tell how many had been sent, and how the others can be served."""
        helm = self._helm
        cancelled = self._open or [
            each for each in helm.campaigns if each.state is FrozenState.CANCELLED
        ]
        counts = [count_deliveries(helm.connection, each.number) for each in cancelled]
        helm.invocation.answer(self._document(cancelled, counts))
        for handed, states in zip(cancelled, counts, strict=True):
            helm.invocation.say(self._line(handed, states))
        if self._taken_away:
            helm.invocation.say(
                f"Batches taken away from workers that did not answer within"
                f" {self._patience:.0f} s: {self._taken_away}; what had just begun in them"
                " is uncertain."
            )
        for line in self._next_steps(cancelled, counts):
            helm.invocation.say(line)

    def _is_open(self, handed: Handed) -> bool:
        if handed.state is FrozenState.CANCELLED:  # by somebody who did not wait
            return not is_swept(self._helm.connection, handed.number)
        return not handed.is_over

    def _cancel(self, handed: Handed, haste: Callable[[], Haste]) -> None:
        """Cancel one, as its only sender: nobody hands over more of it meanwhile."""
        now = self._helm.invocation.now
        with (
            SqliteLedger(self._helm.settings.database, handed.sink) as ledger,
            ledger.lock(handed.id, now, for_workers=True),
        ):
            control.cancel(self._helm.connection, handed.number)
            ledger.pursue(handed.id, None)  # nor does `send new` go on with it
            self._wait(handed.number, haste)

    def _wait(self, campaign: int, haste: Callable[[], Haste]) -> None:
        """Take back what workers give back, and in the end what they do not."""
        connection, give_up = self._helm.connection, monotonic() + self._patience
        is_told = False
        while (swept := control.sweep(connection, campaign)).in_hand:
            if not is_told:
                self._helm.invocation.say(
                    f"Waiting for what workers have in hand: {swept.in_hand} batches."
                )
            is_told = True
            if haste() is not Haste.NONE:
                self._in_hand += swept.in_hand
                return
            if monotonic() >= give_up:
                taken = control.sweep(connection, campaign, at_once=True)
                self._taken_away += taken.batches
                return
            sleep(_LOOK)

    def _document(
        self, cancelled: Sequence[Handed], counts: Sequence[dict[State, int]]
    ) -> dict[str, object]:
        return {
            "issue": self._helm.issue,
            "campaigns": [
                {
                    "campaign": handed.id,
                    "sink": handed.sink,
                    "was": str(handed.state),
                    "state": str(FrozenState.CANCELLED),
                    "deliveries": {str(state): n for state, n in states.items()},
                }
                for handed, states in zip(cancelled, counts, strict=True)
            ],
            "in_hand": self._in_hand,
            "taken_away": self._taken_away,
        }

    def _line(self, handed: Handed, states: dict[State, int]) -> str:
        was_before = handed.state is FrozenState.CANCELLED and not self._open
        said = "was cancelled already" if was_before else "is cancelled"
        told = ", ".join(
            f"{many(states[state])} {state}"
            for state in (State.DEFERRED, State.REJECTED, State.UNCERTAIN)
            if states.get(state)
        )
        sent = f"{many(states.get(State.ACCEPTED, 0))} had been sent"
        return f"{handed.id} by {handed.sink} {said}: {sent}{told and f', {told}'}."

    def _next_steps(
        self, cancelled: Sequence[Handed], counts: Sequence[dict[State, int]]
    ) -> Sequence[str]:
        helm = self._helm
        if self._in_hand:
            again = helm.command("cancel {issue}")
            return [
                f"{self._in_hand} in hand of workers still; {again} again waits for them."
            ]
        sinks = dict.fromkeys(handed.sink for handed in cancelled)
        lines = [
            f"{helm.command(f'send {{issue}} --sink {sink}')} serves the others."
            for sink in sinks
        ]
        if any(states.get(State.UNCERTAIN) for states in counts):
            shown = helm.command("status {issue} --uncertain")
            lines.append(f"{shown} lists who may or may not have it.")
        return lines
