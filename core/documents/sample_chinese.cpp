#include "documents/sample_grammar.h"

namespace burrow {
namespace {

constexpr const char* chineseRules = R"(
line: {paragraph} | {paragraph} | {paragraph} | {paragraph} | {paragraph} | {record} | {record} | {heading} | {speech}
paragraph: {say}{say} | {say}{say}{say} | {say}{say}{say}{say} | {say}{fact}{say} | {fact}{say}{say}{say} | {say}{say}{say}{say}{say}
say: {opening}，{clause}。 | {clause}。 | {clause}，{clause}。 | {clause}，但是{clause}。 | {opening}，因为{clause}，{clause}。 | 没有人说得清为什么{clause}。 | {person}写道：{clause}。 | 听说{clause}。 | {clause}；{clause}。 | 据《{paper}》报道，{clause}。 | 当{clause}的时候，{clause}。 | 如果{person}说得对，{clause}。
opening: 那年{season} | 到了{month} | {clock}左右 | {year}年初 | 傍晚时分 | {event}之后 | {event}之前 | 一连{number}天 | 几个星期以后 | 像往常一样 | 离{place}不远 | 在去{place}的路上 | 出乎大家意料 | 天刚亮 | 过了很久
clause: {adjective}的{trade}{verbed}{object} | {person}{verbed}{building}里那件{adjective}的{object} | {place}的{building}{state} | 有{number}{goods}运往{place} | {place}的{season}格外{weather} | {building}门口放着一件{adjective}的{object} | {place}的{trade}{verbed}那批货 | {person}带着{number}{goods}去了{place} | {device}{reading} | 两个{trade}为了{object}争执起来 | {goods2}的价钱涨到了{number}元 | 一群{animal}来到{field} | {event}{outcome} | {person}和{person}{verbed}{object} | {place}的{field}下了{number}个小时的雨 | {place}的{office}答应修一座新的{building} | 从{place}来的信里提到了那件{object}
record: {date}，{place}，{goods2}{number}件，经手人{person}。 | 第{=%###}号：{goods2}，共{number}箱，由{place}运至{place}，{person}签收。 | 展品{=%##}：{adjective}的{object}，估价{amount}元，{person}出借。 | {person}，{trade}，{place}人，生于{date}。 | {place}{device}读数：{=%##.#}，备注：{state}。 | {date}会议记录：{clause}。出席：{person}、{person}、{person}。
heading: 第{=%#}章　{place} | {year}年{event}纪事 | {year}年{month}，{place} | 其{=%}　{person}
speech: “{clause}。”{person}说，“{say}” | “你看见那件{object}了吗？”{person}问。“{clause}。” | {person}笑了。“{say}{say}”
person: {family}{given}{given2} | {family}{given}{given2} | {family}{given}
family: 王 | 李 | 张 | 刘 | 陈 | 杨 | 赵 | 黄 | 周 | 吴 | 徐 | 孙 | 胡 | 朱 | 高 | 林 | 何 | 郭 | 马 | 罗 | 梁 | 宋 | 郑 | 谢 | 韩 | 唐 | 冯 | 于 | 董 | 萧 | 欧阳 | 司马 | 诸葛 | 上官
given: 文 | 明 | 志 | 建 | 晓 | 玉 | 春 | 海 | 国 | 秀 | 雨 | 思 | 永 | 家 | 立 | 慧 | 婉 | 子 | 若 | 景
given2: 华 | 强 | 芳 | 敏 | 静 | 丽 | 军 | 洋 | 涛 | 杰 | 娟 | 艳 | 磊 | 霞 | 平 | 刚 | 桂 | 兰 | 辉 | 鹏 | 宁 | 瑶
place: {head}{tail} | {head}{tail} | {head}{middle}{tail}
head: 青 | 白 | 黑 | 红 | 长 | 东 | 西 | 南 | 北 | 石 | 柳 | 梅 | 松 | 竹 | 云 | 龙 | 凤 | 鹿 | 鹤 | 雁 | 枫 | 桐 | 清 | 沙 | 玉 | 银 | 铜 | 泉
middle: 水 | 山 | 河 | 桥 | 林 | 岭 | 湖 | 溪 | 岩 | 塘
tail: 石镇 | 河镇 | 桥镇 | 关镇 | 湾镇 | 溪村 | 家村 | 岭村 | 坡村 | 井村 | 塘县 | 阳县 | 陵县 | 川县 | 浦县 | 门港 | 口港 | 湖港
adjective: 古老 | 狭小 | 沉重 | 安静 | 歪斜 | 明亮 | 没完工 | 借来 | 昂贵 | 潮湿 | 熟悉 | 宏伟 | 朴素 | 生锈 | 褪色 | 安稳 | 破旧 | 精致 | 普通 | 罕见 | 镀金 | 木制 | 巨大 | 轻巧
weather: 寒冷 | 干燥 | 漫长 | 多雨 | 温暖 | 闷热 | 晴朗 | 短暂
trade: 面包师 | 测量员 | 船夫 | 印刷工 | 织工 | 书记员 | 木匠 | 磨坊主 | 老师 | 看守人 | 档案员 | 酿酒师 | 裁缝 | 园丁 | 锁匠 | 石匠 | 画师 | 铁匠 | 鞋匠 | 领航员 | 信号员 | 药剂师
object: 账本 | 灯笼 | 地图 | 小提琴 | 望远镜 | 罗盘 | 地毯 | 画像 | 雕像 | 箱子 | 气压计 | 手稿 | 挂毯 | 地球仪 | 音乐盒 | 镜子 | 年谱 | 旗帜 | 铁锚 | 吊灯 | 笛子 | 酒杯 | 竖琴 | 墨水瓶 | 茶壶 | 织机
building: 灯塔 | 市政厅 | 祠堂 | 博物馆 | 图书馆 | 磨坊 | 天文台 | 酒坊 | 海关 | 戏院 | 学堂 | 医院 | 寺院 | 船坞 | 粮仓 | 邮局 | 钟楼 | 兵营 | 档案馆 | 温室 | 客栈 | 会馆 | 车站
device: 验潮仪 | 地震仪 | 起重机 | 水泵 | 发电机 | 座钟 | 地磅 | 电报机 | 涡轮机 | 升降机 | 窑炉 | 水表 | 信号灯 | 雾笛 | 印刷机 | 水闸 | 风向标 | 保险柜
reading: 显示{=%##.#} | 停在{=%##} | 又{state} | 漏记了{=%#}次 | 报出代码{=E%###}
state: 关闭了 | 没有声音 | 正在维修 | 对游客开放 | 没有暖气 | 停用了 | 空了一半 | 完好如初 | 没有灯光 | 上了锁 | 一切照旧
verbed: 修好了 | 卖掉了 | 描述了 | 搬走了 | 借走了 | 量过了 | 画下了 | 夸奖了 | 藏起了 | 归还了 | 检查了 | 抄写了 | 弄丢了 | 继承了 | 擦亮了 | 登记了 | 拒收了 | 修复了 | 当掉了 | 拍下了
goods: 桶盐 | 匹布 | 袋麦子 | 罐油漆 | 箱苹果 | 捆芦苇 | 块砖 | 支蜡烛 | 卷绳子 | 罐蜂蜜 | 块玻璃 | 块木板 | 卷纸 | 片瓦 | 盒钉子 | 袋种子
goods2: 食盐 | 棉布 | 小麦 | 油漆 | 苹果 | 芦苇 | 青砖 | 蜡烛 | 绳子 | 蜂蜜 | 玻璃 | 木板 | 纸张 | 瓦片 | 钉子 | 种子
animal: 大雁 | 苍鹭 | 海豹 | 水獭 | 燕子 | 梅花鹿 | 野兔 | 丹顶鹤 | 白鹳 | 蝙蝠 | 鲑鱼 | 山羊 | 天鹅 | 河狸
field: 盐滩 | 公地 | 河岸 | 高草甸 | 荒原 | 北岸 | 老果园 | 泥炭地 | 采石塘 | 沙洲 | 东牧场
event: 洪水 | 集市 | 人口普查 | 选举 | 秋收 | 罢工 | 音乐会 | 龙舟赛 | 检查 | 大火 | 婚礼 | 拍卖会 | 测绘 | 干旱 | 暴风雨
outcome: 很快被遗忘了 | 办得很成功 | 推迟到了{month} | 让人谈论了{number}天 | 来了{number}个人 | 登上了《{paper}》 | 取消了
office: 镇长 | 司库 | 港务长 | 园林总管 | 敲钟人 | 书记官 | 邮政局长 | 校长 | 消防队长
paper: 公报 | 信使报 | 晨报 | 港口新闻 | 年鉴 | 地方志 | 晚星报
season: 春天 | 夏天 | 秋天 | 冬天
month: 一月 | 二月 | 三月 | 四月 | 五月 | 六月 | 七月 | 八月 | 九月 | 十月 | 十一月 | 十二月
number: {=%#} | {=%##} | {=%##} | {=%###} | 十二 | 四十 | 三百
amount: {=%###} | {=%#,##%} | {=%##,##%}
year: {=18##} | {=19##} | {=19##} | {=20##}
date: {year}年{=%}月{=1#}日 | {year}年{=1}{=2}月{=%}日
clock: 清晨 | 中午 | 半夜 | 下午{=%}点
code: {=@@-%###-@@} | {=%##-@@@-###} | {=@%###@##} | {=%##-###-##%}
locker: {=%####}
longcount: {=%##%} | {=%#,##%} | {=%####}
exactdate: {year}年{=%}月{=2#}日
clocktime: 上午{=%:0%} | 下午{=%:4%} | 晚上{=%:2%}
hiding: 第{ordinal}块{adjective}的石板底下 | {object2}后面那只{adjective}的罐子里 | {object2}旁边的墙缝里 | {adjective}的{object2}的夹层里
ordinal: 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九
object2: 灶台 | 水缸 | 书柜 | 织布机 | 鸽舍 | 炭箱 | 屏风 | 药柜 | 米缸
dog: {petA}{petB}
petA: 阿 | 小 | 大 | 老
petB: 旺财 | 豆包 | 芝麻 | 铁蛋 | 栗子 | 乌云 | 雪球 | 闪电 | 馒头 | 石榴
ship: {shipname}{=%##}号
shipname: 信天翁 | 子午线 | 北极光 | 海燕 | 远行者 | 晚潮 | 平安 | 顺风
password: {wordA}{wordB}{=%##%}
wordA: 琥珀 | 赤红 | 靛蓝 | 翡翠 | 珍珠 | 象牙 | 紫檀 | 朱砂
wordB: 猎鹰 | 壁虎 | 山猫 | 渡鸦 | 毒蛇 | 海象 | 刺猬 | 白鼬
dish: 梅子糕 | 鱼汤 | 黑麦面包 | 炖蘑菇 | 柠檬塔 | 大麦粥 | 葱油饼
ingredient: 黄油 | 面粉 | 蜂蜜 | 杏仁 | 细盐 | 白糖 | 葡萄干
project: 蓝铃 | 鸬鹚 | 浮木 | 珠峰 | 榛树 | 杜松 | 翠鸟 | 北斗 | 喜鹊 | 夜鹰
employer: {head}{middle}铸造厂 | {head}{middle}航运公司 | {head}{middle}研究所 | {head}{middle}银行
)";

constexpr SampleFactForm chineseFacts[] = {
    {"{place}那台{device}的开启密码是{code}。", "{place}那台{device}的开启密码是什么？", "{code}",
        {"{place}", "{device}"}},
    {"{person}把{building}的备用钥匙藏在{hiding}。", "{person}把{building}的备用钥匙藏在哪里？", "{hiding}",
        {"{person}", "{building}"}},
    {"{place}的{device}上一次校准是在{exactdate}。", "{place}的{device}上一次校准是什么时候？", "{exactdate}",
        {"{place}", "{device}"}},
    {"那一年，人们在{place}附近的{field}数到了{longcount}只{animal}。",
        "人们在{place}附近的{field}数到了多少只{animal}？", "{longcount}", {"{place}", "{animal}"}},
    {"经过投票，{person}以微弱优势当选{place}的{office}。", "谁当选了{place}的{office}？", "{person}",
        {"{place}", "{office}"}},
    {"渡轮{ship}推迟了{longcount}天，才在{place}下水。", "渡轮{ship}是在哪里下水的？", "{place}",
        {"渡轮", "{ship}"}},
    {"编号{code}的包裹由{person}在车站签收。", "编号{code}的包裹是谁签收的？", "{person}",
        {"包裹", "{code}"}},
    {"打开{place}{project}档案的口令是“{password}”。", "用什么口令可以打开{place}{project}档案？",
        "{password}", {"{place}", "{project}"}},
    {"{person}养的狗名叫{dog}。", "{person}养的狗叫什么名字？", "{dog}", {"狗", "{person}"}},
    {"{person}做{dish}总要放{longcount}克{ingredient}。", "{person}做{dish}要放多少克{ingredient}？",
        "{longcount}", {"{person}", "{ingredient}"}},
    {"{person}的{object}存放在{place}{building}的{locker}号储物柜。",
        "{person}的{object}存放在{place}{building}的几号储物柜？", "{locker}", {"{person}", "{place}"}},
    {"{place}“{project}”项目的预算增加到了{amount}元。", "{place}“{project}”项目的预算增加到了多少元？",
        "{amount}", {"{place}", "{project}"}},
    {"拍卖会上，{person}花了{amount}元买下来自{place}的{object}。",
        "{person}买下来自{place}的{object}花了多少元？", "{amount}", {"{person}", "{object}"}},
    {"从{place}开往省城的末班车{clocktime}发车。", "从{place}开往省城的末班车几点发车？", "{clocktime}",
        {"{place}", "末班车"}},
    {"战前，{person}在{employer}当{trade}。", "{person}战前在哪家单位当{trade}？", "{employer}",
        {"{person}", "{trade}"}},
};

} // namespace

const SampleLanguage& chineseSamples()
{
    static constexpr SampleLanguage language{chineseRules, chineseFacts, ""};
    return language;
}

} // namespace burrow
