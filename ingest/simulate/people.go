package simulate

import (
	"fmt"
	"math/rand/v2"

	"wenguo/ingest"
)

// customers is how many the company has; a few of them complain often.
const (
	customers = 60_000
	frequent  = 80
)

// customer is a person who writes: who they are to the company, and how they write.
type customer struct {
	ingest.Customer
	family string
	voice  string
}

// Voices of writers; a phrase may be marked with the voice it belongs to.
const (
	voicePlain   = ""
	voiceAngry   = "怒"
	voicePolite  = "礼"
	voiceElder   = "老"
	voiceTerse   = "简"
	voiceFormal  = "文"
	voiceSlangy  = "俗"
	voiceClerk   = "录" // a clerk writing down what a caller says
	regionsAll   = "上海 北京 广州 深圳 杭州 成都 重庆 武汉 长沙 南京 苏州 西安 郑州 天津 青岛 合肥 宁波 佛山 东莞 济南 福州 厦门 昆明 沈阳 无锡 南昌 石家庄 贵阳 南宁 太原 哈尔滨 长春 大连 温州 泉州 徐州 常州 洛阳 绵阳 兰州 海口 呼和浩特 乌鲁木齐 银川 襄阳 株洲 赣州 潍坊"
	familiesAll  = "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 林 郭 何 高 罗 郑 梁 谢 宋 唐 许 邓 韩 冯 曹 彭 曾 肖 田 董 潘 袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 沈 任 姚 卢 傅 钟 姜 崔 谭 廖 范 汪 陆 金 石 戴 贾 韦 夏 邱 方 侯 邹 熊 孟 秦 白 江 阎 薛 尹 欧阳"
	customersKey = "u-%06d"
)

func (w *World) customer(r *rand.Rand) customer {
	i := r.IntN(customers)
	if chance(r, .03) {
		i = r.IntN(frequent)
	}
	return w.customerAt(i)
}

// customerAt is always the same person.
func (w *World) customerAt(i int) customer {
	r := stream(w.cfg.Seed, purposeCustomer, uint64(i))
	family := pick(r, w.texts.families)
	name := family + pick(r, []string{"某", "某", "女士", "先生", "女士", "先生", "某某", "小姐", "阿姨", "师傅", "老师"})
	// Prefixes of a block that this world keeps for itself: eleven digits, four zeros in the middle.
	phone := fmt.Sprintf("%s0000%04d", pick(r, []string{"138", "139", "137", "150", "159", "186", "177"}), r.IntN(10000))
	voices := []string{voicePlain, voiceAngry, voicePolite, voiceElder, voiceTerse, voiceFormal, voiceSlangy}
	c := customer{family: family, voice: voices[weighted(r, []float64{34, 14, 11, 7, 13, 9, 12})]}
	c.Customer = ingest.Customer{
		ID: fmt.Sprintf(customersKey, i), Name: name, Phone: phone,
		Region: w.region(r), Tier: []string{"普通会员", "银卡会员", "金卡会员", "钻石会员"}[weighted(r, []float64{58, 24, 13, 5})],
	}
	if chance(r, .06) {
		c.Phone = ""
	}
	return c
}

// region favours the cities named first.
func (w *World) region(r *rand.Rand) string {
	n := len(w.texts.regions)
	return w.texts.regions[min(int(float64(n)*r.Float64()*(0.25+0.75*r.Float64())), n-1)]
}

// department is a part of the company; bad says how much oftener than others it leaves people unsatisfied.
type department struct {
	name   string
	owners []string
	bad    float64
}

const service = "客服中心"

var departments = []department{ //nolint:gochecknoglobals // a constant table
	{service, []string{"何敏", "柳叶青", "童小满", "安可欣", "乔雨", "温良辰"}, .9},
	{"技术支持部", []string{"穆远帆", "纪星野", "容子墨", "焦阳", "佟一鸣"}, 1.0},
	{"商城运营部", []string{"辛晓禾", "蓝念慈", "樊小舟", "甘霖", "祝青松", "向春来"}, 1.1},
	{"本地生活部", []string{"岳小川", "娄安宁", "滕飞雁", "卓然亭", "裘小北", "宫月白"}, 1.15},
	{"出行旅行部", []string{"万里晴", "施慢慢", "路知远", "沙小鸥"}, 1.0},
	{"支付账务部", []string{"闵如玉", "钱小衡", "单雨桐", "符清和"}, .95},
	{"物流履约部", []string{"车向阳", "詹小驿", "骆冬生", "边城雪", "井然秋"}, 1.3},
	{"内容运营部", []string{"乐知微", "游子衿", "冉小茶", "景行之"}, 1.1},
}

func departmentNamed(name string) department {
	for _, d := range departments {
		if d.name == name {
			return d
		}
	}
	return departments[0]
}

// channel is a way in: its source system, its share, and who registers there.
type channel struct {
	name, source string
	share        float64
	byAgent      bool // a clerk registers what the customer says
	digital      bool // a bot answers first
}

var channels = []channel{ //nolint:gochecknoglobals // a constant table
	{"app", "app-feedback", 31, false, true},
	{"phone", "hotline", 25, true, false},
	{"im", "online-chat", 16, false, true},
	{"wechat", "wechat-service", 10, false, true},
	{"web", "web-portal", 6, false, false},
	{"social", "social-monitor", 5, false, false},
	{"email", "mail-gateway", 3.5, false, false},
	{"counter", "service-hall", 1.5, true, false},
	{"other", "regulator-transfer", 1.5, true, false},
	{"fax", "mail-gateway", .2, true, false},
}

func drawChannel(r *rand.Rand, not string) channel {
	weights := make([]float64, len(channels))
	for i, c := range channels {
		if c.name != not {
			weights[i] = c.share
		}
	}
	return channels[weighted(r, weights)]
}
