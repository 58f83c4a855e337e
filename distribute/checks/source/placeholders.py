"""What editors write where an alternative text belongs, in many languages: plain data."""

from collections.abc import Mapping

_BY_LANGUAGE: Mapping[str, str] = {
    "en": "alt|alt text|alt txt|alt-text|alternate text|alternative text|img|img txt"
    "|img text|image|image alt text|image description|enter image description here"
    "|an image|picture|a picture|photo|screenshot|figure|graphic|graphics|placeholder"
    "|untitled|unnamed|description|text|tbd|test|drawing|thumbnail|cover|banner"
    "|logo image|insert image description|insert image description here"
    "|image not found",
    "de": "bild|foto|grafik|abbildung|alternativtext|bildbeschreibung",
    "fr": "texte alternatif|capture d'écran|capture d’écran|illustration",
    "pt": "imagem|figura|texto alternativo|descrição da imagem"
    "|insira a descrição da imagem",
    "es": "imagen|descripción de la imagen|captura|captura de pantalla",
    "it": "immagine|testo alternativo",
    "tr": "resim|görsel|fotoğraf|alternatif metin|resim açıklaması|ekran görüntüsü|şekil",
    "zh": "在这里插入图片描述|在這裡插入圖片描述|图片|圖片|图像|圖像|图片描述|圖片描述|截图|截圖|插图|图",
    "ar": "صورة|الصورة|نص بديل|وصف الصورة",
    "ru": "изображение|картинка|рисунок|фото",
    "ja": "画像|写真|図|代替テキスト",
    "ko": "이미지|사진|그림|대체 텍스트",
}

PLACEHOLDERS = frozenset(
    word for words in _BY_LANGUAGE.values() for word in words.split("|")
)
"""Whole alternative texts, in lower case and without punctuation around; whatever the
language of a post, its author's editor may speak another."""
