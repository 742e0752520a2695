package engine

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// attacks are statements that would write, reach out, change the engine, or read what they may not.
// LAKE is a folder of allowed files, OPEN a folder that is allowed as a whole, SECRET a file beside them.
var attacks = []string{
	// Writing.
	`copy (select 1) to 'LAKE/a.parquet'`,
	`copy (select 1) to 'OPEN/new.csv'`,
	`copy terminals to 'OPEN/new.csv' (use_tmp_file false)`,
	`copy terminals from 'OPEN/b.csv'`,
	`COPY (SELECT 1) TO 'OPEN/new' (format parquet, partition_by (a))`,
	`export database 'OPEN/new'`,
	`import database 'OPEN/new'`,
	`explain analyze copy (select 1) to 'OPEN/new.csv'`,
	`explain analyze/**/copy (select 1) to 'OPEN/new.csv'`,
	`explain (analyze) copy (select 1) to 'OPEN/new.csv'`,
	`explain (format json) copy (select 1) to 'OPEN/new.csv'`,
	`explain /* select 1 */ analyze copy (select 1) to 'OPEN/new.csv'`,
	"explain -- select 1\nanalyze copy (select 1) to 'OPEN/new.csv'",
	`explain analyze create table t as select 1`,
	`explain analyze explain analyze select 1`,
	`with t as (copy (select 1) to 'OPEN/new.csv') select * from t`,
	`select * from (copy (select 1) to 'OPEN/new.csv')`,
	`from enable_logging(storage = 'file', storage_path = 'OPEN/new')`,
	`select * from system.main.enable_logging(storage := 'file', storage_path := 'OPEN/new')`,
	`from "ENABLE_LOGGING"(storage = 'file', storage_path = 'OPEN/new')`,
	`select (select count(*) from enable_logging(storage = 'file', storage_path = 'OPEN/new'))`,
	`from enable_profiling(save_location = 'OPEN/new.json')`,
	`from json_execute_serialized_sql(json_serialize_sql('from enable_logging()'))`,
	`from query('from enable_logging()')`,
	`from query_table('terminals')`,
	`explain analyze from enable_logging(storage = 'file', storage_path = 'OPEN/new')`,
	`select write_log('x')`,
	// Several at once.
	`select 1; copy (select 1) to 'OPEN/new.csv'`,
	`select 1; drop view terminals; --`,
	"select 1 --\n; drop view terminals",
	`select 1 /* ; */ ; drop view terminals`,
	`select 1) to 'OPEN/new.csv'; --`,
	`explain select 1; drop view terminals`,
	// Changing the engine.
	`set enable_external_access = true`,
	`set global memory_limit = '1TB'`,
	`set variable x = 1`,
	`reset lock_configuration`,
	`pragma enable_profiling`,
	`pragma database_list`,
	`pragma profile_output = 'OPEN/new.json'`,
	`install httpfs`,
	`install 'OPEN/x.duckdb_extension'`,
	`force install httpfs`,
	`load httpfs`,
	`load 'OPEN/x.duckdb_extension'`,
	`update extensions`,
	`attach 'OPEN/new.duckdb' as new`,
	`attach 'LAKE/a.parquet' as new`,
	`attach ':memory:' as new`,
	`from read_duckdb('OPEN/new.duckdb')`,
	`detach memory`,
	`use memory`,
	`create secret (type s3, key_id 'x', secret 'y')`,
	`create persistent secret (type http, extra_http_headers map {'a': 'b'})`,
	`drop secret x`,
	`drop view terminals`,
	`drop table if exists terminals`,
	`create view v as select 1`,
	`create table t as select 1`,
	`create temp table t as select 1`,
	`create macro m() as 1`,
	`create type t as enum ('a')`,
	`create schema s`,
	`create sequence s`,
	`alter view terminals rename to t`,
	`comment on view terminals is 'x'`,
	`insert into terminals values (1)`,
	`update terminals set a = 1`,
	`delete from terminals`,
	`truncate terminals`,
	`merge into terminals using terminals as t on true when matched then delete`,
	`prepare p as select 1`,
	`execute p`,
	`deallocate p`,
	`begin`,
	`commit`,
	`call enable_logging()`,
	`call pragma_version()`,
	`checkpoint`,
	`force checkpoint`,
	`from checkpoint()`,
	`from force_checkpoint()`,
	`from truncate_duckdb_logs()`,
	`vacuum`,
	`analyze`,
	`select nextval('s')`,
	`select sleep_ms(100000)`,
	`pivot terminals on a`,
	// Reading what is not ours.
	`from 'SECRET'`,
	`from '/etc/passwd'`,
	`from "/etc/passwd"`,
	`from read_text('/etc/passwd')`,
	`from read_text('file:///etc/passwd')`,
	`from read_blob('SECRET')`,
	`from read_csv('SECRET')`,
	`from read_csv(['OPEN/b.csv', 'SECRET'])`,
	`from read_json('SECRET')`,
	`from read_parquet('SECRET')`,
	`from sniff_csv('SECRET')`,
	`from glob('/etc/*')`,
	`from read_text('OPEN/../secret.csv')`,
	`from read_text('OPEN/link')`,
	`from read_text('OPEN/folder/secret.csv')`,
	`from read_text('LAKE/beside.csv')`,
	`from read_text('LAKE/*')`,
	`from 'LAKE/*.csv'`,
	`from read_text('OPENbeside/c.csv')`,
	`from read_csv('https://example.org/a.csv')`,
	`from 's3://bucket/a.parquet'`,
	`from read_text('/dev/stdin')`,
	`from read_text('/proc/self/environ')`,
	`select getenv('HOME')`,
	`from sqlite_scan('SECRET', 't')`,
	`from arrow_scan(0, 0, 0)`,
	`from pandas_scan(0)`,
	`from duckdb_secrets()`,
	`from duckdb_logs()`,
	// No statement.
	``, `;`, `-- nothing`, `/* nothing */`,
}

