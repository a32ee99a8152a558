"""Variant kanji, for comparison: 邊 and 邉 are 辺, 髙 is 高, 𠮷 is 吉.

A name has one official character, and the person who searches for it types the common one. Each group
begins with the character that keyboards offer first; the others are its variants:

* the forms before 1946, as in the table of common kanji (常用漢字表, Cabinet notice 2 of 2010) and in the
  kanji for names (Regulation for Enforcement of the Family Register Act, table 2);
* variants that occur in names, among them those without a code in JIS X 0208;
* the simplified Chinese characters of most common family and given names.

Different names stay different: 渡辺 and 渡部, 伊藤 and 伊東, 阿部 and 安部. The exception is 斉藤 and 斎藤,
with 齊 and 齋: the characters differ in origin, but four spellings of one surname are confused so often
that a search for one has to find all.
"""

_GROUPS = """
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹弌 隠隱 栄榮荣 営營 衛衞卫 駅驛 円圓 塩鹽 縁緣
艶艷艳 応應 欧歐 殴毆 桜櫻 奥奧 横橫 温溫 穏穩 仮假 価價 画畫 会會 絵繪 壊壞 懐懷
概槪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂乐 缶罐 巻卷 陥陷 勧勸 寛寬 関關关 歓歡 観觀 気氣 既旣
帰歸 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕 暁曉晓 区區 駆驅駈 勲勳
薫薰 径徑 茎莖 恵惠 掲揭 渓溪 経經 蛍螢 軽輕 継繼 鶏鷄 芸藝 撃擊 欠缺 研硏 県縣 倹儉
剣劍劒 険險 圏圈 検檢 献獻 権權 顕顯 験驗 厳嚴严 広廣 効效 恒恆 黄黃 鉱鑛 号號 国國圀
黒黑 砕碎 済濟 斉斎齋齊齐 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 児兒 歯齒 辞辭
湿濕 実實 写寫 釈釋 寿壽 収收 従從 渋澁澀 獣獸 縦縱 粛肅 処處 叙敍敘 将將 称稱 渉涉
焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓 醸釀 触觸 嘱囑 真眞
寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 静靜 窃竊 摂攝 専專
浅淺 戦戰 践踐 銭錢钱 潜潛 繊纖 禅禪 双雙 壮壯 争爭 荘莊 捜搜 挿插 巣巢 曽曾 痩瘦
装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 堕墮 対對 体體 帯帶 滞滯 台臺 滝瀧 択擇
沢澤泽 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 痴癡 虫蟲 昼晝 鋳鑄 庁廳 徴徵 聴聽 勅敕
鎮鎭 逓遞 鉄鐵鐡銕 点點 転轉 伝傳 灯燈 当當 党黨 盗盜 稲稻 闘鬪 徳德 独獨 読讀 届屆
弐貳 悩惱 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 秘祕 浜濱濵 瓶甁 払拂
仏佛 併倂 並竝 辺邊邉 変變 弁辨瓣辯 歩步 宝寶寳 豊豐 褒襃 翻飜 毎每 万萬 満滿 麺麵
黙默 弥彌 訳譯 薬藥 与與 予豫 余餘 誉譽 揺搖 様樣 謡謠 来來 頼賴赖 乱亂 覧覽 竜龍龙
両兩 猟獵 緑綠 塁壘 礼禮 励勵 霊靈 齢齡 暦曆 歴歷 恋戀 炉爐 労勞 郎郞 楼樓 録錄 湾灣
高髙 崎﨑嵜碕 島嶋嶌岛 吉𠮷 富冨 峰峯 館舘 船舩 桑桒 柳栁桺 松枩枀 梅楳 渕淵渊 野埜 村邨
喜㐂 勢㔟 清淸 青靑 隣鄰 亀龜 尭堯 遥遙 凛凜 瑶瑤 桧檜 槙槇 桝枡 薮藪籔 篭籠 鴎鷗 鶯鴬
鯵鰺 涛濤 巌巖 涼凉 兎兔 芦蘆 蝋蠟 祷禱 頚頸 麹麴 儘侭 諌諫 秋秌穐龝 卯夘 廸迪
遠逺 衆眾 強强 内內 呉吳吴 戸戶 産產 彦彥 顔顏 教敎 銀银 鈴铃 聡聰聪 傑杰 華华 張张
劉刘 陳陈 趙赵 鄭郑 馬马 許许 孫孙 楊杨 馮冯 鄧邓 盧卢 羅罗 謝谢 韓韩 蘇苏 呂吕 賈贾
譚谭 鄒邹 陸陆 鐘鍾钟锺 湯汤 賀贺 龔龚 蕭萧 閻阎 顧顾 蒋蔣 喬乔 魯鲁 義义 麗丽 偉伟
軍军 蘭兰 鳳凤 紅红 瑩莹 瑋玮 穎颖頴 東东 飛飞 鵬鹏 勝胜 陽阳 潔洁 範范
剛刚 凱凯 雲云 寧宁 慶庆 維维 貴贵 賢贤 鋒锋 誠诚 輝辉 銘铭 鋭銳锐 錦锦 駿骏 紹绍 純纯 瓊琼
詩诗 夢梦 愛爱 蓮莲 連连 韋韦 聶聂 費费 鮑鲍 項项 駱骆 紀纪 聞闻 長长 進进 晋晉
緒緖 渇渴 涙淚 戻戾 晩晚 禰祢 亘亙 萌萠 晃晄 禄祿 穣穰 園薗 杯盃 姫姬 橋槗 昇曻 土圡 昂昻
"""

# For `str.translate`.
STANDARD_KANJI = {ord(variant): group[0] for group in _GROUPS.split() for variant in group[1:]}
