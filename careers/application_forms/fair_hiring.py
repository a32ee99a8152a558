"""Detects questions about topics that Japanese guidance on fair hiring says not to ask candidates about.

The topics are those of the Ministry of Health, Labour and Welfare, 厚生労働省「公正な採用選考の基本」, in
its order (a copy: https://jsite.mhlw.go.jp/tokyo-hellowork/list/kiba/jigyounushi/fair-recruitment.html);
then nationality, age, sex and marriage, by the guideline on Article 5-5 of the Employment Security Act,
Article 9 of the Act on Comprehensive Promotion of Labor Policies and Article 5 of the Equal Employment
Opportunity Act. The last topics have reasons of their own; for pay, Article 5 (2) of Directive (EU) 2023/970.
A match is only a warning to the author, because a word can have another meaning.
"""

import re
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careers.japanese import fold
from careers.languages import format_list


class Topic(NamedTuple):
    """What a question should not ask. `reason` says why and what to do, if it is not in the guidance."""

    label: Promise
    pattern: re.Pattern
    reason: Promise | str = ""


def sensitive_topics(*texts):
    """The topics that any of `texts` touches, each once, in the order of TOPICS."""
    folded = [fold(text) for text in texts]
    return [topic for topic in TOPICS if any(map(topic.pattern.search, folded))]


def advice(topics):
    """Yield what to do about a question that touches `topics`: a text for each reason."""
    for reason, group in groupby(topics, key=lambda topic: topic.reason):
        labels = format_list(topic.label for topic in group)
        if reason:
            yield _("This may ask about: %(topic)s. %(reason)s") % {
                "topic": labels,
                "reason": reason,
            }
        else:
            yield _(
                "This may ask about: %(topic)s. Japanese guidance on fair hiring says not to ask people"
                " who apply about this. Please delete the question, or ask only for what the work"
                " requires."
            ) % {"topic": labels}


def _pattern(*patterns):
    """One regular expression from several, for folded text: lower case, hiragana instead of katakana."""
    return re.compile("|".join(patterns))


_EARLIER = r"(?:前職|現職|現在|前の(?:会社|職場)|今の(?:会社|職場)|前年度?|昨年度?|直近)"
_PAY = r"(?:年収|給与|給料|月給|月収|賃金|報酬|収入|年俸)"

