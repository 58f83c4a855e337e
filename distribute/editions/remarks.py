"""Findings about what a post says, on the line where it says it."""

from distribute.finding import Finding, Severity
from distribute.posts.post import Post


def warn(
    post: Post, key: str, *, rule: str, message: str, hint: str, words: str = ""
) -> Finding:
    """Make a warning about a key of the front matter; about the file if it has no such.

    `words` are what it is about, as they are written there; else it is about the key.
    """
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        path=post.path,
        line=post.front_matter.lines.get(key, 0),
        message=message,
        hint=hint,
        words=words or _as_written(post, key),
    )


def _as_written(post: Post, key: str) -> str:
    """Give the name under which the post has a key; some have two in its lines."""
    lines = post.front_matter.lines
    names = [name for name, line in lines.items() if line == lines.get(key)]
    return next((name for name in names if name != key), key) if names else ""
