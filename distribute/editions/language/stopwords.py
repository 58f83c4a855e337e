"""Which script and which small words each language is written with: plain data."""

from collections.abc import Mapping

STOP_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "bg": "и на в не за се от да е с по са като той тя това която който ще беше",
        "be": "і ў на не з што да як гэта па для ад яго але ён яна калі каб таксама",
        "ca": "el la els les de del i a en un una que és per amb als pel però com més "
        "no seu seva aquest aquesta són hem també perquè nous",
        "cs": "a v se na je že s z do o k jako pro to i které který jsou jsme nebo ale "
        "od při také této tento jeho byl ze po si až už kde",
        "da": "og i at det en den til er som på de med han af for ikke der var mig sig "
        "men et har om vi havde fra også blev kan nu efter eller når over bliver denne",
        "de": "der die das und ist in den von zu mit sich des auf für nicht ein eine "
        "dem auch es an werden aus er hat dass sie nach wird bei einer einem wir über "
        "als oder wie noch nur haben kann diese dieser zum zur ihre sind",
        "en": "the of and to a in that is for it with as was on be by this are from or "
        "at an which have has not can their we will but they also about these how "
        "more you our new been who its were into using such what your than some",
        "es": "el la de que y en los del se las por un para con una su al lo como más "
        "pero sus o este esta sobre entre cuando muy sin también me hasta hay donde "
        "desde nos son es fue ha estos estas puede así ser están edición",
        "et": "ja on et ei see oli ka kui mis oma aga kes seda nii selle või ning tema "
        "mida siis nagu veel meie",
        "eu": "eta da ez dute bat ere du baina den izan zuen egin hau dira edo dela",
        "fi": "ja on ei se että oli hän ovat myös mutta kun joka tai jos niin kuin ole "
        "sen tämä mitä sekä olla voi ovat mukaan vain",
        "fr": "le la les de des du et en un une que qui est pour dans par sur pas plus "
        "avec ce cette ces sont au aux ou il elle nous vous se leur mais comme ont être "
        "été sa son ses d l qu c n s même aussi entre peut afin ainsi",
        "ga": "agus an na ar go le is bhí do sé ag ach nó mar sin tá níl seo",
        "gl": "o a os as de do da dos das e en que un unha para con non se por máis é "
        "como ao á polo pola seu súa tamén pero sobre foi nos mais moi",
        "hr": "i je u na se da za su od s ne o kao iz što to bi koji koja koje ali ili "
        "po više te nije bio može samo ovaj",
        "hu": "a az és hogy nem is egy ez meg de csak már volt mint van vagy ki fel "
        "azt még el ezt minden le után lesz kell",
        "id": "yang dan di dengan untuk ini dari dalam itu pada adalah tidak akan ke "
        "juga oleh atau kami mereka ada bisa saya telah lebih kita sebagai para",
        "is": "og að er í á sem það við um ekki með til var en af því hann þetta",
        "it": "il di che e la per un in non è una sono del si con della i le da nel "
        "alla gli come più dei anche lo questo ma delle al ha su dal questa o se ci "
        "nella degli cui essere stato",
        "lt": "ir yra kad į su iš tai kaip buvo bet apie ar jis dėl nuo per ne tik",
        "lv": "un ir ka uz ar no par kas tas bet tika vai arī viņš kā pēc pie lai",
        "mk": "и на во не за се од да е со по како тоа која кој ќе беше но или",
        "nb": "og i det på som er en til å av for at med har ikke den de var et om vi "
        "men fra han jeg så blir eller også kan hvordan denne etter etterhvert noen "
        "hva mer skal bare dette",
        "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als "
        "maar bij hij door uit naar ze dit wordt nog wel over kan wij deze heeft dan "
        "meer of werd worden onze",
        "pl": "i w nie na się z to że do jest o jak ale po co za od dla przez są tym "
        "ten tego także jego ich może czy już oraz być który które",
        "pt": "o a os as de do da dos das e em no na nos nas que um uma para com não "
        "se por mais é como ao à pelo pela seu sua também foi são ou mas entre sobre "
        "essa esse esta este isso você ser até quando muito edição",
        "ro": "și de la în a o pe cu un să nu este din că pentru care mai ce sunt dar "
        "fi au sau prin ca fost această se al",
        "ru": "и в не на что с по это как но за к от для из он она они мы его так же у "
        "или также был было бы при который которые чтобы если",
        "sk": "a v sa na je že s z do o k ako pre to aj ktoré ktorý sú sme alebo ale "
        "od pri tiež tento jeho bol zo po si až už kde",
        "sl": "in je v na se da za so s z ki ne bi tudi pa kot po iz ali ter ob še",
        "sq": "dhe në të e i për me një që nga është ka por si më nuk ishte janë",
        "sr": "и је у на се да за су од с не о као из што то би који која које али или",
        "sv": "och i att det som en på är av för med den till inte har de om ett han "
        "men var jag från vi så kan när eller ska också efter vid sin dessa mer hur",
        "sw": "na ya wa kwa ni katika za la kama hii hiyo cha yake wake kuwa lakini",
        "tr": "ve bir bu da de için ile olarak çok daha olan gibi en ne ise kadar o "
        "ancak sonra ya her değil ki veya üzerinde şekilde göre olduğunu tarafından "
        "ilgili sayı bunun",
        "uk": "і в не на що з та це як але за до від для у він вона вони ми його так ж "
        "або також був було при який які щоб якщо про й",
        "vi": "và của là có cho không một các được trong với này những đã để người về "
        "khi từ như cũng ra",
        "ar": "في من على إلى أن التي هذا هذه عن مع الذي كما أو قد كان ما لا بين ذلك "
        "بعد حول تم هو هي كل",
        "fa": "و در به از که این را با است برای آن یک می تا بر خود هم ها شود کرد بود",
        "ur": "اور کے میں کی ہے کا سے کو پر نے یہ کہ ہیں ایک اس بھی تھا جو کر لیے",
        "hi": "और के में की है का से को पर ने यह कि हैं एक इस भी था जो कर लिए नहीं",
        "mr": "आणि आहे या मध्ये हे ते एक च्या आहेत होते करण्यात असे ही व तर",
        "ne": "र को छ मा लाई यो हो का पनि एक गर्न भएको हुन्छ ले गरेको",
        "he": "של את על לא זה הוא עם כי גם או אם היא כל אני אבל יש מה היה",
        "yi": "און דער די אין פֿון איז צו אַז אַ מיט דאָס ניט",
    }.items()
}
"""Small words by primary language subtag, in lower case."""

