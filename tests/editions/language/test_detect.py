"""Guessing the language of a text."""

import math
import re
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distribute.editions.language.detect import _scores, _script_of, guess_language
from distribute.editions.language.stopwords import SCRIPT_RANGES, STOP_WORDS

TEXTS = {
    "en": "We have read a lot this week, and these are the papers that you should see.",
    "fr": "Nous avons beaucoup lu cette semaine, et voici les articles qui sont pour vous.",
    "es": "Hemos leído mucho esta semana, y estos son los artículos que hay para ti.",
    "pt": "Nós lemos muito esta semana, e estes são os artigos que você não pode perder.",
    "it": "Abbiamo letto molto questa settimana, e questi sono gli articoli che non "
    "si possono perdere nella lista.",
    "de": "Wir haben diese Woche viel gelesen, und das sind die Artikel für euch.",
    "nl": "Wij hebben deze week veel gelezen, en dit zijn de artikelen die je niet mag "
    "missen.",
    "tr": "Bu hafta çok okuduk ve sizin için bir liste yaptık, daha sonra da bu konu ile "
    "ilgili olarak yazacağız.",
    "pl": "W tym tygodniu dużo czytaliśmy i to są artykuły, które nie mogą się zgubić.",
    "sv": "Vi har läst mycket den här veckan och det är artiklar som inte ska glömmas.",
    "ru": "На этой неделе мы много читали, и вот статьи, которые не стоит пропускать.",
    "uk": "Цього тижня ми багато читали, і ось статті, які не варто пропускати, бо це "
    "цікаво та як завжди про все, що є в нас.",
    "ar": "قرأنا الكثير في هذا الأسبوع، وهذه هي المقالات التي لا بد من قراءتها.",
    "fa": "این هفته بسیار خواندیم و این مقاله‌ها را برای شما در یک فهرست آوردیم که خوب است.",
    "he": "השבוע קראנו הרבה, ואלה המאמרים של השבוע על מה שהיה.",
    "zh": "这个星期我们读了很多文章，也有新的发现，欢迎阅读。",
    "ja": "今週はたくさんの記事を読みました。次の一覧をご覧ください。",
    "ko": "이번 주에는 많은 글을 읽었습니다. 다음 목록을 보세요.",
    "el": "Αυτή την εβδομάδα διαβάσαμε πολλά και αυτά είναι τα άρθρα.",
    "hi": "इस सप्ताह हमने बहुत पढ़ा और यह उन लेखों की सूची है जो आप के लिए हैं।",
}


@pytest.mark.parametrize("language", TEXTS)
def test_languages_are_told_by_script_and_small_words(language: str) -> None:
    """A few sentences are enough to be sure."""
    guess = guess_language(TEXTS[language] + " " + TEXTS[language])
    assert guess is not None
    assert (guess.primary, guess.is_sure) == (language, True)


def test_product_names_do_not_make_chinese_english() -> None:
    """Latin names in a Chinese text do not count for much."""
    text = "我们介绍 TensorFlow、PyTorch 和 Transformers 等工具，它们可以帮助训练模型。"
    guess = guess_language(text)
    assert guess is not None
    assert (guess.primary, guess.script) == ("zh", "Hans")


def test_the_two_chinese_scripts() -> None:
    """Characters that only one of them has decide."""
    guess = guess_language("這個星期我們讀了很多文章，也有新的發現。")
    assert guess is not None
    assert guess.script == "Hant"


@pytest.mark.parametrize("text", ["", "12 34 !?", "GPT BERT ELMo", "Hello Turing"])
def test_nothing_to_go_by(text: str) -> None:
    """Without small words there is no certainty."""
    guess = guess_language(text)
    assert guess is None or not guess.is_sure


def test_a_configured_language_wins_against_a_close_relative() -> None:
    """Danish and Norwegian differ little; the newsletter's own language is likelier."""
    text = "Det er en liste med det som vi har lest for dere, og det er ikke alt som er med."
    guess = guess_language(text, among={"da"})
    assert guess is not None
    assert guess.primary == "da"


def test_a_script_without_small_words_leaves_a_choice() -> None:
    """One word of Cyrillic is Cyrillic, and the newsletter's own language is likelier."""
    guess = guess_language("Борщ", among={"uk"})
    assert guess is not None
    assert (guess.primary, guess.script, guess.is_sure) == ("uk", "Cyrl", False)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_guess_or_none(text: str) -> None:
    """Guessing never fails, and gives a primary language."""
    guess = guess_language(text)
    assert guess is None or guess.primary.isalpha()


def test_long_texts_cost_little() -> None:
    """Time grows with the length of the text and no faster."""
    started = time.process_time()
    guess_language("the of and " * 20_000)
    assert time.process_time() - started < 20


@settings(max_examples=50, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["the", "la", "de", "que", "und", "в", "и", "中", "xyzzy"])
    )
)
def test_a_small_word_counts_less_the_more_languages_share_it(words: list[str]) -> None:
    """Each language gets every occurrence of its words, divided by the root of how many."""
    counted = Counter(words)
    sharers = Counter(word for theirs in STOP_WORDS.values() for word in theirs)
    assert _scores(counted, tuple(STOP_WORDS)) == {
        language: math.fsum(counted[w] / math.sqrt(sharers[w]) for w in theirs)
        for language, theirs in STOP_WORDS.items()
    }


@settings(max_examples=200, deadline=None)
@given(letter=st.characters() | st.sampled_from("".join(SCRIPT_RANGES.values())))
def test_a_letter_is_of_the_script_in_whose_ranges_it_lies(letter: str) -> None:
    """First and last letter of a range as well; all others are of none."""
    scripts = [
        s for s, ranges in SCRIPT_RANGES.items() if re.match(f"[{ranges}]", letter)
    ]
    assert [_script_of(letter)] == (scripts or [""])
