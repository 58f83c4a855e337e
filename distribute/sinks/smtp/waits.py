"""How long to wait for a mail server, in seconds (RFC 5321 section 4.5.3.2).

These are the standard's least; `SmtpServer.wait` cuts them down to what is configured.
"""

CONNECT = 60.0
"""For the network, before SMTP begins; the standard leaves it open."""
COMMAND = 300.0
"""For the greeting, and for the reply to MAIL, RCPT and everything not named here."""
DATA_START = 120.0
"""For the 354 that answers DATA."""
DATA_BLOCK = 180.0
"""For the network to take the next piece of a message."""
DATA_END = 600.0
"""For the verdict on a message; giving up earlier is how messages arrive twice."""
PARTING = 5.0
"""For what is only polite: the reply to QUIT."""
STALL = 30.0
"""For the rest of the commands sent at once by a server that has answered the first.

Nothing has left by then, and saying them one by one on another connection does no harm.
"""
DETOUR = 10.0
"""For the network where there is another address to try."""
IDLE = 30.0
"""For something to do: a connection that has nothing makes room for others."""
