package dashboard

import (
	"net/http"

	"wenguo/dashboard/openapi"
)

// knownOperations are the entries of finding the answer to a customer's words.
func knownOperations() []operation {
	const words = "items 按证据从强到弱，最多三个；空的就是没有对得上的问题。confidence：same 与其中一件投诉用词相同，probable 达到归入问题所需的证据，possible 略有不足。"
	return []operation{
		{Operation: openapi.Operation{
			Tag: "复发问题", ID: "known", Path: apiRoot + "/known", Summary: "几个词说的是哪个复发问题，怎么答复", Description: words + "整段话请用 POST。",
			Answer: knownAnswer{}, Parameters: []openapi.Parameter{{Name: "text", Required: true, Description: "几个词，最多 40 个字，不含个人信息", Example: "验证码 收不到"}},
		}},
		{Operation: openapi.Operation{
			Method: http.MethodPost, Path: apiRoot + "/known", ID: "knownText", Tag: "复发问题", Summary: "客户的一段话说的是哪个复发问题，怎么答复",
			Description: words + "正文不入库，也不写进日志。", Body: knownRequest{}, Answer: knownAnswer{},
			Errors: []int{http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable},
		}},
	}
}
