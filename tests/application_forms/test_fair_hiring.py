"""Detection of questions that Japanese guidance on fair hiring says not to ask."""

import pytest
from django.utils.translation import override

from careers.application_forms.fair_hiring import TOPICS, advice, sensitive_topics

pytestmark = pytest.mark.one_database

# {topic, in the order of the guidance: questions that touch it}
SENSITIVE = {
    "registered domicile and birthplace": [
        "本籍地を教えてください。",
        "ご出身はどちらですか。",
        "出身地",
        "ご実家はどこですか",
        "お生まれはどちらですか。",
        "What is your place of birth?",
        "Where were you born?",
        "Where did you grow up?",
        "What is your hometown?",
    ],
    "family": [
        "ご家族の職業を教えてください。",
        "家族構成",
        "お父様、お母様とご両親の勤務先",
        "父の職業",
        "続柄をご記入ください",
        "What do your parents do?",
        "Do you have any siblings?",
        "Tell us about your family.",
        "Family background",
    ],
    "housing": [
        "住宅状況",
        "持ち家ですか、賃貸ですか。",
        "間取りを教えてください。",
        "自宅付近の略図をご記入ください。",
        "Do you own or rent?",
        "Who do you live with?",
    ],
    "circumstances of life and home": [
        "生活環境について",
        "どのような家庭環境で育ちましたか。",
        "生い立ちをお書きください。",
        "Describe your home environment.",
        "How was your upbringing?",
    ],
    "religion": [
        "信仰している宗教はありますか。",
        "ご家庭の宗派",
        "What is your religion?",
        "Are you religious?",
        "Do you go to church?",
    ],
    "political party": [
        "支持政党はどこですか。",
        "選挙でどこに投票しましたか",
        "政治的な意見をお聞かせください。",
        "Which political party do you support?",
        "Who did you vote for?",
    ],
    "view of life": [
        "あなたの人生観を教えてください。",
        "座右の銘",
        "生活信条は何ですか。",
        "What is your philosophy of life?",
        "Your life motto",
    ],
    "people one admires": [
        "尊敬する人物は誰ですか。",
        "尊敬している人を教えてください。",
        "Who do you admire most?",
        "Who is your role model?",
        "Name a person you respect.",
    ],
    "thought and belief": [
        "思想・信条を教えてください。",
        "あなたの思想は何ですか。",
        "What ideology do you follow?",
    ],
    "labor unions and social movements": [
        "労働組合に加入していますか。",
        "学生運動の経験はありますか。",
        "組合への加入歴",
        "デモに参加したことはありますか。",
        "Are you a member of a union?",
        "Have you joined a trade union?",
        "Have you been an activist?",
    ],
    "newspapers and favorite books": [
        "愛読書は何ですか。",
        "購読している新聞を教えてください。",
        "普段どの新聞を読んでいますか。",
        "What is your favorite book?",
        "Your favourite author",
        "Which newspapers do you read?",
    ],
    "background investigation": [
        "身元保証人のお名前",
        "身元調査に同意しますか。",
        "Do you agree to a background check?",
    ],
    "health": [
        "健康状態はいかがですか。",
        "健康診断の結果を提出してください。",
        "既往歴はありますか。",
        "身体に障がいはありますか。身体障がいの程度",
        "血液型",
        "How is your health?",
        "Do you have any disabilities?",
        "Please upload a medical examination.",
    ],
    "nationality": [
        "国籍を教えてください。",
        "日本人ですか。",
        "What is your nationality?",
        "Are you a Japanese citizen?",
        "Your ethnic background",
    ],
    "age": [
        "生年月日",
        "年齢を教えてください。",
        "何歳ですか。",
        "お誕生日はいつですか",
        "How old are you?",
        "Age",
        "What is your age?",
        "Date of birth",
        "Are you under 35?",
    ],
    "sex and gender": [
        "性別",
        "男性ですか、女性ですか。",
        "ジェンダー",
        "What is your gender?",
        "Sex:",
        "Are you male or female?",
    ],
    "marriage and children": [
        "結婚していますか。",
        "配偶者の有無",
        "お子さんはいらっしゃいますか。",
        "出産の予定はありますか。",
        "Are you married?",
        "Do you have children?",
        "Do you plan to have a family?",
        "How many kids do you have?",
    ],
    "current or past pay": [
        "前職の給与を教えてください。",
        "現在の年収",
        "現年収はいくらですか。",
        "直近の会社での月給をご記入ください",
        "昨年の収入",
        "源泉徴収票をご提出ください。",
        "給与の推移",
        "What is your current salary?",
        "Most recent base salary",
        "How much do you earn?",
        "How much were you paid in your last job?",
        "Salary history",
        "Please attach a payslip.",
        "Pay at your previous employer",
    ],
    "residence card or identity number": [
        "在留カードの番号",
        "マイナンバー",
        "パスポート番号をご記入ください。",
        "Residence card number",
        "Your passport number",
        "What is your Social Security number?",
    ],
    "home address or commute": [
        "現住所",
        "どちらにお住まいですか。",
        "最寄り駅",
        "通勤時間はどのくらいですか。",
        "What is your home address?",
        "Where do you live?",
        "How long is your commute?",
    ],
    "photograph": [
        "顔写真を添付してください。",
        "写真付きの履歴書",
        "Please upload a photo of yourself.",
        "A recent headshot",
    ],
}

