"""The languages, the post and the rendering that all tests of e-mails share."""

from collections.abc import Callable

from distribute.render.document import Email

TAGS = ("en", "pt-BR", "es", "fr", "zh", "tr", "ar", "de")
TEXT = "The whole post.\n"
Render = Callable[..., Email]
