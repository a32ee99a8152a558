"""Pairs of what is typed into a search and a text, in both directions: found, and not found.

Each line is `typed → text`, with several of either between bars.
"""

FOUND = """
# Terms with signs
.net | .NET | dotnet | ．ＮＥＴ → C#/.NET | ASP.NET Core | .NETの開発 | 必須です.NET
net → .NET
c++ | C++ | Ｃ＋＋ | cpp → C++ | C/C++の経験 | C++エンジニア
c# | C＃ | C♯ | csharp → C# | C＃ | C♯を書く | C#/.NET
c → C/C++の経験
f# → F#とOCaml
node.js | nodejs | Node JS | js → Node.js | Node.jsの経験
ci/cd | cicd → CI/CD | CI/CDパイプライン
ci | cd → CI/CD
r&d | R＆D | 研究開発 → R&D | R&D部門 | 研究開発部
ux | ui → UI/UX | UI&UX
i/o → I/O処理
python → 経験です。Python | 必須です.Python | #python | (Python)
gpt-3.5 → GPT-3.5
81 → +81
# Diacritics
zurich | zürich | Zürich → Zürich
zuerich → Zürich
cafe | café → café
malmo | malmö | malmoe → Malmö
sao paulo → São Paulo
lodz → Łódź
αθηνα → Αθήνα
fulltime → full-time
react.js | reactjs → React.js | ReactJS
abテスト | a/bテスト → A/Bテスト | ABテスト
uiux → UI/UXデザイナー
e-commerce | ecommerce → e-commerce site | Ecommerce
# Plurals
engineers → engineer | エンジニア | engineers
libraries | library → library | libraries
# ・ between words
java | python | go | Java・Python・Go → Java・Python・Go
ai | ml → AI・ML | 生成AI・ML基盤
ui | ux | デザイナー → UI・UXデザイナー | ＵＩ･ＵＸデザイナー
c | c++ → C・C++
プロダクトマネージャー → プロダクト・マネージャー
プロダクト・マネージャー → プロダクトマネージャー
# Other scripts
राजेश → राजेश कुमार
كريم → کریم
کتابها → کتاب‌ها
한국 → 한국어 | 비한국어
# Variant kanji
渡辺 | 渡邊 | 渡邉 → 渡辺 | 渡邊 | 渡邉 | 渡邉󠄂
吉田 | 𠮷田 → 吉田 | 𠮷田
斎藤 | 斉藤 | 齋藤 | 齊藤 → 斎藤 | 斉藤 | 齋藤 | 齊藤
山崎 | 山﨑 | 山嵜 → 山崎 | 山﨑 | 山嵜
高橋 → 髙橋
滝沢 → 瀧澤
栄 | 徳 | 鉄 | 曽根 → 榮と德と鐵と曾根
張 → 张
誠 → 诚
島 | 関 | 頼 | 楽 → 岛と关と赖と乐
鋭 → 銳と锐
園田 → 薗田
# Synonyms
backend → バックエンド | バックエンドエンジニア | サーバーサイド | サーバーサイドエンジニア
バックエンド → Backend engineer | server-side
エンジニア → バックエンドエンジニア | engineers | Developer
engineer | senior → シニアエンジニア
データ | data → データベース | データエンジニア | data platform
manager → マネージャー | プロダクトマネージャー | エンジニアリングマネジャー
sales → インサイドセールスマネージャー
リモートワーク → リモート | フルリモート | リモート勤務 | 在宅勤務可 | テレワーク | Remote | work from home
remote | WFH | 在宅 | テレワーク → リモートワーク可 | 完全リモート
インターン | intern → インターンシップ | 長期インターン | Internship | an intern
アルバイト → パート募集 | パートタイム | part-time
パート → パートスタッフ | part-time
テスト → テストエンジニア | ソフトウェアテスト | 負荷テスト
コンテスト → コンテストの運営
ペタバイト → 25ペタバイト
パートナー | パートナ → パートナー企業
テスト → ペアテスト | エリアテスト | ファームウェアテスト
パート → オンラインパート
java → Java 21
javascript → JavaScript
accessi | accessible → Accessible websites
devi | device → Embedded devices
excell | excellent → excellent writing
machi | machine → machine learning
parti | particular → in particular
reacto | reactor → reactor design
resto | restore → backup and restore
sapp | sapporo → Sapporo
salesf | salesforce → Salesforce
seou | seoul → Seoul
京都 → 京都府 | 東京と京都
東京 | 東京都 | 東京都港区 → 東京都港区
人事 | 個人 | 個人事業主 → 人事、個人事業主も可
営業 | 営業時間 | 営業日 → 営業職、営業時間と営業日
中途 | 中途半端 → 中途入社、中途半端にしない
中途採用 → mid-career
新卒採用 → new graduates
"""

NOT_FOUND = """
# Terms with signs
.net → network engineer | internet | the net
dotnet → network
net → internet
c | c# → C++
c++ | c → C#
c++ → C | C言語
r | d → R&D
r&d → RとD
3.5 → 35
egg → e.g.
# Diacritics and other scripts
muller → Mueller
शजर → राजेश
サポート → customer support
customer support → 活動をサポート
permanent → full-time
# Different names
渡部 → 渡辺
伊東 → 伊藤
安部 → 阿部
西 → 酉
# Words on both sides of ・
javapythongo | cc++ → Java・Python・Go、AI・ML、C・C++
# Words inside of words
京都 | Kyoto → 東京都 | 東京都港区
人事 | HR → 個人事業主
営業 | sales | セールス → 営業時間 | 5営業日以内
中途 → 中途半端
access → accessible
dev → device
excel → excellent
mac → machine
part → particular | partner
react → reactor
rest → restaurant | restore
sap → Sapporo
seo → Seoul
アルバイト | パート | バイト → 25ペタバイト
アルバイト | パート → パートナー企業 | デパート | エキスパート
テスト → コンテスト | プロテスト
インターン → インターナル | OS internals | international | internet
intern → OS internals | internet
java → JavaScript
営業 | sales → Salesforce | セールスフォース
cloud → クラウドファンディング
data | リード → デタッチ
リスト | ポート → アナリスト | サポート
リーダー → フロリダ
リード | リーダー → leadership
中途 → 未経験者歓迎
カー → カメラ
ml → HTML
ai → email
"""


def pairs(table):
    """(typed, text) of each pair of the table."""
    lines = (line for line in table.strip().splitlines() if not line.startswith("#"))
    return [
        (typed.strip(), text.strip())
        for line in lines
        for left, right in [line.split("→")]
        for typed in left.split(" | ")
        for text in right.split(" | ")
    ]
