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
