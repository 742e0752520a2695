package workspace

// usageSource is a source of usage as Load gives it.
func usageSource(name string, usage Usage, columns map[string]Column) Source {
	return Source{Name: name, Profile: Profile{
		SnapshotDate: DateFrom{Value: "2016-12-31"}, Columns: columns, Usage: usage,
	}}.WithDefaults()
}
