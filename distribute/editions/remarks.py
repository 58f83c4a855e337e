"""Findings about what a post says, on the line where it says it."""

from distribute.finding import Finding, Severity
from distribute.posts.post import Post


def warn(post: Post, key: str, *, rule: str, message: str, hint: str) -> Finding:
    """Make a warning about a key of the front matter; about the file if it has no such."""
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        path=post.path,
        line=post.front_matter.lines.get(key, 0),
        message=message,
        hint=hint,
    )
