"""Exceptions of the substring search, and the parts of katakana compounds."""

import re

# Words that contain another word, with a slash where the other word is interrupted: `パ/トナ`, because
# パートナー is not パート. Katakana is without long vowel marks, as in a search column. Of a Latin word, the
# beginning is enough: up to the first letter after which it can no longer be a form of the other word.
_HIDING = [
    "東京/都",
    "個人/事業",
    "営/業時間",
    "営/業日",
    "中/途半端",
    "エクサバイ/ト",
    "ギガバイ/ト",
    "キロバイ/ト",
    "ゼタバイ/ト",
    "テラバイ/ト",
    "ペタバイ/ト",
    "メガバイ/ト",
    "アパ/ト",
    "エキスパ/ト",
    "コンパ/トメント",
    "デパ/ト",
    "パ/トナ",
    "パ/トリッジ",
    "コンテス/ト",
    "プロテス/ト",
    "テス/トステロン",
    "インポ/ト",
    "エクスポ/ト",
    "サポ/ト",
    "トランスポ/ト",
    "パスポ/ト",
    "レポ/ト",
    "アナリス/ト",
    "キリス/ト",
    "ジェネラリス/ト",
    "ジャナリス/ト",
    "スペシャリス/ト",
    "リス/トラ",
    "キャビネッ/ト",
    "マグネッ/ト",
    "サテライ/ト",
    "ハイライ/ト",
    "フライ/ト",
    "フロリ/ダ",
    "セル/スフォス",
    "acces/si",
    "ar/tic",
    "ar/tif",
    "de/vi",
    "exce/ll",
    "inter/na",
    "inter/ne",
    "jav/as",
    "ma/ch",
    "par/ti",
    "par/tn",
    "reac/to",
    "res/tau",
    "res/to",
    "sa/pp",
    "sale/sf",
    "scal/ab",
    "se/ou",
    "spar/kl",
    "swif/tl",
    "ta/xi",
    "tes/tam",
    "tes/tim",
]
# Words that compounds of katakana are made of: バックエンド + エンジニア. In a longer word, a synonym is
# found only if the rest of it is cut off by one of these.
_PARTS = [
    "アーキテクト",
    "アカウント",
    "アシスタント",
    "アドバイザー",
    "アナリスト",
    "アナリティクス",
    "アプリ",
    "アプリケーション",
    "アルバイト",
    "インサイド",
    "インストラクター",
    "インターフェイス",
    "インターフェース",
    "インターンシップ",
    "インフラ",
    "エクスペリエンス",
    "エンジニア",
    "エンジニアリング",
    "オペレーション",
    "オペレーター",
    "カスタマー",
    "クラウド",
    "クラウドソーシング",
    "グラフィック",
    "グループ",
    "コピー",
    "コンサルタント",
    "コンサルティング",
    "コンテンツ",
    "コーディネーター",
    "サイエンス",
    "サイエンティスト",
    "サイド",
    "サクセス",
    "サポート",
    "サーバーサイド",
    "サービス",
    "シニア",
    "システム",
    "ジュニア",
    "スタック",
    "スタッフ",
    "スペシャリスト",
    "セキュリティ",
    "セールス",
    "セールスフォース",
    "ソフトウェア",
    "ソフトウエア",
    "チーム",
    "テクニカル",
    "テスター",
    "テレ",
    "ディレクター",
    "データ",
    "デザイナー",
    "デザイン",
    "デベロッパー",
    "トレーナー",
    "ネットワーク",
    "ハイブリッド",
    "ハードウェア",
    "バックエンド",
    "パートタイム",
    "ビジネス",
    "ファイナンス",
    "フィールド",
    "フリーランス",
    "フル",
    "フルスタック",
    "フルタイム",
    "フロントエンド",
    "プランナー",
    "プランニング",
    "プログラマー",
    "プログラミング",
    "プログラム",
    "プロジェクト",
    "プロダクト",
    "プロデューサー",
    "ベース",
    "マシン",
    "マネジメント",
    "マネージメント",
    "マネージャー",
    "マーケティング",
    "メンバー",
    "モデル",
    "モバイル",
    "ユーザー",
    "ライター",
    "ラーニング",
    "リサーチャー",
    "リクルーター",
    "リモート",
    "リーダーシップ",
    "ワーカー",
    "ワーク",
]
# Words that begin with a part and are not compounds: `cloud` does not find クラウドファンディング.
_NOT_COMPOUNDS = ["クラウドファンディング", "デタッチ"]
_BREAK = "~"
MAX_PARTS = 5  # of one run of katakana
KATAKANA = re.compile("[ァ-ヺヽヾ]+")


def hide(words):
    """Normalised words with a character inside of each hidden word, which no search for it matches."""
    return _HIDDEN.sub(lambda match: _BROKEN[match[0]], words)


def katakana_words(words):
    """The words of katakana in normalised text, and those that compounds of them contain."""
    unique = {}
    for run in KATAKANA.findall(words):
        parts = [part for part in _SPLIT.split(run) if part][:MAX_PARTS]
        unique[run] = True
        for start in range(len(parts)):
            for end in range(start + 1, len(parts) + 1):
                unique["".join(parts[start:end])] = True
    return list(unique)


def _alternatives(words):
    """A pattern of any of `words`, the longest that matches."""
    return "|".join(sorted(words, key=len, reverse=True))


_BROKEN = {word.replace("/", ""): word.replace("/", _BREAK) for word in _HIDING}
_HIDDEN = re.compile(
    f"(?<![0-9a-z])(?:{_alternatives(word for word in _BROKEN if word.isascii())})"
    f"|{_alternatives(word for word in _BROKEN if not word.isascii())}"
)
_SPLIT = re.compile(
    f"({_alternatives(word.replace('ー', '') for word in [*_PARTS, *_NOT_COMPOUNDS])})"
)
