"""Send and publish a newsletter that is written as Markdown in git, in several languages.

The house, from the street to the roof. What a stage makes is the next one's material:

::

      pure: no clock, no disk, no socket, no randomness             edge
    posts -> editions -> render -+-> feeds ------------------> web --> out/site/ | serve
                                 |                              |
                                 |  audience <-- joins, leaves -+
                                 |     |
                                 |     v   plan, message, run    ledger (SQLite, PostgreSQL)
                                 +-> campaign ---------------> sinks --> SMTP | out/mail/
                                       ^                        |
                                       +----- what comes back --+ <-- Maildir, mbox, IMAP

posts
    Files become posts: what the author wrote, repaired where damaged, nothing guessed.
editions
    Posts become editions: language, issue, date and address are decided, each
    with its reason; translations are grouped into issues.
render
    Editions become content (a clean HTML fragment and plain text), pages and e-mails.
feeds
    Editions become RSS, Atom and JSON feeds, one set per language.
audience
    Who receives: subscribers and what they consented to; how they come, by a file
    (``intake``) or by themselves (``reception``), choose and leave; and who must never be
    written to (``suppression``). The ``database`` is opened here: a file of SQLite, or a
    server of PostgreSQL that is spoken to in the same words.
campaign
    Editions and audience become deliveries: the ``plan``, the ``message``, the ``run``,
    the ``ledger``; also for what is late or corrected. Whoever works on a campaign has it
    in ``custody``. What comes back is read and judged here (``returned``). A ``fleet`` of
    workers on many machines sends with the same engine, batch by batch: what holds them
    together is a fence on each batch, in the database that they share.
sinks
    Where messages go: SMTP, a folder, memory. A sink sees an envelope and bytes. And
    where they come back to: the inbox.
web
    The public side: the site and its files, and what answers people who join, choose
    and leave; and what only its makers see, the preview.
checks
    A proof of each edition, as readers will get it, and everything that is wrong with it:
    findings with file, line and column, each by a rule that says why and how to mend it.
config
    ``distribute.toml`` becomes the settings that each stage defines for itself.
cli
    The only place that prints, exits, reads the clock or the environment: a module for
    each command, and a package for what some of them have in common.

Imports run downwards only, and ``lint-imports`` proves it:
``cli > config > sinks | web > checks > campaign > feeds | audience > render >
editions > posts > language | mailbox | finding > errors``.

Three rules hold the house together. *Types first*: each stage opens with a module of
frozen values that need no library. *Decide, then do*: decisions are pure functions that
take ``now`` and give reasons, so a dry run is just another sink. *One door*: each
third-party library has a place, most often one module, where alone it is imported and
where its traps are known and tested.
"""
