package queries

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed library/*.sql
var library embed.FS

// Query is a named question: a statement and what its header says of it. Without parameters it runs as
// it lies; each ? of SQL stands for the value of one parameter, in order.
type Query struct {
	Name    string
	Grain   string // one row per …; "": not told
	What    string // the question
	Topic   string // one of Topics; "": none, of a workspace's own
	NotFor  string // what it is likely to be misused for; "": nothing
	Reads   string // the tables that it reads
	Limit   int    // how many rows are shown unless more are asked for; 0: all
	Shown   []string
	Params  []Param
	Columns []Column // in the order of the result
	SQL     string   // the file as it lies
	File    string   // where it lies; "": embedded
}

// Param is a parameter of a query. A value of it is text, which the statement casts.
type Param struct {
	Name     string
	Type     ParamType
	Choices  []string // of type choice
	Default  string   // as a user would write it
	Required bool     // there is no default
	Meaning  string
}

// ParamType says which values a parameter takes.
type ParamType string

// The types of parameters.
const (
	TextParam       ParamType = "text"
	IntegerParam    ParamType = "integer"
	ShareParam      ParamType = "share"      // 0.6 or 60%
	DateParam       ParamType = "date"       // iso
	SnapshotParam   ParamType = "snapshot"   // a date of the edition, its month, or newest, first, previous
	LevelParam      ParamType = "level"      // of coverage
	PopulationParam ParamType = "population" // of the workspace
	UnitParam       ParamType = "unit"
	ReadingParam    ParamType = "reading"
	ChoiceParam     ParamType = "choice" // choice(one, other)
)

var paramTypes = []ParamType{
	TextParam, IntegerParam, ShareParam, DateParam, SnapshotParam, LevelParam, PopulationParam, UnitParam, ReadingParam, ChoiceParam,
}

// Topic is what a group of queries is about.
type Topic struct{ Name, Title string }

// Topics are the groups of the library, in the order of the manual.
var Topics = []Topic{
	{"claims", "Claims and bounds"},
	{"places", "Rankings"},
	{"merchants", "Merchants and chains"},
	{"change", "Change from month to month"},
	{"devices", "Devices and cost"},
	{"evidence", "Evidence"},
	{"quality", "Quality of what was delivered"},
}

// Library returns the named queries that come with tapcov, by topic and name.
func Library() []Query { return slices.Clone(readLibrary()) }

// readLibrary reads the embedded queries once. A mistake in one is a mistake in the program, so it panics.
var readLibrary = sync.OnceValue(func() []Query {
	files, err := fs.Glob(library, "library/*.sql")
	if err != nil {
		panic(err)
	}
	var all []Query
	for _, file := range files {
		text, err := library.ReadFile(file)
		if err != nil {
			panic(err)
		}
		query, problems := ParseQuery(path.Base(file), string(text))
		if len(problems) > 0 {
			panic(fmt.Sprint(problems))
		}
		query.File = ""
		all = append(all, query)
	}
	slices.SortStableFunc(all, func(a, b Query) int { return topicPlace(a.Topic) - topicPlace(b.Topic) })
	return all
})

func topicPlace(name string) int {
	return slices.IndexFunc(Topics, func(t Topic) bool { return t.Name == name })
}

// Statement returns the statement of a query without what its header says, every line in its place.
func (q Query) Statement() string {
	lines := strings.SplitAfter(q.SQL, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "--") {
			break
		}
		if i > 0 {
			lines[i] = "--\n"
		}
	}
	return strings.Join(lines, "")
}