HARMLESS = [
    "",
    "好きな雲は何ですか。",
    "得意な言語を教えてください。",
    "出身の言語処理系について、比較して説明してください。",
    "出身校の研究室で取り組んだ研究について教えてください。",
    "家族向けサービスの開発経験はありますか。",
    "多国籍チームで働いた経験はありますか。",
    "UNIXの思想をどう思いますか。",
    "この製品の設計思想を説明してください。",
    "シフトの組合せ最適化を実装したことはありますか。",
    "組み合わせテストの経験",
    "健康診断システムの開発経験はありますか。",
    "システム障害の対応経験を教えてください。",
    "年齢層の異なる利用者向けのデザイン経験",
    "年齢認証の実装経験はありますか。",
    "対応できる言語はいくつですか。",
    "子プロセスの終了をどう扱いますか。",
    "親クラスの設計で気をつけることは何ですか。",
    "結婚式場の予約サイトの開発経験",
    "開発環境を教えてください。",
    "在宅勤務に適した作業場所はありますか。",
    "新聞社のシステムに携わったことはありますか。",
    "日本人以外の利用者にも伝わる文章を書けますか。",
    "日本で就労できる資格はありますか。",
    "入社可能日",
    "語学力",
    "尊敬語を正しく使えますか。",
    "Which languages do you write?",
    "Have you managed age-old systems?",
    "How do you store a message?",
    "What average latency do you accept?",
    "Do you know the ML family of languages?",
    "When do you use union types?",
    "How do you find a race condition?",
    "In Rust, are functions first-class citizens?",
    "Have you worked in a multinational team?",
    "Do you religiously write tests?",
    "How do you design for people with disabilities?",
    "How do health check endpoints work?",
    "Have you built a role-based access model?",
    "Which library would you vote for?",
    "How do child processes get their environment?",
    "Can a leaf have children nodes?",
    "Do you have the right to work in Japan?",
    "What is your favorite tool?",
    "希望年収",
    "現在のご希望年収をお聞かせください。",
    "給与計算システムの経験はありますか。",
    "What salary do you expect?",
    "Expected compensation",
    "Have you built a payroll?",
    "How would you close the current pay gap?",
    "How do you make the current build faster?",
    "住所の正規化を実装したことがありますか。",
    "東京のオフィスに通勤できますか。",
    "Can you work at our office in Tokyo?",
    "How do you validate an email address?",
    "作品の写真を添付してください。",
    "A link to your photography",
    "在留資格の取得にサポートが必要ですか。",
    "Which paper is your number one?",
    "Which book taught you most about OCaml?",
    "How do you respect a deadline?",
    "Describe a codebase that was ten years old.",
    "Do you act in good faith?",
    "Which parent class would you choose?",
    "Manage dependencies in a monorepo",
    "Sex education is the topic of our app. Would you write for it?",
]


def labels(*texts):
    return [str(topic.label) for topic in sensitive_topics(*texts)]


def test_sensitive_topics_in_order_of_guidance():
    assert [str(topic.label) for topic in TOPICS] == list(SENSITIVE)


@pytest.mark.parametrize(
    ("topic", "text"), [(topic, text) for topic, texts in SENSITIVE.items() for text in texts]
)
def test_sensitive_topic_found(topic, text):
    assert labels(text) == [topic]


@pytest.mark.parametrize("text", HARMLESS)
def test_sensitive_topic_not_found(text):
    assert labels(text) == []


@pytest.mark.parametrize("text", ["ｼﾞｪﾝﾀﾞｰ", "ＡＧＥ", "Date  of\nbirth", "本\u200b籍", "國籍"])
def test_sensitive_topic_ignores_spelling_variants(text):
    assert labels(text)


def test_sensitive_topic_label_is_translated():
    [topic] = sensitive_topics("What is your religion?")
    with override("ja"):
        assert str(topic.label) == "宗教"


@pytest.mark.parametrize(
    ("texts", "topics"),
    [
        (["Your age and religion?"], ["religion", "age"]),
        (
            ["家族構成、宗教、既婚か未婚かをお書きください。"],
            ["family", "religion", "marriage and children"],
        ),
        (
            ["前職の年収と年齢", "Where do you live?"],
            ["age", "current or past pay", "home address or commute"],
        ),
        (["宗教は？", "What is your religion?"], ["religion"]),
        ([], []),
    ],
)
def test_all_sensitive_topics_of_a_question_are_named_once(texts, topics):
    assert labels(*texts) == topics


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "This may ask about: religion, age. Japanese guidance on fair hiring says not to ask"
                " people who apply about this. Please delete the question, or ask only for what the"
                " work requires.",
                "This may ask about: current or past pay. The European Union and several US states"
                " forbid this question. Ask for the expected pay instead.",
            ],
        ),
        (
            "ja",
            [
                "「宗教、年齢・生年月日」に関する質問の可能性があります。厚生労働省の「公正な採用選考の基本」では、"
                "応募者に尋ねるべきでない事項とされています。質問を削除するか、業務に必要な内容だけを尋ねる"
                "表現に改めてください。",
                "「現在または過去の給与」に関する質問の可能性があります。EUや米国の複数の州では、"
                "この質問が禁じられています。代わりに希望年収を尋ねてください。",
            ],
        ),
    ],
)
def test_advice_has_a_text_for_each_reason(language, expected):
    topics = sensitive_topics("What is your age, your religion and your current salary?")
    with override(language):
        assert list(advice(topics)) == expected
