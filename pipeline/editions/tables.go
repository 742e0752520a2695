package editions

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/queries"
)

// database is where tables are made: an engine, or a sandbox.
type database interface {
	View(ctx context.Context, name, query string) error
	Fill(ctx context.Context, table, columns string, rows [][]any) error
}

// tables makes the tables that SQL over an edition sees, each when it is first mentioned: ten years of
// months are thousands of files, and a query is about a few of them.
type tables struct {
	database
	ws   *workspace.Workspace
	lake *lake.Lake
	*published

	mu   sync.Mutex
	made map[string]bool
}

func newTables(d database, ws *workspace.Workspace, l *lake.Lake, p *published) *tables {
	return &tables{database: d, ws: ws, lake: l, published: p, made: map[string]bool{}}
}

// definition says how a table is made, once the tables that it needs are, and which files it reads itself.
type definition struct {
	needs []string
	make  func(t *tables, ctx context.Context, name string) error
	files func(p *published) []lake.File
}

// definitions are the tables of the catalogue (queries/catalog.yaml) and, below, what they are made from.
func definitions() map[string]definition {
	return map[string]definition{
		"terminals":      {[]string{"networked_terminals", "snapshot_members"}, (*tables).fromQuery, nil},
		"terminals_full": {[]string{"terminals", "snapshot_members", "inventory"}, (*tables).fromQuery, nil},
		"coverage":       {[]string{"cubes", "readings"}, (*tables).fromQuery, nil},
		"claims":         {[]string{"judgements"}, (*tables).fromQuery, nil},
		"merchants":      {[]string{"merchant_files"}, (*tables).fromQuery, nil},
		"inventory":      {nil, (*tables).makeInventory, (*published).inventoryFiles},
		"rejects":        {nil, (*tables).makeRejects, (*published).rejectFiles},
		"usage":          {nil, (*tables).makeUsage, (*published).usageFiles},
		"exports":        {nil, (*tables).makeExports, nil},
		"deliveries":     {nil, (*tables).makeDeliveries, nil},
		"snapshots":      {nil, (*tables).makeSnapshots, nil},
		"editions":       {nil, (*tables).makeEditions, nil},
		"runs":           {nil, (*tables).makeRuns, nil},
		"regions":        {nil, (*tables).makeRegions, nil},
		"acquirers":      {nil, (*tables).makeAcquirers, nil},
		"brands":         {nil, (*tables).makeBrands, nil},
		"categories":     {nil, (*tables).makeCategories, nil},

		"settled":             {nil, (*tables).makeSettled, (*published).settledFiles},
		"networked_terminals": {[]string{"settled"}, (*tables).makeNetworked, nil},
		"merchant_files":      {nil, (*tables).makeMerchantFiles, (*published).merchantFiles},
		"snapshot_members":    {nil, (*tables).makeMembers, nil},
		"cubes":               {nil, (*tables).makeCubes, (*published).coverageFiles},
		"readings":            {nil, (*tables).makeReadings, nil},
		"judgements":          {nil, (*tables).makeJudgements, (*published).claimFiles},
	}
}

var (
	word = regexp.MustCompile(`[a-z_]+`)
	// listing matches what lists tables without naming one.
	listing = regexp.MustCompile(`\b(show|information_schema|duckdb_columns|duckdb_tables|duckdb_views)\b`)
)

