package editions

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
	"github.com/tapcov/tapcov/queries"
)

// NamedQuery is a question that can be asked by name.
type NamedQuery = queries.Query

// Library is what can be asked by name: the queries that come with tapcov and the workspace's own.
type Library struct {
	Queries  []NamedQuery     // the workspace's own first, the others by topic
	Shadowed []string         // names of embedded queries that the workspace has a file of its own for
	Broken   map[string]error // what is wrong with files of the workspace, by the name of the query
}

// LoadLibrary reads the queries of a workspace, nil for the embedded ones alone. A file whose header is
// wrong does not stand in the way of the others.
func LoadLibrary(ws *workspace.Workspace) (*Library, error) {
	l := &Library{Broken: map[string]error{}}
	if ws != nil {
		if err := l.readOwn(ws.Queries()); err != nil {
			return nil, err
		}
	}
	for _, query := range queries.Library() {
		_, isBroken := l.Broken[query.Name]
		if isBroken || slices.ContainsFunc(l.Queries, func(own NamedQuery) bool { return own.Name == query.Name }) {
			l.Shadowed = append(l.Shadowed, query.Name)
			continue
		}
		l.Queries = append(l.Queries, query)
	}
	slices.Sort(l.Shadowed)
	return l, nil
}

// Library reads the queries of a session's workspace.
func (s *Session) Library() (*Library, error) { return LoadLibrary(s.ws) }

func (l *Library) readOwn(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read queries: %w", err)
	}
	for _, entry := range entries {
		name, isQuery := strings.CutSuffix(entry.Name(), ".sql")
		if !isQuery || entry.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return fmt.Errorf("read query: %w", err)
		}
		query, problems := queries.ParseQuery(filepath.Join(filepath.Base(dir), entry.Name()), strings.TrimPrefix(string(text), "\ufeff"))
		if len(problems) > 0 {
			l.Broken[name] = headerError(problems)
			continue
		}
		l.Queries = append(l.Queries, query)
	}
	return nil
}

// headerError says all that is wrong with a header, a line each.
func headerError(problems []*queries.HeaderProblem) error {
	var all []error
	for _, problem := range problems {
		if nearest := fold.Nearest(problem.Word, problem.Wanted); problem.Word != "" && nearest != "" {
			problem.What, problem.Wanted = problem.What+fmt.Sprintf(", did you mean %q?", nearest), nil
		}
		all = append(all, problem)
	}
	return &workspace.ConfigError{Err: errors.Join(all...)}
}

// Find returns the query of that name. What is wrong with it, or the nearest name if there is none, is the
// error.
func (l *Library) Find(name string) (NamedQuery, error) {
	if err := l.Broken[name]; err != nil {
		return NamedQuery{}, err
	}
	known := make([]string, len(l.Queries))
	for i, query := range l.Queries {
		if query.Name == name {
			return query, nil
		}
		known[i] = query.Name
	}
	return NamedQuery{}, &UnknownQueryError{name, nearestQuery(name, known)}
}

// nearestQuery is the known name that a name is a slip or a part of.
func nearestQuery(name string, known []string) string {
	name = strings.ReplaceAll(name, "-", "_")
	if nearest := fold.Nearest(name, known); nearest != "" {
		return nearest
	}
	for _, candidate := range known {
		if len(name) >= 4 && strings.Contains(candidate, name) {
			return candidate
		}
	}
	return ""
}

// UnknownQueryError says that there is no query of that name.
type UnknownQueryError struct {
	Name    string
	Nearest string // "": none is near
}

// Error says which one may be meant.
func (e *UnknownQueryError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("there is no query %q", e.Name)
	}
	return fmt.Sprintf("there is no query %q, did you mean %q?", e.Name, e.Nearest)
}

// QueryTopics lists what the library's queries are about.
func QueryTopics() []queries.Topic { return queries.Topics }
