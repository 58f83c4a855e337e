"""The id of a delivery is found where machines copy it, and nowhere else."""

import pytest

from distribute.campaign.returned.header import read_header
from distribute.campaign.returned.verp import (
    Ours,
    answered_delivery,
    envelope_delivery,
    envelope_id_delivery,
    returned_delivery,
)
from distribute.mailbox import Mailbox

ID = "2cf24dba5fb0a30e26e83b2a"
OURS = Ours(Mailbox("Bounces@bücher.example"), frozenset({"news.example.org"}))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"bounces+{ID}@bücher.example", ID),
        (f"<BOUNCES+{ID.upper()}@xn--bcher-kva.example>", ID),
        (f"prvs=0123456789=bounces+{ID}@bücher.example", ID),
        (f"bounces+{ID}@other.example", ""),
        (f"bounces+{ID}x@bücher.example", ""),
        (f"others+{ID}@bücher.example", ""),
        ("bounces@bücher.example", ""),
        (f"bounces+{ID}@bücher.example.evil.example", ""),
    ],
)
def test_an_envelope_address_shows_the_id(address: str, found: str) -> None:
    """Behind the plus of our own address for bounces, in either form of its domain."""
    assert OURS.in_address(address) == found


@pytest.mark.parametrize(
    "field",
    [
        "Delivered-To: {}",
        "X-Original-To: {}",
        "Envelope-To: {}",
        "To: Bounces <{}>",
        "Received: from mx (mx [192.0.2.1]) by mail with ESMTP id 1\n\tfor <{}>; Fri",
    ],
)
def test_it_is_found_wherever_servers_write_whom_they_took_it_for(field: str) -> None:
    """Also where To names somebody else."""
    written = field.format(f"bounces+{ID}@bücher.example")
    header = read_header(f"To: someone@example.org\n{written}".encode())

    assert envelope_delivery(header, OURS) == ID


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (f"Message-ID: <7-pt-br.{ID}@news.example.org>", ID),
        (f"Message-Id: <7-pt-br.{ID}@NEWS.example.org>", ID),
        (f"Message-ID: <7-pt-br.{ID}@elsewhere.example>", ""),
        (f"Message-ID: <{ID}@news.example.org>", ""),
        (f"Return-Path: <bounces+{ID}@bücher.example>", ID),
        (f"List-Unsubscribe: <mailto:n@x.example?subject=unsubscribe%20{ID}>", ID),
        (f"Subject: unsubscribe {ID}", ""),
        (f"X-Note: <7-en.{ID}@news.example.org>", ""),
    ],
)
def test_a_returned_header_shows_the_id(field: str, found: str) -> None:
    """In the fields that we wrote, not in what others may write."""
    assert returned_delivery(read_header(field.encode()), OURS) == found


def test_without_domains_the_id_alone_is_enough() -> None:
    """It cannot be guessed, whatever domain stands behind it."""
    ours = Ours(Mailbox("bounces@example.org"))

    assert ours.in_message_id(f"<x@y> <7-en.{ID}@anywhere.example>") == ID


def test_an_answer_shows_which_letter_it_answers() -> None:
    """By In-Reply-To or References."""
    header = read_header(f"References: <a@b>\n <7-en.{ID}@news.example.org>".encode())

    assert answered_delivery(header, OURS) == ID


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (ID, ID),
        (f"7/en/{ID}", ID),
        (f"7+2Fen+2F{ID}", ID),
        (f"7.en.{ID}", ID),
        (f"{ID}0", ""),
        ("", ""),
    ],
)
def test_an_envelope_id_shows_the_id(value: str, found: str) -> None:
    """Alone, behind issue and language, and also where xtext was left in it."""
    assert envelope_id_delivery(value) == found
