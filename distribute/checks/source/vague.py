"""Words that say nothing of what a link leads to, in the languages that we know: data.

What is listed is compared as a whole, in lower case and without the punctuation around it;
never as a part of what somebody wrote. Nouns such as "paper" or "video" are not here: they
say little, but they say what is there.
"""

from collections.abc import Mapping

VAGUE: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split("|"))
    for language, words in {
        "en": "here|click|click here|click this|click this link|tap here|this|this link"
        "|this page|this one|link|links|the link|link here|more|read more|see more"
        "|learn more|find out more|more here|read here|read it here|see here|check here"
        "|check it out|check it out here|go here|view here|over here|right here|source"
        "|sources|the source|image source|img source|figure source|picture source"
        "|photo source|source here|details|more details|more info|more information|info"
        "|continue|continue reading|url|it|that|there|via",
        "fr": "ici|cliquer ici|cliquez ici|cliquez|par ici|juste ici|là|ce lien|lien"
        "|liens|le lien|lien ici|cette page|voir|voir ici|voir plus|lire|lire ici"
        "|lire plus|lire la suite|la suite|suite|plus|en savoir plus|plus d'infos"
        "|plus d'informations|plus d’infos|plus d’informations|source|sources|la source"
        "|source image|source de l'image|source de l’image|détails|plus de détails|url",
        "pt": "aqui|clique aqui|clicando aqui|clique|neste link|nesse link|este link"
        "|esse link|link|links|o link|link aqui|mais|leia mais|ler mais|saiba mais"
        "|saber mais|veja mais|ver mais|veja aqui|leia aqui|veja|mais informações"
        "|mais detalhes|detalhes|fonte|fontes|a fonte|fonte da imagem|esta página"
        "|essa página|url|continue lendo",
        "es": "aquí|aqui|haz clic aquí|haga clic aquí|clic aquí|pulsa aquí|pinche aquí"
        "|este enlace|este link|enlace|enlaces|el enlace|link|links|más|leer más"
        "|lee más|ver más|saber más|más información|más detalles|detalles|sigue leyendo"
        "|seguir leyendo|ver aquí|leer aquí|esta página|fuente|fuentes|la fuente"
        "|fuente de la imagen|url",
        "tr": "burada|buradan|buraya|burası|buradaki|bu|bunu|şurada|şuradan|şuraya"
        "|tıkla|tıklayın|tıklayınız|buraya tıkla|buraya tıklayın|buraya tıklayınız"
        "|buradan ulaşabilirsiniz|bağlantı|bu bağlantı|bu bağlantıda|bağlantıda|link"
        "|linkte|bu link|bu linkten|bu linkte|devamı|devamını oku|daha fazla"
        "|daha fazlası|daha fazla bilgi|detaylar|ayrıntılar|kaynak|kaynaklar"
        "|görsel kaynağı|bu sayfa|url",
        "zh": "这里|這裡|這裏|此处|此處|这儿|点击|點擊|点击这里|點擊這裡|点击此处|點擊此處"
        "|点此|點此|点这里|點這裡|戳这里|戳我|猛戳|在这里|在這裡|这|這|此|链接|連結|鏈接"
        "|此链接|该链接|这个链接|這個連結|链接在此|更多|查看更多|了解更多|瞭解更多|阅读更多"
        "|閱讀更多|更多信息|更多資訊|详情|詳情|查看详情|来源|來源|图片来源|圖片來源|出处"
        "|出處|原文|原文链接|阅读原文|网址|網址|source|here|link|url",
        "ar": "هنا|من هنا|هناك|اضغط|اضغط هنا|انقر|انقر هنا|إضغط هنا|أنقر هنا|عبر هذا الرابط"
        "|هذا الرابط|الرابط|رابط|الروابط|على هذا الرابط|المزيد|للمزيد|اقرأ المزيد"
        "|إقرأ المزيد|معرفة المزيد|مزيد من المعلومات|لمزيد من المعلومات|تفاصيل|التفاصيل"
        "|المصدر|مصدر|مصدر الصورة|هذه الصفحة|تابع القراءة",
        "de": "hier|hier klicken|klick|klicken|klicken sie hier|klick hier|dieser link"
        "|diesem link|diesen link|link|links|der link|mehr|mehr lesen|mehr dazu"
        "|mehr erfahren|weiterlesen|weiter|weitere informationen|mehr informationen"
        "|mehr infos|details|quelle|quellen|die quelle|bildquelle|dort|diese seite|url",
        "it": "qui|clicca qui|cliccando qui|clicca|questo link|link|il link|altro|di più"
        "|leggi|leggi di più|leggi tutto|scopri di più|per saperne di più"
        "|maggiori informazioni|continua a leggere|continua|dettagli|fonte|fonti"
        "|la fonte|questa pagina|qua|url",
        "nl": "hier|klik hier|klik|deze link|link|de link|meer|lees meer|meer lezen"
        "|meer informatie|meer info|lees verder|verder lezen|details|bron|bronnen"
        "|de bron|deze pagina|url",
        "pl": "tutaj|tu|kliknij|kliknij tutaj|kliknij tu|ten link|link|więcej"
        "|czytaj więcej|czytaj dalej|dowiedz się więcej|szczegóły|źródło|źródła"
        "|ta strona|url",
        "ru": "здесь|тут|сюда|нажмите|нажмите здесь|нажмите сюда|по ссылке"
        "|по этой ссылке|эта ссылка|ссылка|ссылке|ссылки|подробнее|подробности|далее"
        "|читать|читать далее|читать дальше|узнать больше|больше|источник|источники"
        "|эта страница",
        "uk": "тут|сюди|натисніть|натисніть тут|за посиланням|за цим посиланням"
        "|посилання|докладніше|детальніше|далі|читати далі|джерело|джерела",
        "ja": "こちら|ここ|こちらから|ここから|こちらへ|こちらをクリック|ここをクリック|クリック"
        "|リンク|このリンク|リンクはこちら|詳細|詳細はこちら|詳しくはこちら|続きを読む|続き|もっと"
        "|もっと見る|もっと読む|出典|ソース|元記事|原文",
        "ko": "여기|여기서|여기를|여기에서|여기를 클릭|여기를 클릭하세요|클릭|링크|이 링크|더 보기"
        "|더보기|자세히|자세히 보기|더 읽기|계속 읽기|출처|원문",
        "fa": "اینجا|این‌جا|از اینجا|کلیک کنید|اینجا کلیک کنید|لینک|این لینک|پیوند|این پیوند"
        "|بیشتر|ادامه|ادامه مطلب|بیشتر بخوانید|منبع|منابع|جزئیات",
        "he": "כאן|פה|לחצו כאן|לחץ כאן|לחצו|קישור|הקישור|בקישור|עוד|קרא עוד|קראו עוד"
        "|למידע נוסף|מקור|המקור|פרטים",
        "hi": "यहाँ|यहां|यहाँ क्लिक करें|यहां क्लिक करें|क्लिक करें|लिंक|यह लिंक|और|और पढ़ें|अधिक"
        "|अधिक जानकारी|स्रोत",
        "id": "di sini|disini|klik|klik di sini|klik disini|tautan|tautan ini|link|link ini"
        "|selengkapnya|baca selengkapnya|lebih lanjut|sumber",
        "vi": "tại đây|ở đây|đây|nhấn vào đây|bấm vào đây|liên kết|xem thêm|đọc thêm|nguồn",
        "sv": "här|klicka här|klicka|den här länken|länk|länken|mer|läs mer|mer information"
        "|källa|källor",
        "da": "her|klik her|klik|dette link|link|mere|læs mere|mere information|kilde"
        "|kilder",
        "nb": "her|klikk her|klikk|denne lenken|lenke|lenken|mer|les mer|mer informasjon"
        "|kilde|kilder",
        "fi": "tässä|täällä|tästä|klikkaa|klikkaa tästä|klikkaa tähän|linkki|lisää"
        "|lue lisää|lisätietoja|lähde|lähteet",
        "cs": "zde|tady|klikněte|klikněte zde|tento odkaz|odkaz|více|číst více|číst dál"
        "|více informací|zdroj|zdroje",
        "el": "εδώ|πατήστε εδώ|κλικ εδώ|σύνδεσμος|περισσότερα|διαβάστε περισσότερα|πηγή",
        "hu": "itt|ide|kattintson ide|kattints ide|ez a link|link|tovább|bővebben"
        "|több|részletek|forrás",
        "ro": "aici|click aici|clic aici|acest link|link|mai mult|mai multe|citește"
        "|citește mai mult|citește mai multe|detalii|sursa|sursă",
        "th": "ที่นี่|คลิก|คลิกที่นี่|ลิงก์|ลิงค์|เพิ่มเติม|อ่านเพิ่มเติม|อ่านต่อ|แหล่งที่มา|ที่มา",
        "ca": "aquí|clica aquí|feu clic aquí|aquest enllaç|enllaç|més|llegir més"
        "|més informació|font|fonts",
    }.items()
}
"""Whole texts of links by primary language subtag, in lower case."""