SCRIPT_LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "Cyrl": ("ru", "uk", "be", "bg", "sr", "mk"),
    "Arab": ("ar", "fa", "ur"),
    "Deva": ("hi", "mr", "ne"),
    "Hebr": ("he", "yi"),
    "Hani": ("zh",),
    "Kana": ("ja",),
    "Hang": ("ko",),
    "Grek": ("el",),
    "Armn": ("hy",),
    "Geor": ("ka",),
    "Thai": ("th",),
    "Laoo": ("lo",),
    "Khmr": ("km",),
    "Mymr": ("my",),
    "Sinh": ("si",),
    "Beng": ("bn",),
    "Taml": ("ta",),
    "Telu": ("te",),
    "Knda": ("kn",),
    "Mlym": ("ml",),
    "Gujr": ("gu",),
    "Guru": ("pa",),
    "Ethi": ("am",),
}
"""Languages written in each script other than Latin (ISO 15924), likeliest first."""

SCRIPT_RANGES: Mapping[str, str] = {
    "Cyrl": "\u0400-\u052f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Deva": "\u0900-\u097f",
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "Kana": "\u3041-\u30ff\uff66-\uff9f",
    "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Armn": "\u0530-\u058f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf",
    "Thai": "\u0e00-\u0e7f",
    "Laoo": "\u0e80-\u0eff",
    "Khmr": "\u1780-\u17ff",
    "Mymr": "\u1000-\u109f",
    "Sinh": "\u0d80-\u0dff",
    "Beng": "\u0980-\u09ff",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Knda": "\u0c80-\u0cff",
    "Mlym": "\u0d00-\u0d7f",
    "Gujr": "\u0a80-\u0aff",
    "Guru": "\u0a00-\u0a7f",
    "Ethi": "\u1200-\u139f",
}
"""The letters of each script, as the inside of a character class."""

SIMPLIFIED = frozenset(
    "们这说为会对时国过还进动现发经无实个学习训练语数据开来种应关点样"
)
TRADITIONAL = frozenset(
    "們這說為會對時國過還進動現發經無實個學習訓練語數據開來種應關點樣"
)
"""Frequent characters in which the two Chinese scripts differ."""

CLOSE_KIN: Mapping[str, str] = {"no": "nb", "nn": "nb", "bs": "hr", "ms": "id"}
"""Languages told apart by a label, not by small words."""
