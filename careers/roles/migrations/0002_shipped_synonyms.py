"""Default synonyms of job seekers. Created once; recruiters maintain them from then on."""

from django.db import migrations

GROUPS = """
backend, back-end, バックエンド, サーバーサイド, server side
frontend, front-end, フロントエンド
full stack, fullstack, フルスタック
infrastructure, infra, インフラ
SRE, site reliability, サイト信頼性
.NET, dotnet, dot net, ドットネット
C++, cpp, cplusplus
C#, csharp, C sharp
Node.js, NodeJS, Node JS
Go, golang, Go言語
CI/CD, CICD, continuous integration, 継続的インテグレーション
R&D, research and development, 研究開発
engineer, engineering, エンジニア, エンジニアリング, developer, 開発者, デベロッパー
programmer, プログラマー
software, ソフトウェア, ソフトウエア
Web, ウェブ
e-commerce, ecommerce, Eコマース
mobile, モバイル, スマホ, スマートフォン
cloud, クラウド
database, データベース
data scientist, データサイエンティスト
data analyst, データアナリスト
data, データ
machine learning, 機械学習, ML
AI, artificial intelligence, 人工知能
LLM, large language model, 大規模言語モデル, 生成AI, generative AI
security, セキュリティ
network, ネットワーク
embedded, 組み込み, 組込み
QA, quality assurance, 品質保証
PM, product manager, プロダクトマネージャー, PdM
project manager, プロジェクトマネージャー, PjM
designer, デザイナー
design, デザイン
UX, user experience, ユーザー体験, ユーザーエクスペリエンス
writer, ライター
translator, 翻訳者, 翻訳
marketing, マーケティング
PR, public relations, 広報
sales, 営業, セールス
inside sales, インサイドセールス
field sales, フィールドセールス
customer success, カスタマーサクセス, CS
customer support, カスタマーサポート
consultant, コンサルタント
HR, human resources, 人事
recruiter, 採用担当, リクルーター
accounting, 経理, 会計
finance, 財務, ファイナンス
legal, 法務
general affairs, 総務
corporate planning, 経営企画
executive, 役員
manager, マネージャー, 管理職
lead, リード, リーダー
senior, シニア
junior, ジュニア
intern, internship, インターン, インターンシップ
new graduate, new grad, 新卒, 新卒採用
mid-career, 中途, 中途採用, キャリア採用, 経験者採用
entry level, no experience, 未経験, 未経験者
full-time, 正社員, フルタイム, permanent employee
fixed-term, contract employee, 契約社員
part-time, アルバイト, アルバイト・パート, パート・アルバイト, パート, パートタイム, パートタイマー
contractor, freelance, 業務委託, フリーランス
remote, リモート, リモートワーク, リモート勤務, フルリモート, 在宅, 在宅勤務, 在宅ワーク, テレワーク, WFH, work from home, telework
hybrid, ハイブリッド, ハイブリッド勤務, ハイブリッドワーク
Tokyo, 東京
Osaka, 大阪
Kyoto, 京都
Nagoya, 名古屋
Fukuoka, 福岡
Sapporo, 札幌
interface, インターフェース, インターフェイス
visa, ビザ, 在留資格
English, 英語
Japanese, 日本語
""".strip().splitlines()


def create_groups(apps, schema_editor):
    rows = apps.get_model("roles", "SynonymGroup").objects
    for group in GROUPS:
        rows.create(terms="\n".join(term.strip() for term in group.split(",")))


class Migration(migrations.Migration):
    dependencies = [("roles", "0001_initial")]
    operations = [migrations.RunPython(create_groups, migrations.RunPython.noop)]