# Words that also have harmless meanings match only in combination, or with exceptions.
TOPICS = (
    Topic(
        gettext_lazy("registered domicile and birthplace"),
        _pattern(
            r"本籍|戸籍|出生地|実家|先祖|門地|家柄|社会的身分|同和地区|被差別",
            r"出身(?:地|国|県|都道府県|はど)|(?:どこ|どちら)の?(?:ご?出身|お?生まれ)",
            r"^ご?出身(?:は|を.*)?[?。]?$|生まれた(?:場所|所|国|町|街)|生まれはど",
            r"\b(?:place|city|town|country) of (?:birth|origin)\b|\bbirth ?place\b|\bhome ?town\b",
            r"\bwhere were you born\b|\bwhere (?:did you grow|have you grown) up\b",
            r"\bwhere are you (?:originally )?from\b",
        ),
    ),
    Topic(
        gettext_lazy("family"),
        _pattern(
            r"家族(?!向け|割|葬|あかうんと|共有|ぷらん)|続柄|兄弟姉妹|ご兄弟|兄弟は|ご両親|保護者の|扶養",
            r"(?:両親|父親?|母親?|親)の(?:職業|仕事|勤務先|年齢|学歴|収入|年収|健康)",
            r"\byour (?:family|parents?|father|mother|brothers?|sisters?|relatives)\b|\bsiblings\b",
            r"\bfamily (?:background|members?|structure|composition|income|history)\b",
            r"\bhousehold (?:income|size|members?)\b",
        ),
    ),
    Topic(
        gettext_lazy("housing"),
        _pattern(
            r"住宅(?:状況|事情|の種類|ろーん)|住居の種類|間取り|部屋数",
            r"(?:自宅|現住所)(?:付近|周辺|近く)?の?(?:地図|略図)|住まいの(?:種類|状況|環境|広さ)",
            r"(?:持ち?家|借家|一戸建て|賃貸).{0,12}(?:ですか|でしょうか|お住まい|どちら)",
            r"\b(?:own or rent|rent or own)\b|\bwho(?:m)? do you live with\b",
            r"\bhousing (?:situation|conditions?|status|type)\b",
        ),
    ),
    Topic(
        gettext_lazy("circumstances of life and home"),
        _pattern(
            r"生活環境|家庭環境|家庭の(?:事情|状況|雰囲気)|生い立ち|育った(?:環境|家庭)",
            r"\b(?:living|home|domestic) (?:environment|circumstances|situation)\b",
            r"\bupbringing\b|\bchildhood\b",
        ),
    ),
    Topic(
        gettext_lazy("religion"),
        _pattern(
            r"宗教(?!学)|信仰|宗派|檀家|入信",
            r"\breligio(?:n|ns|us)\b|\b(?:your|personal) faith\b|\bbelieve in god\b",
            r"\b(?:attend|go to|belong to) (?:a |any )?(?:church|mosque|temple|synagogue)\b",
        ),
    ),
    Topic(
        gettext_lazy("political party"),
        _pattern(
            r"政党|政治的?な?(?:信条|意見|立場|見解|活動|団体)|選挙で.{0,12}投票|誰に投票",
            r"\bpolitical (?:part(?:y|ies)|views?|opinions?|affiliations?|beliefs?|leanings?)\b",
            r"\b(?:who|whom|which party) (?:do|did|would|will) you (?:vote|support)\b",
        ),
    ),
    Topic(
        gettext_lazy("view of life"),
        _pattern(
            r"人生観|死生観|生活信条|座右の銘|(?:ご自身|自分|あなた)の信条",
            r"\b(?:view|outlook|philosophy) (?:of|on) life\b|\bmotto in life\b",
            r"\b(?:personal|life) (?:creed|motto|philosophy)\b",
        ),
    ),
    Topic(
        gettext_lazy("people one admires"),
        _pattern(
            r"尊敬(?:する|している|できる|される)?.{0,4}(?:人|方|先輩|著名)",
            r"\bwho(?:m)?\b.{0,24}\b(?:admire|look up to)\b",
            r"\b(?:people|person|figure)\b.{0,12}\byou (?:most )?(?:admire|respect)\b",
            r"\byour (?:role models?|hero(?:es)?)\b(?! image| section| banner)",
            r"\b(?:is|are|a) .{0,12}\brole models?\b(?! for)",
        ),
    ),
    Topic(
        gettext_lazy("thought and belief"),
        _pattern(
            r"思想[・、,や及びと]*信条|(?:政治|宗教|個人|自身|自分|あなた|社会)的?の?思想",
            r"(?<!設計)(?<!開発)(?<!基本)(?<![のぁ-ん])思想(?:を|は|に|$)",
            r"\bideolog(?:y|ies|ical)\b|\bpersonal beliefs?\b",
        ),
    ),
    Topic(
        gettext_lazy("labor unions and social movements"),
        _pattern(
            r"労働組合|労組|組合(?:に|へ)の?(?:加入|所属)|組合活動",
            r"学生運動|社会運動|市民運動|でも活動|でもに参加",
            r"\b(?:trade|labou?r) unions?\b|\bunion (?:member|membership|activit)",
            r"\b(?:member of|join(?:ed)?|belong(?:ed)? to) (?:a|any) union\b",
            r"\bstudent movements?\b|\bactivis[mt]s?\b|\btak(?:e|en) part in (?:a )?(?:protest|demonstration)",
        ),
    ),
    Topic(
        gettext_lazy("newspapers and favorite books"),
        _pattern(
            r"愛読|購読.{0,8}(?:新聞|雑誌)|(?:新聞|雑誌).{0,8}(?:購読し|購読は|読んで|読みます)",
            r"好きな(?:本|書籍|雑誌|新聞|作家)(?!屋|棚)",
            r"\bfavou?rite (?:books?|newspapers?|magazines?|authors?|writers?)\b",
            r"\b(?:which|what) (?:books?|newspapers?|magazines?) (?:do|did) you (?:read|subscribe|like)\b",
        ),
    ),
    Topic(
        gettext_lazy("background investigation"),
        _pattern(
            r"身元(?:調査|照会|保証)|素行調査|興信所|身辺調査",
            r"\bbackground (?:check|investigation)s?\b",
        ),
    ),
    Topic(
        gettext_lazy("health"),
        _pattern(
            r"健康診断(?!しすてむ|さーびす|あぷり)|健康状態|病歴|既往症|既往歴|持病|通院|服薬",
            r"血液型|身長|体重|障害者手帳|(?:身体|精神|知的|心身)の?(?:障害|障がい|しょうがい)",
            r"\bmedical (?:exam|examination|check|check-?up|history|condition)s?\b",
            r"\bhealth (?:check-?up|exam)|\bhow tall are you\b|\bblood type\b|\bvaccinated\b",
            r"\byour (?:\w+ )?(?:health|illness(?:es)?|disabilit(?:y|ies)|medications?)\b",
            r"\b(?:have|had) (?:an?|any) (?:\w+ )?(?:illness(?:es)?|diseases?|disabilit(?:y|ies))\b",
        ),
    ),
    Topic(
        gettext_lazy("nationality"),
        _pattern(
            r"(?<!多)国籍|帰化|民族|人種|(?:日本|外国)人(?:です|でしょう|か)",
            r"\bnationalit(?:y|ies)\b|\bcitizenships?\b|\bcitizens? of\b|\bare you an? \w+ citizen\b",
            r"\bethnic(?:ity| background| origin)\b|\byour race\b(?! condition)|\bracial\b",
        ),
    ),
    Topic(
        gettext_lazy("age"),
        _pattern(
            r"生年月日|誕生日|生まれた?年|年齢(?!層|制限|別|認証|確認|推定)|(?:何|なん)(?:歳|才)",
            r"おいくつで|干支|^(?:\w+ )?age[:?]?$|\b(?:your|what) (?:current |exact )?age\b",
            r"\bhow old are you\b|\bwhen were you born\b|\bdob\b|\bbirth ?(?:date|day|year)\b",
            r"\b(?:date|day|year|month) of birth\b",
            r"\bare you (?:over|under|older than|younger than) (?:the age of )?\d\d\b",
        ),
    ),
    Topic(
        gettext_lazy("sex and gender"),
        _pattern(
            r"性別(?!推定|判定|分類)|男女の別|男性(?:です|でしょう)か|男性.{0,3}女性",
            r"性自認|性的指向|じぇんだー(?!平等)|\bgender identity\b|\bsexual orientation\b",
            r"\b(?:your|what) (?:gender|sex)\b|^(?:gender|sex)[:?]?$",
            r"\bare you (?:an? )?(?:male|man|female|woman)\b|\bmale (?:or|/) ?female\b",
        ),
    ),
    Topic(
        gettext_lazy("marriage and children"),
        _pattern(
            r"結婚(?!式|相談|情報)|既婚|未婚|独身|離婚|婚姻|配偶者|妊娠|出産|恋人",
            r"(?:子様|子さん|子ども|子供|こども)[はが]?(?:い(?:ます|ません)|いらっしゃ|何人|の予定|の有無)",
            r"\b(?:un)?married\b|\bmarriage\b|\bmarital\b|\bpregnan(?:t|cy)\b|\bmaternity\b",
            r"\byour (?:spouse|husband|wife|children|kids)\b|\bhow many (?:children|kids)\b",
            r"\b(?:have|having) (?:any )?(?:children|kids|a baby|a family)\b(?! (?:node|element|process))",
        ),
    ),
    Topic(
        gettext_lazy("current or past pay"),
        _pattern(
            rf"{_EARLIER}(?:(?!希望|期待).){{0,6}}{_PAY}|現(?:年収|給与|収入|月給|報酬)",
            rf"{_PAY}(?:の)?(?:履歴|推移|実績)|源泉徴収票|給与明細",
            r"\b(?:current|present|previous|prior|past|last|former|latest|most recent)"
            r" (?:annual |yearly |monthly |base |basic |gross |total )?"
            r"(?:salary|salaries|pay|compensation|wages?|income|earnings|ctc)\b(?! (?:period|gap|system))",
            r"\b(?:salary|pay|compensation|wage|earnings) history\b|\bpay ?(?:slip|stub)s?\b",
            r"\bhow much (?:do|did|are|were) you (?:currently |now )?(?:earn|mak|paid|get paid|being paid)",
            r"\bwhat (?:do|did) you (?:currently |now )?earn\b",
            r"\b(?:salary|pay|earnings) (?:at|in|from) your (?:current|present|last|previous|old)\b",
        ),
        gettext_lazy(
            "The European Union and several US states forbid this question. Ask for the expected pay"
            " instead."
        ),
    ),
    Topic(
        gettext_lazy("residence card or identity number"),
        _pattern(
            r"在留かーど|在留番号|まいなんばー|個人番号|旅券番号|ぱすぽーとの?番号",
            r"\bresidence card\b|\bzairyu\b|\bmy number\b(?! (?:one|1)\b)|\bpassport (?:number|no\b)",
            r"\bsocial security (?:number|no\b)|\bnric\b",
        ),
        gettext_lazy(
            "It is needed only after the offer. Until then, ask whether the person may do this work."
        ),
    ),
    Topic(
        gettext_lazy("home address or commute"),
        _pattern(
            r"現住所|住所を(?:教え|ご?記入|ご?入力|お書き)|(?:どこ|どちら)に(?:お住まい|住んで)|お住まいは",
            r"最寄り?駅|通勤(?:時間|経路|距離)",
            r"\bhome address\b|\byour (?:full |current |postal )?address\b|\bnearest station\b",
            r"\bwhere do you (?:currently |now )?live\b|\bcommuting time\b",
            r"\b(?:long|far) (?:is|would be|will be) your commute\b|\byour commute\b",
        ),
        gettext_lazy(
            "It is needed only after the offer. Ask whether the person can work at the location instead."
        ),
    ),
    Topic(
        gettext_lazy("photograph"),
        _pattern(
            r"顔写真|証明写真|(?:ご?本人|ご?自身|あなた)の(?:お?写真|顔)|写真付き",
            r"\b(?:photo|photograph|picture) of (?:you|yourself)\b|\bhead ?shots?\b",
            r"\byour (?:photo|photograph|picture)\b|\bpassport photos?\b",
        ),
        gettext_lazy(
            "It shows age, sex, and origin, which must not decide. Please delete the question."
        ),
    ),
)
