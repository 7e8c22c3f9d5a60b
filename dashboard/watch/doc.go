// Package watch runs Prometheus and Alertmanager beside the program and asks them what fires. Both stay what they are: the
// program writes their configuration, starts them on loopback, starts them again when they die and ends them when it ends.
// Where an organisation has its own, they are asked instead and nothing is started.
package watch
