package watch

import "syscall"

// leashed makes the kernel end the child when its parent dies, however that happens. A terminal's Ctrl-C is for the parent
// alone, which then ends its parts in order. The thread that starts the child must live as long as the child.
func leashed() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
}
