"""Who receives, at the command line: in, out, and never back against their will."""

from pathlib import Path

from distribute.audience.store import Store
from tests.cli.conftest import Run


def test_explain_tells_all_about_one_person(run: Run, people: Path) -> None:
    """Wishes, verdict with its reason, and what was sent and when."""
    run("-C", people, "send", "5")
    document = run("-C", people, "--json", "explain", "RUI@example.org", "5").document
    assert document["verdict"]["edition"] == "pt-BR"
    assert "pt-PT" in document["verdict"]["reason"]
    (delivery,) = document["deliveries"]
    assert delivery["attempts"][-1]["outcome"] == "accepted"
    assert "pt-BR" in run("-C", people, "explain", "rui@example.org").out


def test_explaining_a_stranger_is_an_error(run: Run, small: Path) -> None:
    """Exit status 2, and where to look."""
    assert run("-C", small, "explain", "who@example.org").status == 2


def test_an_import_reports_bad_lines_and_goes_on(run: Run, letter: Path) -> None:
    """Exit status 1, the line's number, and the good ones are in."""
    file = letter / "small.csv"
    file.write_text("email,name\nada@example.org,Ada\nnobody,X\n", encoding="utf-8")
    answer = run("-C", letter, "audience", "import", file)
    assert answer.status == 1
    assert f"{file}:3: bad" in answer.out
    assert "1 added" in answer.out


def test_who_has_left_never_comes_back_by_an_import(run: Run, small: Path) -> None:
    """Whatever the file says."""
    run("-C", small, "audience", "remove", "rui@example.org")
    run("-C", small, "audience", "import", small / "subscribers.csv")
    listed = run("-C", small, "--json", "audience", "list").document["subscribers"]
    status = {p["email"]: p["status"] for p in listed}
    assert status["rui@example.org"] == "unsubscribed"


def test_nobody_joins_another_newsletter_by_mistake(run: Run, small: Path) -> None:
    """Not by hand, and not by an import, whoever names its database."""
    with Store.open(small / "distribute.db") as store:
        store.keep("newsletter", b"other.example.org,2026")
    for words in (
        ("add", "new@example.org"),
        ("import", small / "subscribers.csv"),
        ("import", "--dry-run", small / "subscribers.csv"),
    ):
        answer = run("-C", small, "audience", *words)
        assert (answer.status, "needs a database of its own" in answer.err) == (2, True)
    with Store.open(small / "distribute.db") as store:
        assert store.get("new@example.org") is None


def test_who_bounced_by_mistake_is_put_back_by_hand(run: Run, small: Path) -> None:
    """Not by an import, which says how; and not if they had left."""
    bounced = small / "bounced.csv"
    bounced.write_text(
        "email,status\nada@example.org,bounced\nrui@example.org,bounced\n", "utf-8"
    )
    run("-C", small, "audience", "add", "ada@example.org")
    run("-C", small, "audience", "remove", "rui@example.org")
    assert "2 updated" in run("-C", small, "audience", "import", bounced).out
    file = small / "people.csv"
    file.write_text("email\nada@example.org\n", "utf-8")
    kept_out = run("-C", small, "audience", "import", file).out
    assert "bounced: `distribute audience add` puts them back" in kept_out
    added = run("-C", small, "audience", "add", "ada@example.org").out
    assert "updated (had bounced, and is on the list again)" in added
    refused = run("-C", small, "audience", "add", "rui@example.org").out
    assert "kept out (unsubscribed: only they can come back)" in refused
    listed = run("-C", small, "--json", "audience", "list").document["subscribers"]
    status = {p["email"]: p["status"] for p in listed}
    assert (status["ada@example.org"], status["rui@example.org"]) == (
        "confirmed",
        "bounced",
    )


def test_an_export_is_what_an_import_reads(
    run: Run, small: Path, tmp_path: Path
) -> None:
    """Out and in again into an empty list: the same small, wishes and states."""
    out = run("-C", small, "audience", "export").out
    file, other = tmp_path / "out.csv", tmp_path / "other"
    file.write_text(out, encoding="utf-8", newline="")
    other.mkdir()
    (other / "distribute.toml").write_bytes((small / "distribute.toml").read_bytes())
    assert run("-C", other, "audience", "import", file).status == 0
    assert run("-C", other, "audience", "export").out == out


def test_a_dry_run_tells_and_changes_nothing(run: Run, small: Path) -> None:
    """Who would be new, what would change, and the counts of the real run."""
    file = small / "more.csv"
    text = "email,name,tags\nnew@example.org,New,fair\nrui@example.org,Rui V,\n"
    file.write_text(text, encoding="utf-8")
    before = run("-C", small, "audience", "export").out
    foreseen = run("-C", small, "audience", "import", "--dry-run", file).out
    assert "+ new@example.org" in foreseen
    assert "~ rui@example.org" in foreseen
    assert "name: Rui Ventura -> Rui V" in foreseen
    assert "1 added, 1 updated" in foreseen
    assert "Nothing has been changed" in foreseen
    assert run("-C", small, "audience", "export").out == before
    told = run("-C", small, "--json", "audience", "import", "--dry-run", file).document
    assert [each["is_new"] for each in told["differences"]] == [True, False]
    assert told["differences"][1]["changes"] == {
        "name": {"old": "Rui Ventura", "new": "Rui V"}
    }
    document = run("-C", small, "--json", "audience", "import", file).document
    assert (document["added"], document["updated"]) == (1, 1)


def test_a_dry_run_into_nothing_makes_no_database(run: Run, letter: Path) -> None:
    """The folder is as before."""
    file = letter / "small.csv"
    file.write_text("email\nada@example.org\n", encoding="utf-8")
    before = sorted(path.name for path in letter.iterdir())
    assert "1 added" in run("-C", letter, "audience", "import", "--dry-run", file).out
    assert sorted(path.name for path in letter.iterdir()) == before


def test_columns_tags_and_a_status_can_be_given(run: Run, letter: Path) -> None:
    """What the file does not say, the operator does."""
    file = letter / "fair.csv"
    file.write_text("Reader;Who\nada@example.org;Ada\n", encoding="utf-8")
    refused = run("-C", letter, "audience", "import", file)
    assert refused.status == 2
    run(
        *("-C", letter, "audience", "import", file, "--map", "Reader=email"),
        *("--map", "Who=name", "--tag", "Book Fair", "--status", "pending"),
    )
    listed = run("-C", letter, "--json", "audience", "export").document
    (person,) = listed["subscribers"]
    assert person["name"] == "Ada"
    assert person["tags"] == ["book-fair"]
    assert person["status"] == "pending"
    assert [each["act"] for each in person["consents"]] == ["imported"]


def test_json_lines_restore_a_list(run: Run, small: Path, tmp_path: Path) -> None:
    """Out and in again into an empty list: everything is as it was."""
    run("-C", small, "audience", "remove", "rui@example.org")
    out = run("-C", small, "audience", "export", "--format", "jsonl").out
    file, other = tmp_path / "out.jsonl", tmp_path / "other"
    file.write_text(out, encoding="utf-8", newline="")
    other.mkdir()
    (other / "distribute.toml").write_bytes((small / "distribute.toml").read_bytes())
    assert run("-C", other, "audience", "import", file).status == 0
    assert run("-C", other, "audience", "export", "--format", "jsonl").out == out
