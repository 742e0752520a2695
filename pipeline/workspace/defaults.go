package workspace

import (
	"reflect"
	"runtime"
)

// Defaults returns the configuration of an empty tapcov.yaml. Regions.Vintage is empty here: Load
// sets it to the newest vintage of the reference data.
func Defaults() Config {
	return Config{
		Estate:    Estate{Area: "CN"},
		Snapshots: Snapshots{CompleteShare: "0.95", CloseAfter: 3, CarryMax: 3},
		Evidence:  Evidence{ObservedMonths: 12, MaxTerminalsPerSerial: 20},
		Limits:    Limits{Memory: 1 << 30, Record: 1 << 20, Unpacked: 4 << 30, Threads: runtime.GOMAXPROCS(0)},
		Report:    Report{Languages: []string{"en"}, TopN: 20},
	}
}

// WithDefaults returns the source as Load gives it: what has a default and is not set is set to it.
func (s Source) WithDefaults() Source {
	for _, field := range []struct {
		set *string
		to  string
	}{
		{&s.Kind, "acquirer"},
		{&s.Files, "*"},
		{&s.RegionScheme, "gb2260"},
		{&s.Delivery, "whole"},
		{&s.NoPinScope, "merchant"},
	} {
		if *field.set == "" {
			*field.set = field.to
		}
	}
	if len(s.TerminalKey) == 0 {
		s.TerminalKey = []string{"acquirer_id", "terminal_id"}
	}
	return s
}

// WithDefaults returns a configuration made in Go as Load would give it back: each source with its
// defaults, and each section that is left at its zero value as in Defaults.
func (c Config) WithDefaults() Config {
	filled, defaults := reflect.ValueOf(&c).Elem(), reflect.ValueOf(Defaults())
	for i := range filled.NumField() {
		if filled.Field(i).IsZero() {
			filled.Field(i).Set(defaults.Field(i))
		}
	}
	if c.Estate.Area == "" {
		c.Estate.Area = Defaults().Estate.Area
	}
	return c.settled()
}

// settled gives the sources their defaults and what may be written in two ways one form.
func (c Config) settled() Config {
	sources := c.Sources
	c.Sources = nil
	for _, s := range sources {
		c.Sources = append(c.Sources, s.WithDefaults())
	}
	if c.Estate.OfficialTotal == "none" {
		c.Estate.OfficialTotal = ""
	}
	return c
}
