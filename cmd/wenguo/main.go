// Command wenguo turns a stream of complaint events into numbers that can be trusted and problems that can be fixed.
package main

import (
	"os"
	_ "time/tzdata" // zones are known wherever the program runs
)

func main() { os.Exit(run(os.Args[1:])) }