func TestSandboxHoldsAgainstAttacks(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	e := open(t)
	for _, folder := range []string{"lake", "open", "openbeside", "elsewhere"} {
		if err := os.Mkdir(at(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.Copy(t.Context(), "select 1 as a", at("lake/a.parquet")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lake/beside.csv", "open/b.csv", "openbeside/c.csv", "secret.csv", "elsewhere/secret.csv"} {
		if err := os.WriteFile(at(name), []byte("a\n1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"open/link": at("secret.csv"), "open/folder": at("elsewhere")} {
		if err := os.Symlink(target, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(at("lake")) // what is named without a folder would be written here
	s := sandbox(t, SandboxOptions{Files: []string{at("lake/a.parquet")}, Folders: []string{at("open")}})
	if err := s.View(t.Context(), "terminals", "select * from "+Parquet(at("lake/a.parquet"))); err != nil {
		t.Fatal(err)
	}
	before, settings := hashes(t, root), rows(t, s, "select name, value from duckdb_settings() order by name")
	place := strings.NewReplacer("LAKE", at("lake"), "OPEN", at("open"), "SECRET", at("secret.csv"))
	for _, attack := range attacks {
		c, err := s.Query(t.Context(), place.Replace(attack))
		for err == nil && c.Next() {
			c.Batch().Release()
		}
		if err == nil {
			err = errors.Join(c.Err(), c.Close())
		}
		if err == nil {
			t.Errorf("it ran: %s", attack)
		}
		if now := hashes(t, root); !cmp.Equal(before, now) {
			t.Fatalf("it wrote: %s\n%s", attack, cmp.Diff(before, now))
		}
	}
	if diff := cmp.Diff(settings, rows(t, s, "select name, value from duckdb_settings() order by name")); diff != "" {
		t.Errorf("settings (-before +after):\n%s", diff)
	}
	for _, query := range []string{"from terminals", "from " + Quote(at("open/b.csv")), "from " + Quote(at("open/*.csv"))} {
		if got := rows(t, s, query); !cmp.Equal(got, [][]string{{"1"}}) {
			t.Errorf("%s after the attacks: %v", query, got)
		}
	}
}

// hashes lists every file below a folder with a hash of what is in it.
func hashes(t *testing.T, root string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		all[path] = entry.Type().String()
		if entry.Type().IsRegular() {
			text, err := os.ReadFile(path)
			all[path] += fmt.Sprintf(" %x", sha256.Sum256(text))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
