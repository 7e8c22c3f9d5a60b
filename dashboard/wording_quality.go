package dashboard

import (
	"strings"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/sla"
)

var refusalNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	string(ingest.ClassOversized): "太大", string(ingest.ClassInvalidUTF8): "不是 UTF-8", string(ingest.ClassNotJSON): "不是 JSON",
	string(ingest.ClassMissingField): "缺少字段", string(ingest.ClassWrongType): "类型不对", string(ingest.ClassInvalidValue): "取值不对",
	string(ingest.ClassUnknownKind): "不认识的事件种类", string(ingest.ClassTimeOutOfRange): "时间超出范围", string(ingest.ClassUnstorable): "数据库存不下",
}

// refusalRemedies say what the sender has to do.
var refusalRemedies = map[string]string{ //nolint:gochecknoglobals // a constant table
	string(ingest.ClassOversized): "超过 1 MiB：附件只发链接", string(ingest.ClassInvalidUTF8): "发送前转成 UTF-8",
	string(ingest.ClassNotJSON): "每条消息一个 JSON 对象", string(ingest.ClassMissingField): "补上这个字段",
	string(ingest.ClassWrongType): "按约定的类型填写", string(ingest.ClassInvalidValue): "按约定的格式填写",
	string(ingest.ClassUnknownKind): "种类只能取约定的名字，见 docs/event.schema.json", string(ingest.ClassTimeOutOfRange): "检查来源系统的时钟、时区与日期格式",
	string(ingest.ClassUnstorable): "请运维查看服务日志，修好后重放",
}

var anomalyNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	transform.AnomalyReopenedOpen: "还没办结就再次处置", transform.AnomalyBeforeRegistered: "事件早于登记",
	transform.AnomalySeveralRegistered: "登记了不止一次", transform.AnomalyNegativeLag: "到达早于发生",
	transform.AnomalyBackwardsTimestamp: "回访早于办结",
}

// anomalyName says what cannot have happened.
func anomalyName(id string) string {
	if stage, ok := strings.CutPrefix(id, transform.AnomalyClock); ok {
		return name(stageNames, sla.Stage(stage)) + "的完成早于开始"
	}
	return name(anomalyNames, id)
}
