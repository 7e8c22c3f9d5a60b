// Package improve tells whether a figure really changed: control charts, so that an action is judged by signals and not
// by noise.
package improve
