package program

import "syscall"

// dieWithParent makes the kernel end the program when the test binary ends without its clean-ups (a panic, a time-out).
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
