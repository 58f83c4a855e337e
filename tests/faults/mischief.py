"""Servers that misbehave in any way there is, made up by hypothesis."""

from hypothesis import strategies as st

from tests.faults.fault import Fault, Manners

REPLIES = (
    "421 4.3.2 closing", "450 4.2.0 later", "451 4.3.0 later", "452 4.2.2 full",
    "550 5.1.1 nobody", "552 5.2.2 full", "554 5.6.0 no", "421 4.7.0 one\n421 two",
    "554 5.6.0 one\n554 two", "500 what?",
)  # fmt: skip
RAW = (
    "\x00\xff\r\n", "250 ok\n", "HTTP/1.1 200 OK\r\n\r\n", "250-ok\r\n354 no\r\n",
    "250 one\r\n250 two\r\n", "2", "\r\n",
)  # fmt: skip
early = st.builds(
    Fault,
    stage=st.sampled_from(("connect", "ehlo", "mail")),
    reply=st.just("") | st.sampled_from(REPLIES),
    raw=st.just("") | st.sampled_from(RAW),
    act=st.sampled_from(("", "", "close", "reset")),
    times=st.integers(1, 2),
)
late = st.builds(
    Fault,
    stage=st.sampled_from(("rcpt", "data", "body", "end")),
    reply=st.just("") | st.sampled_from(REPLIES),
    raw=st.just("") | st.sampled_from(RAW),
    act=st.sampled_from(("", "", "close", "reset")),
    delay=st.sampled_from((0.0, 0.0, 0.002)),
    share=st.sampled_from((0.1, 0.3)),
    times=st.integers(0, 1),
    after=st.sampled_from((0, 20, 200_000)),
)
manners = st.builds(
    Manners,
    faults=st.lists(early | late, max_size=4).map(tuple),
    pipelining=st.booleans(),
    eager=st.booleans(),
    per_connection=st.sampled_from((0, 0, 1, 5)),
    at_most=st.sampled_from((0, 0, 1, 2)),
    trickle=st.sampled_from((False, False, True)),
    one_by_one=st.booleans(),
    tls=st.sampled_from(("", "", "starttls", "tls")),
)


def lies(behaviour: Manners) -> bool:
    """Tell whether it may say of a message that it is kept while it is still coming in.

    Once the final dot has left us nobody can know better.
    """
    return any(
        fault.stage == "body" and fault.raw.startswith("250 ")
        for fault in behaviour.faults
    )


def answers_twice(behaviour: Manners) -> bool:
    """Tell whether it answers what nobody asked, and may blame us for believing it."""
    return any("\n250 " in fault.raw for fault in behaviour.faults)
