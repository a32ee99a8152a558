"""Words inside of words, for a search that finds words anywhere in a text or by their beginning."""

import re

# Words in which another word is hidden: パート in パートナー, Java in JavaScript. The stroke is inside the
# hidden word. Katakana is without long vowel marks, as in a search column; of a Latin word, the beginning
# is enough.
_HIDING = [
    "エクサバイ/ト",
    "ギガバイ/ト",
    "キロバイ/ト",
    "ゼタバイ/ト",
    "テラバイ/ト",
    "ペタバイ/ト",
    "メガバイ/ト",
    "アパ/ト",
    "インパ/ト",
    "エキスパ/ト",
    "コンパ/トメント",
    "デパ/ト",
    "パ/トナ",
    "パ/トリッジ",
    "アテス/ト",
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
    "acces/sib",
    "ar/tic",
    "ar/tif",
    "de/vic",
    "exce/lle",
    "inter/na",
    "inter/ne",
    "jav/as",
    "ma/chi",
    "par/tic",
    "par/tn",
    "reac/tor",
    "res/tau",
    "res/tor",
    "sa/ppo",
    "sale/sforc",
    "scal/ab",
    "se/oul",
    "spar/kl",
    "swif/tl",
    "ta/xi",
    "tes/tam",
    "tes/tim",
]
# Words that compounds of katakana are made of: バックエンド + エンジニア. In a longer word, a synonym is
# found only if the rest of it is cut off by one of these. The longest matches, so that クラウドファンディング
# is no cloud.
_PARTS = [
    "アカウント",
    "アシスタント",
    "アドバイザー",
    "アナリスト",
    "アナリティクス",
    "アプリ",
    "アプリケーション",
    "アルバイト",
    "アーキテクト",
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
    "クラウドファンディング",
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
    "ディレクター",
    "データ",
    "デタッチ",
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
    "フルスタック",
    "フルタイム",
    "フル",
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
    "テレ",
]
_BREAK = "~"
MAX_PARTS = 5  # of one run of katakana


def hide(words):
    """Normalised words with a character inside of each hidden word, which no search for it matches."""
    return _HIDDEN.sub(lambda match: _BROKEN[match[0]], words)


def katakana_words(words):
    """The words of katakana in normalised text, and those that compounds of them contain."""
    found = {}
    for run in _KATAKANA.findall(words):
        parts = [part for part in _SPLIT.split(run) if part][:MAX_PARTS]
        found[run] = True
        for start in range(len(parts)):
            for end in range(start + 1, len(parts) + 1):
                found["".join(parts[start:end])] = True
    return list(found)


def _alternatives(words):
    return "|".join(sorted(words, key=len, reverse=True))


_BROKEN = {word.replace("/", ""): word.replace("/", _BREAK) for word in _HIDING}
_HIDDEN = re.compile(
    f"(?<![0-9a-z])(?:{_alternatives(word for word in _BROKEN if word.isascii())})"
    f"|{_alternatives(word for word in _BROKEN if not word.isascii())}"
)
_KATAKANA = re.compile("[ァ-ヺヽヾ]+")
_SPLIT = re.compile(f"({_alternatives(part.replace('ー', '') for part in _PARTS)})")
