"""The ethnicity column of a students' file: codes or usual words, kept as the main code in a table of its own."""

import re

from exchange.book import Book
from exchange.tables import Row
from exchange.values import BadValue, clean, squeezed
from students.enums import EthnicCode, EthnicSource
from students.models import Ethnicity, Student

# Finer codes a local authority may use (CBDS extended list), and the Welsh side of it, under the main code.
FINER = {
    "WBRI": "WCOR WENG WSCO WWEL WOWB",
    "WROM": "WROG WROR WROO",
    "WOTH": "WALB WBOS WCRO WGRE WGRC WGRK WITA WKOS WPOR WSER WTUR WTUK WTUC WEUR WEEU WWEU WOTW",
    "MWAS": "MWAP MWAI MWAO",
    "MOTH": "MAOE MABL MACH MBOE MBCH MCOE MWOE MWCH MOTM",
    "APKN": "AMPK AKPA AOPK",
    "AOTH": "AAFR AKAO ANEP ASNL ASLT ASRO AOTA ABRI AWEL",
    "BAFR": "BANN BCON BGHA BNGN BSLN BSOM BSUD BAOF",
    "BOTH": "BEUR BNAM BOTB BBRI BWEL",
    "CHNE": "CHKC CMAL CSNG CTWN COCH",
    "OOTH": "OAFG OARA OEGY OFIL OIRN OIRQ OJPN OKOR OKRD OLAM OLEB OLIB OMAL OMRC OPOL OTHA OVIE OYEM OOEG",
}
# As the systems of schools write them, beside the labels themselves; letters only.
WORDS = {
    "WBRI": "whitebritish british whiteenglish english whiteenglishwelshscottishnorthernirishorbritish"
    " whiteenglishwelshscottishnorthernirishbritish",
    "WIRI": "whiteirish irish",
    "WIRT": "travellerofirishheritage whitetravellerofirishheritage irishtraveller whiteirishtraveller",
    "WROM": "gypsyroma whitegypsyroma gypsy roma romany gypsyorroma whitegypsy whiteroma",
    "WOTH": "anyotherwhitebackground whiteanyotherwhitebackground whiteother otherwhite whiteanyother"
    " otherwhitebackground whiteeuropean whiteanyotherbackground whiteotherwhitebackground",
    "MWBC": "whiteandblackcaribbean mixedwhiteandblackcaribbean mixedwhiteblackcaribbean whiteblackcaribbean",
    "MWBA": "whiteandblackafrican mixedwhiteandblackafrican mixedwhiteblackafrican whiteblackafrican",
    "MWAS": "whiteandasian mixedwhiteandasian mixedwhiteasian whiteasian",
    "MOTH": "anyothermixedbackground mixedanyothermixedbackground mixedother othermixed mixedanyotherbackground"
    " othermixedbackground anyothermixedormultipleethnicbackground mixedothermixedbackground",
    "AIND": "indian asianindian asianorasianbritishindian",
    "APKN": "pakistani asianpakistani asianorasianbritishpakistani",
    "ABAN": "bangladeshi asianbangladeshi asianorasianbritishbangladeshi",
    "AOTH": "anyotherasianbackground asianother otherasian asianorasianbritishanyotherasianbackground"
    " asiananyotherasianbackground otherasianbackground asianotherasianbackground",
    "BCRB": "blackcaribbean caribbean blackorblackbritishcaribbean blackblackcaribbean",
    "BAFR": "blackafrican african blackorblackbritishafrican blackblackafrican",
    "BOTH": "anyotherblackbackground blackother otherblack blackorblackbritishanyotherblackbackground"
    " blackanyotherblackbackground otherblackbackground blackotherblackbackground",
    "CHNE": "chinese asianchinese asianorasianbritishchinese",
    "OOTH": "anyotherethnicgroup otherethnicgroup anyotherethnicbackground other",
    "REFU": "refused refusal declined prefernottosay notdisclosed withheld",
    "NOBT": "informationnotyetobtained notyetobtained notobtained informationnotobtained unknown notknown"
    " notrecorded notstated notspecified",
}
CODES = {code: code for code in EthnicCode.values} | {
    finer: code for code, several in FINER.items() for finer in several.split()
}
CODE_OF_WORD = {squeezed(label): code for code, label in EthnicCode.choices} | {
    word: code for code, several in WORDS.items() for word in several.split()
}
SOURCES = {
    EthnicSource.CHILD: "c child student pupil self",
    EthnicSource.PARENT: "p parent carer guardian parentcarer",
    EthnicSource.SCHOOL: "s school currentschool previousschool ascribedbyschool",
    EthnicSource.OTHER: "o other",
}
STAYS = {
    "code": "The student comes in, and this stays as it was.",
    "source": "The student comes in, and this stays as it was; a new ethnicity has no source.",
}


def read_ethnicity(text: str) -> str:
    """The main code of a code ("WBRI", "BSOM", "WBRI - White British") or of words; an empty cell is nothing known."""
    word = clean(text)
    if not word:
        return ""
    first, last = word.split()[0].strip("-–:(),"), word.split()[-1].strip("()[]")
    for code in (word.upper(), first, last):
        if code in CODES and (code == word.upper() or code.isupper()):
            return CODES[code]
    squeezed_word = re.sub(r"[^a-z]", "", squeezed(word.replace("&", " and ")))
    if squeezed_word not in CODE_OF_WORD:
        raise BadValue("It is not an ethnicity of the school census, as a code or in words.")
    return CODE_OF_WORD[squeezed_word]


def read_source(text: str) -> str:
    """Who said so; an empty cell says nobody in particular."""
    word = squeezed(clean(text).split(" - ")[0])
    found = next((source for source, words in SOURCES.items() if word in words.split()), None)
    if word and found is None:
        raise BadValue("It is not a source of ethnicity (C, P, S or O).")
    return found or ""


def take_ethnicity(book: Book, row: Row, student: Student) -> None:
    """What the row says of it, if its file has the column; what cannot be read leaves what is known, with a warning."""
    values: dict[str, str] = {}
    for column, field, reader in (("ethnicity", "code", read_ethnicity), ("ethnicity_source", "source", read_source)):
        if row.has(column):
            try:
                values[field] = reader(row.get(column))
            except BadValue as bad:
                row.warn(column, f"unknown_{column}", f"{bad} {STAYS[field]}")
    known = book.ethnicity_of.get(student.pk)
    if known is not None:
        book.ethnicities.change(known, **_with_its_source(known.code, values))
    elif values.get("code"):
        made = Ethnicity(school=book.school, student=student, **values)
        book.ethnicity_of[student.pk] = book.ethnicities.add(made)


def _with_its_source(before: str, values: dict[str, str]) -> dict[str, str]:
    """Who said the old one did not say the new one; and nobody is the source of nothing."""
    code = values.get("code", before)
    if not code:
        return values | {"source": ""}
    return values if code == before else {"source": ""} | values
