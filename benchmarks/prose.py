"""Invented posts in several languages, as long as one wishes, always the same."""

from collections.abc import Iterator

_WORDS = {
    "en": "harbour lantern gravel quietly carries above seven the of ladder morning"
    " kettle between slow rivers tells a copper window under almost bread sings",
    "fr": "forêt légère derrière chaque été la rivière où brûle même une lampe à côté"
    " déjà très tôt des fenêtres ouvertes café près théâtre naïve",
    "pt-BR": "manhã coração então você estação três canções pão não avó rua há água"
    " também ilhas saudação janela de um até lições amanhã o relógio",
    "zh": "月光 河岸 慢慢 窗前 清晨 灯火 旧书 我们 看见 远山 茶香 一起 走过 石桥 听雨 晚风"
    " 的 了 在 花园 邻居 小城 写信 故事",
    "ar": "نهر بطيء نافذة الصباح قارب صغير فوق الجسر حكاية قديمة ضوء بعيد خبز وشاي"
    " شارع هادئ مطر خفيف صديق يكتب رسالة إلى المدينة",
}
LANGUAGES = ("en", "fr", "pt-BR", "zh")
"""Of the newsletter that is sent; the first is its default."""
ALL_LANGUAGES = tuple(_WORDS)
"""Of the newsletter that is built, which has one more."""

_SENTENCE = (7, 12, 9, 15, 10, 8, 13)
"""How many words sentences have, over and over."""


def post(language: str, sections: int, which: int = 0) -> str:
    """Write a Markdown text of so many sections, about 900 characters each.

    No two texts say the same, if they have different numbers.
    """
    said = _Speaker(language, which)
    return "\n\n".join(
        block for number in range(sections) for block in _section(said, number)
    )


class _Speaker:
    """Says one sentence after the other; which words come is plain arithmetic."""

    def __init__(self, language: str, which: int) -> None:
        self._words = _WORDS[language].split()
        self._space = "" if language == "zh" else " "
        self._stop = "。" if language == "zh" else "."
        self._which = which
        self._place = 0
        self._sentences = 0

    def sentence(self) -> str:
        length = _SENTENCE[self._sentences % len(_SENTENCE)]
        self._sentences += 1
        words = [self._word() for _ in range(length)]
        return self._space.join(words).capitalize() + self._stop

    def sentences(self, count: int) -> str:
        return self._space.join(self.sentence() for _ in range(count))

    def _word(self) -> str:
        self._place += 1
        strides = self._place * (self._place + self._which) // (3 + self._which)
        return self._words[strides % len(self._words)]

    def page(self, section: int) -> str:
        """Give an address that no other section of any text refers to."""
        which = f"{self._which}/" if self._which else ""
        return f"https://reading.example.org/{which}{section}"


def _section(said: _Speaker, number: int) -> Iterator[str]:
    yield f"## {said.sentence()}"
    yield (
        f"{said.sentences(3)} **{said.sentence()}** {said.sentences(2)}"
        f" [{said.sentence()}]({said.page(number)}) {said.sentence()}"
    )
    yield "\n".join(f"- {said.sentence()}" for _ in range(3))
    yield f"{said.sentences(4)} *{said.sentence()}* {said.sentence()}"
