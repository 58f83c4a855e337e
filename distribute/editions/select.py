"""Which posts belong to the newsletter at all."""

from collections.abc import Collection

from distribute.posts.post import Post


def reason_to_leave_out(post: Post, select_tags: Collection[str]) -> str:
    """Say why a post is no issue: a draft, or without any of the tags; else nothing."""
    lines = post.front_matter.lines
    if post.front_matter.draft:
        line = lines.get("draft") or lines.get("published", 0)
        return f"a draft (line {line})" if line else "a draft"
    wanted = {tag.casefold() for tag in select_tags}
    if wanted and wanted.isdisjoint(tag.casefold() for tag in post.front_matter.tags):
        return f"not tagged {' or '.join(sorted(select_tags))}"
    return ""
