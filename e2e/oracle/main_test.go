package oracle

import (
	"os"
	"testing"

	"wenguo/warehouse/enginetest"
)

var engines *enginetest.Engine

func TestMain(m *testing.M) {
	os.Exit(enginetest.Main(m, func(e *enginetest.Engine) { engines = e }))
}
