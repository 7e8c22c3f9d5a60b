package engine

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is libchdb.so, the ClickHouse engine as a C library, reached without cgo headers.
type library struct {
	connect       func(argc int32, argv **byte) *uintptr
	closeConn     func(conn *uintptr)
	query         func(conn uintptr, query *byte, queryLen uintptr, format *byte, formatLen uintptr) uintptr
	destroyResult func(result uintptr)
	buffer        func(result uintptr) *byte
	length        func(result uintptr) uintptr
	resultError   func(result uintptr) string
}

// openLibrary loads the engine from path. The error names the file.
func openLibrary(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("the engine library cannot be used: %w; run `make deps-run` to fetch it, or name a sound one as engine.library", err)
	}
	var lib library
	var signals func(enabled bool)
	for name, target := range map[string]any{
		"chdb_connect":                     &lib.connect,
		"chdb_close_conn":                  &lib.closeConn,
		"chdb_query_n":                     &lib.query,
		"chdb_destroy_query_result":        &lib.destroyResult,
		"chdb_result_buffer":               &lib.buffer,
		"chdb_result_length":               &lib.length,
		"chdb_result_error":                &lib.resultError,
		"chdb_set_signal_handlers_enabled": &signals,
	} {
		symbol, err := purego.Dlsym(handle, name)
		if err != nil {
			return nil, fmt.Errorf("the engine library %s is another than the pinned one: it lacks %s; run `make deps-run` to fetch it", path, name)
		}
		purego.RegisterFunc(target, symbol)
	}
	signals(false) // Go owns the signals of this process
	return &lib, nil
}

// connection is one serial session of the engine; several on one data folder run in parallel.
type connection struct {
	lib      *library
	handle   *uintptr
	database string
}

// connect opens a session on the store below dir; the first one of the process decides dir for all.
func (l *library) connectTo(args ...string) (*connection, error) {
	argv := make([]*byte, 0, len(args)+1)
	for _, arg := range args {
		argv = append(argv, &append([]byte(arg), 0)[0])
	}
	argv = append(argv, nil)
	handle := l.connect(int32(len(args)), &argv[0])
	runtime.KeepAlive(argv)
	if handle == nil || *handle == 0 {
		return nil, errors.New("open engine session: the engine refused; see its log")
	}
	return &connection{lib: l, handle: handle}, nil
}

// do runs one statement and returns a copy of its output in the given format. A statement's failure is an *Exception.
func (c *connection) do(statement []byte, format string) ([]byte, error) {
	f := []byte(format)
	result := c.lib.query(*c.handle, &statement[0], uintptr(len(statement)), &f[0], uintptr(len(f)))
	runtime.KeepAlive(statement)
	runtime.KeepAlive(f)
	if result == 0 {
		return nil, errors.New("engine gave no result")
	}
	defer c.lib.destroyResult(result)
	if text := c.lib.resultError(result); text != "" {
		return nil, parseException(text)
	}
	n := c.lib.length(result)
	if n == 0 {
		return nil, nil
	}
	out := make([]byte, n)
	copy(out, unsafe.Slice(c.lib.buffer(result), n))
	return out, nil
}

func (c *connection) close() { c.lib.closeConn(c.handle) }
