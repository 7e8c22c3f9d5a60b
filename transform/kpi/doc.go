// Package kpi is the catalogue of key figures: what each is called, how it is computed, in what unit, and when its value may be believed.
package kpi
