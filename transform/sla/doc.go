// Package sla counts working time: calendars, the policy that gives each stage its target, and the clocks that measure a
// complaint against it.
//
// A deadline has one definition, here, so that the page, the alert, the KPI and the command line can never disagree.
package sla
