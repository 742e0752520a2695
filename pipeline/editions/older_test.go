package editions

import (
	"testing"

	"github.com/tapcov/tapcov/pipeline/engine"
)

// A lake may have months that were settled when every serial number was kept.
func TestSerialsOfOlderLakes(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	const older = `select * from (values ('1', 'S1', cast(null as bigint)), ('2', 'S2', 2), ('3', null, null)) as t(terminal_id, serial_number, serial_terminal_count)`
	const newer = `select * from (values ('1', true, cast(null as varchar), cast(null as bigint)), ('2', true, 'S2', 2), ('3', false, null, null))
		as t(terminal_id, has_serial, shared_serial_number, serial_terminal_count)`
	for name, query := range map[string]string{"older": older, "newer": newer, "both": older + " union all by name " + newer} {
		var wrong int
		if err := e.Scan(t.Context(), `select count(*) from (`+withSerials("select * from ("+query+")")+`) as t
			where has_serial is distinct from (terminal_id <> '3') or shared_serial_number is distinct from case when terminal_id = '2' then 'S2' end`, &wrong); err != nil {
			t.Fatal(err)
		}
		if wrong > 0 {
			t.Errorf("%s: %d rows are wrong", name, wrong)
		}
	}
}
