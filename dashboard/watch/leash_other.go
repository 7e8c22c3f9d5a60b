//go:build !linux

package watch

import "syscall"

// leashed keeps a terminal's Ctrl-C from the child; only Linux can tie its life to the parent's.
func leashed() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
