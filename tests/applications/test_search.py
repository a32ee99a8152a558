"""Search among candidates: names in every script and spelling, numbers, and what people wrote."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from careers.applications.models import Application
from careers.applications.search_text import alternatives, search_words
from tests import make
from tests.html import parse

LIST = "/admin/applications/application/"
DEFAULT_NAME = {"family_name": "Qaz", "given_name": "", "family_kana": "", "given_kana": ""}

# {what is typed, with bars between: the person, as fields and values}
FOUND = {
    # Diacritics, and letters without a decomposition
    "nguyen | Nguyễn | nguyễn van an": {"family_name": "Nguyễn", "given_name": "Văn An"},
    "muller | mueller | Müller | MÜLLER": {"family_name": "Müller"},
    "müller | mueller": {"family_name": "Mueller"},
    "wojcik | wójcik": {"family_name": "Wójcik"},
    "lukasz": {"given_name": "Łukasz"},
    "bjornsdottir | bjoernsdottir": {"family_name": "Björnsdóttir"},
    "gudmundsson": {"family_name": "Guðmundsson"},
    "thorsson | Þórsson": {"family_name": "Þórsson"},
    "dang | đặng": {"family_name": "Đặng"},
    "strasse | straße | STRASSE": {"family_name": "Straße"},
    "sorensen | soerensen | sørensen": {"family_name": "Sørensen"},
    "aase | ase": {"given_name": "Åse"},
    "yildiz | yıldız": {"family_name": "Yıldız"},
    "aegir | ægir": {"given_name": "Ægir"},
    # Signs inside of names
    "oconnor | o'connor | O’Connor | connor": {"family_name": "O'Connor"},
    "oconnor": {"family_name": "O’Connor"},
    "o'connor": {"family_name": "OConnor"},
    "jeanluc | jean-luc | jean luc | luc": {"given_name": "Jean-Luc"},
    "minsu | min-su": {"given_name": "Min-su"},
    "chulsoo | Chul Soo | chul": {"given_name": "Chul Soo"},
    "xiaoming": {"given_name": "Xiao Ming"},
    "jeanluc": {"given_name": "Jean Luc"},
    "obriain": {"family_name": "Ó Briain"},
    "macdonald": {"family_name": "Mac Donald"},
    "delacruz | de la cruz": {"family_name": "de la Cruz"},
    # Names that begin like a word which other words hide
    "mac | mach | machado": {"family_name": "Machado"},
    "dev | devi": {"given_name": "Devi"},
    # Romaji: Hepburn, Kunrei and long vowels
    "watanabe | Watanabe | わたなべ | ﾜﾀﾅﾍﾞ": {"family_name": "渡辺", "family_kana": "ワタナベ"},
    "watanabe": {"family_name": "わたなべ"},
    "ohno | ono | oono | ōno | Ôno": {"family_name": "大野", "family_kana": "オオノ"},
    "satoh | sato | satou | satō": {"family_name": "佐藤", "family_kana": "サトウ"},
    "ito | itoh | itou": {"family_kana": "イトウ"},
    "shimizu | simizu": {"family_kana": "シミズ"},
    "junko | zyunko | jyunko": {"given_kana": "ジュンコ"},
    "fujita | huzita": {"family_kana": "フジタ"},
    "tsuchiya | tutiya": {"family_kana": "ツチヤ"},
    "shimbashi | shinbashi | sinbasi": {"family_kana": "シンバシ"},
    "homma | honma": {"family_kana": "ホンマ"},
    "shinichi | shin'ichi | shin-ichi": {"given_kana": "シンイチ"},
    "hattori": {"family_kana": "ハットリ"},
    "ryotaro | ryoutarou | ryotarou | ryohtaroh": {"given_kana": "リョウタロウ"},
    "yuki | yuuki": {"given_kana": "ユウキ"},
    "inoue": {"family_kana": "イノウエ"},
    "isuzu": {"given_kana": "イスヾ"},
    "misuzu": {"given_kana": "ミスヾ"},
    "misusu": {"given_kana": "ミスヽ"},
    "tarou | taro | taroo | taroh": {"given_kana": "タロー"},
    "YAMADA, Taro | (yamada) | yamada@ | Yamada; | “yamada”": {
        "family_kana": "ヤマダ",
        "given_kana": "タロウ",
    },
    # Readings of foreign names
    "ジャンリュック | ジャン＝リュック | ジャン・リュック | リュック | ryukku": {
        "given_kana": "ジャン＝リュック"
    },
    "マリー | マリ− | まりー | mari": {"given_kana": "マリー"},
    # Kanji, kana, Hangul, and names without their space
    "山田太郎 | 太郎 山田 | 山田　太郎": {"family_name": "山田", "given_name": "太郎"},
    "やまだたろう | ﾔﾏﾀﾞ ﾀﾛｳ": {"family_kana": "ヤマダ", "given_kana": "タロウ"},
    "김철수 | 김 철수 | 철수 | 김": {"family_name": "김", "given_name": "철수"},
    "남궁민수": {"family_name": "남궁", "given_name": "민수"},
    "王小明 | 小明": {"family_name": "王", "given_name": "小明"},
    "張偉 | 张伟": {"family_name": "张", "given_name": "伟"},
    "吉田 | 𠮷田": {"family_name": "𠮷田"},
    "斎藤 | 斉藤 | 齊藤 | 齋藤": {"family_name": "齋藤"},
    "葛城": {"family_name": "葛\U000e0100城"},
    "علیرضا | علی‌رضا": {"given_name": "علی‌رضا"},
    # Numbers
    "09012345678 | 090-1234-5678 | 090 1234 5678 | +81 90-1234-5678 | 819012345678 | 1234-5678 | 5678"
    " | ０９０ー１２３４ー５６７８ | (090) 1234 5678": {
        "phone": "090-1234-5678",
        "phone_e164": "+819012345678",
    },
    "020 7946 0958 | +44 20 7946 0958 | 02079460958": {"phone": "+44 (0)20 7946 0958"},
    "4155552671 | 415-555-2671 | +1 415 555 2671 | tel:+14155552671": {"phone": "(415) 555-2671"},
    "+82 10-1234-5678 | 0082 10 1234 5678 | +821012345678": {"phone": "010-1234-5678"},
    "0045 | 1234-0045": {"phone": "090-1234-0045"},
    "09012345678": {"resume_text": "Tel. 090-1234-5678\nFax 03"},
    "aaaabbbb | AAAA-BBBB | AAAA | bbbb": {},
    # What people wrote
    "python | rust python | C++": {"message": "Python, Rust und C++"},
    "tokyo": {"resume_text": "Tokyo 2019-2024"},
    "2019": {"resume_text": "Tokyo 2019-2024"},
    "電話090-1234-5678 | 090-1234-5678様": {"message": "090 1234 5678 電話 様"},
    "taro@example | taro | mailto:taro@example.org | MAILTO:taro": {"email": "taro@example.org"},
}

NOT_FOUND = {
    "muller": {"family_name": "Mueller"},
    "watanabe": {"family_name": "渡部", "family_kana": "ワタベ"},
    "misuzu": {"given_kana": "ミスヽ"},
    "chul": {"given_name": "Michul Soo"},
    "anna": {"given_name": "Joanna"},
    "渡部 | 渡邊部": {"family_name": "渡辺"},
    "satou | satoh": {"given_kana": "サトミ"},
    "ohno": {"family_kana": "オノダ"},
    "ida": {"family_kana": "イイダ"},
    "tina": {"given_name": "China"},
    "china": {"given_name": "Tina"},
    "tanaka": {"family_kana": "タナベ"},
    "ann": {"given_name": "Joann"},
    "an": {"given_name": "Anna"},
    "connor": {"family_name": "Oconnor"},
    "김철호 | 박": {"family_name": "김", "given_name": "철수"},
    "09087654321 | 0901 | 8090 9": {"phone": "080-1234-5678", "phone_e164": "+818012345678"},
    "0005 | 0012 | 00-12 | 0090": {"phone": "+81 90-1234-5678", "message": "5 12 90 years"},
    "090-1234-5678 | +81 90-1234-5678": {"phone": "080-1234-5678"},
    "+1 415 555 2671": {"phone": "(415) 555-2672"},
    "java": {"message": "JavaScript"},
    "accommodation": {"accommodation": "accommodation"},
    "山川": {"family_name": "山田", "given_name": "川太"},
}


def matches(typed, person):
    field = Application._meta.get_field("search_text")
    text = "\n".join(field.lines(Application(reference="AAAABBBB", **(DEFAULT_NAME | person))))
    words = search_words(typed)
    return bool(words) and all(
        any(
            all(any(term in text for term in terms) for terms in parts)
            for parts in alternatives(word)
        )
        for word in words
    )


def pairs(table):
    return [(typed, person) for line, person in table.items() for typed in line.split(" | ")]


@pytest.mark.one_database
def test_candidate_search_finds_spellings():
    """A person is found in whatever way the name, its reading or a number is typed."""
    assert [pair for pair in pairs(FOUND) if not matches(*pair)] == []
    assert len(pairs(FOUND)) >= 120


@pytest.mark.one_database
def test_candidate_search_rejects_similar_names():
    """A similar name or number is not found, though its own is; nor is the text on accommodations."""
    assert [pair for pair in pairs(NOT_FOUND) if matches(*pair)] == []
    for person in NOT_FOUND.values():
        for field, value in person.items():
            assert matches(value, person) == (field != "accommodation"), value


@pytest.mark.one_database
def test_candidate_search_distinguishes_people():
    """Each name finds only those of these people who have it."""
    for typed, names in LIST_SEARCHES.items():
        people = [name for name, person in PEOPLE.items() if matches(typed, person)]
        assert people == sorted(names, key=list(PEOPLE).index), typed


PEOPLE = {
    "Nguyễn": {"family_name": "Nguyễn"},
    "Müller": {"family_name": "Müller"},
    "O’Connor": {"family_name": "O’Connor"},
    "大野": {"family_name": "大野", "family_kana": "オオノ"},
    "小野田": {"family_name": "小野田", "family_kana": "オノダ"},
    "渡邉": {"family_name": "渡邉", "family_kana": "ワタナベ"},
    "김철수": {"family_name": "김", "given_name": "철수", "phone": "010-1234-5678"},
    "𠮷田": {"family_name": "𠮷田", "message": "CI/CD"},
}


LIST_SEARCHES = {
    "nguyen": ["Nguyễn"],
    "mueller": ["Müller"],
    "oconnor": ["O’Connor"],
    "ohno": ["大野"],
    "ono": ["大野", "小野田"],
    "watanabe": ["渡邉"],
    "渡辺": ["渡邉"],
    "김철수": ["김철수"],
    "01012345678": ["김철수"],
    "吉田 ci": ["𠮷田"],
    "！？": [],
    "smith": [],
}


@pytest.mark.django_db
def test_candidate_list_search(signed_in):
    """The list of applications finds these people and no others."""
    recruiter = signed_in("Recruiters")
    for person in PEOPLE.values():
        make.application(documents=(), **(DEFAULT_NAME | person))
    for typed, names in LIST_SEARCHES.items():
        page = parse(recruiter.get(LIST, {"q": typed}).text)
        shown = page.texts("#result_list .field-candidate")
        assert sorted(text.split()[0] for text in shown) == sorted(names), typed


@pytest.mark.django_db
def test_candidate_search_of_pasted_page_uses_its_first_words(signed_in):
    """Words after the eighth are ignored, so that a pasted page of text is one short query."""
    recruiter = signed_in("Recruiters")
    make.application(
        documents=(), **(DEFAULT_NAME | {"message": "one two three four five six seven eight"})
    )
    page_of_text = "one two three four five six seven eight " + "nine " * 2_000
    with CaptureQueriesContext(connection) as captured:
        page = parse(recruiter.get(LIST, {"q": page_of_text}).text)
    assert len(page.texts("#result_list .field-candidate")) == 1
    assert max(len(query["sql"]) for query in captured) < 30_000
    page = parse(recruiter.get(LIST, {"q": "one two nine"}).text)
    assert page.texts("#result_list .field-candidate") == []


@pytest.mark.django_db
def test_search_in_answers_respects_permissions(signed_in):
    """Answers are searched too, by hiring managers only those that they may read."""
    recruiter, manager = signed_in("Recruiters"), signed_in("Hiring managers")
    role = make.role()
    role.department.managers.add(manager.user)
    application = make.application(role, accommodation="Dolmetscher")
    other = make.application(role)
    for text, is_visible in (("Gärtner", True), ("Schweißer", False)):
        application.answers.create(
            question_text="?", kind="line", text=text, visible_to_hiring_managers=is_visible
        )
    other.answers.create(question_text="?", kind="line", visible_to_hiring_managers=True)
    for typed, for_recruiter, for_manager in (
        ("gartner", 1, 1),
        ("schweisser", 1, 0),
        ("gartner 山田", 1, 1),
        ("dolmetscher", 0, 0),
    ):
        for visitor, count in ((recruiter, for_recruiter), (manager, for_manager)):
            page = parse(visitor.get(LIST, {"q": typed}).text)
            assert len(page.texts("#result_list .field-display_reference")) == count, typed