// namesIn returns the tables that a text may be about. A name in a comment or in a literal is taken for one,
// which costs little.
func namesIn(text string) []string {
	text = strings.ToLower(text)
	if listing.MatchString(text) {
		for _, table := range queries.Catalog() {
			text += " " + table.Name
		}
	}
	all := definitions()
	var names []string
	for _, name := range word.FindAllString(text, -1) {
		if _, ok := all[name]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// filesOf returns the files that tables read, those that they need included.
func (p *published) filesOf(names []string) []lake.File {
	all := definitions()
	var files []lake.File
	seen := map[string]bool{}
	var add func(names []string)
	add = func(names []string) {
		for _, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			if all[name].files != nil {
				files = append(files, all[name].files(p)...)
			}
			add(all[name].needs)
		}
	}
	add(names)
	return slices.DeleteFunc(files, lake.File.IsZero)
}

// mention makes every table that a text may be about.
func (t *tables) mention(ctx context.Context, text string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := definitions()
	for _, name := range namesIn(text) {
		if err := t.makeOnce(ctx, all, name); err != nil {
			return err
		}
	}
	return nil
}

func (t *tables) makeOnce(ctx context.Context, all map[string]definition, name string) error {
	if t.made[name] {
		return nil
	}
	if len(t.snapshots) == 0 && slices.Contains([]string{"terminals", "terminals_full", "coverage", "claims", "merchants"}, name) {
		t.made[name] = true
		return t.makeEmpty(ctx, name)
	}
	for _, needed := range all[name].needs {
		if err := t.makeOnce(ctx, all, needed); err != nil {
			return err
		}
	}
	if err := all[name].make(t, ctx, name); err != nil {
		return fmt.Errorf("make table %s: %w", name, err)
	}
	t.made[name] = true
	return nil
}

// fromQuery makes a view from the query of its name.
func (t *tables) fromQuery(ctx context.Context, name string) error {
	return t.View(ctx, name, queries.Text("read/"+name))
}

// makeEmpty makes a table of the catalogue without rows.
func (t *tables) makeEmpty(ctx context.Context, name string) error {
	return t.Fill(ctx, name, catalogColumns(name), nil)
}

// catalogColumns writes the columns of a table of the catalogue, for Fill.
func catalogColumns(name string) string {
	table, ok := queries.Describe(name)
	if !ok {
		panic("no such table in the catalogue: " + name)
	}
	columns := make([]string, len(table.Columns))
	for i, column := range table.Columns {
		columns[i] = engine.Name(column.Name) + " " + column.Type
	}
	return strings.Join(columns, ", ")
}

// partition is the Parquet files of one edition that lie in folders snapshot_date=….
type partition struct {
	edition int
	paths   []string
}

// partitions returns one kind of the snapshots' files by edition.
func (t *tables) partitions(file func(s *lake.Snapshot) lake.File) []partition {
	var parts []partition
	for _, s := range t.snapshots {
		f := file(s.Snapshot)
		if f.IsZero() {
			continue
		}
		at := slices.IndexFunc(parts, func(p partition) bool { return p.edition == s.edition.Edition })
		if at < 0 {
			at = len(parts)
			parts = append(parts, partition{edition: s.edition.Edition})
		}
		parts[at].paths = append(parts[at].paths, t.lake.Abs(f))
	}
	slices.SortFunc(parts, func(a, b partition) int { return cmp.Compare(a.edition, b.edition) })
	return parts
}

// partitioned makes a view over files of snapshots. The date comes from the folder, so that a query for
// one snapshot opens one file.
func (t *tables) partitioned(ctx context.Context, name string, parts []partition) error {
	union := make([]string, len(parts))
	for i, part := range parts {
		union[i] = fmt.Sprintf("select cast(%d as integer) as edition, * from %s", part.edition, engine.Partitioned("snapshot_date", "date", part.paths...))
	}
	return t.View(ctx, name, strings.Join(union, "\nunion all by name\n"))
}

func (t *tables) makeSettled(ctx context.Context, name string) error {
	return t.partitioned(ctx, name, t.partitions(func(s *lake.Snapshot) lake.File { return s.Settled }))
}

func (t *tables) makeMerchantFiles(ctx context.Context, name string) error {
	return t.partitioned(ctx, name, t.partitions(func(s *lake.Snapshot) lake.File { return s.Merchants }))
}

func (t *tables) makeCubes(ctx context.Context, name string) error {
	return t.partitioned(ctx, name, t.partitions(func(s *lake.Snapshot) lake.File { return s.Coverage }))
}

func (t *tables) makeReadings(ctx context.Context, name string) error {
	return t.Fill(ctx, name, coverage.ReadingColumns, coverage.ReadingRows())
}

func (t *tables) makeNetworked(ctx context.Context, name string) error {
	return t.View(ctx, name, "select *, "+coverage.Networked(t.ws.Config.Estate.Country())+" as is_networked from ("+withSerials("select * from settled")+")")
}

func (t *tables) makeJudgements(ctx context.Context, name string) error {
	union := make([]string, len(t.judgements))
	for i, j := range t.judgements {
		union[i] = fmt.Sprintf("select cast(%d as integer) as edition, * from %s", j.edition, engine.Parquet(t.lake.Abs(j.file)))
		switch {
		case j.isOverall:
			union[i] += " where snapshot_date is null"
		case j.snapshotDate != "":
			union[i] += " where snapshot_date = " + engine.Quote(j.snapshotDate)
		}
	}
	return t.View(ctx, name, strings.Join(union, "\nunion all by name\n"))
}
