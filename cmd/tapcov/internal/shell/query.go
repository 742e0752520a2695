package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline/editions"
)

// query lists the named queries, or runs one with its parameters as NAME=VALUE.
func (s *Shell) query(ctx context.Context, args []string) error {
	library, err := s.library()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		s.listQueries(library)
		return nil
	}
	query, err := library.Find(args[0])
	if unknown := new(editions.UnknownQueryError); errors.As(err, &unknown) {
		return &usageError{err.Error(), ".query lists them"}
	}
	if err != nil {
		return err
	}
	given := map[string]string{}
	for _, arg := range args[1:] {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			return &usageError{fmt.Sprintf("%q is not NAME=VALUE", arg), ""}
		}
		given[name] = value
	}
	values, err := s.session.Asked().Bind(query, given)
	if err != nil {
		return err
	}
	return s.Run(ctx, editions.StatementOf(query, values, 0))
}

// library is what can be asked by name: with a session the workspace's own queries too.
func (s *Shell) library() (*editions.Library, error) {
	if s.session == nil {
		return editions.LoadLibrary(nil)
	}
	return s.session.Library()
}

func (s *Shell) listQueries(library *editions.Library) {
	widest := 0
	for _, q := range library.Queries {
		widest = max(widest, displayWidth(q.Name))
	}
	for _, q := range library.Queries {
		s.entry(widest, q.Name, output.Clean(q.What))
	}
}

// completeQuery returns the names of queries, and after one those of its parameters.
func completeQuery(words []string, isNext bool) (candidates []Candidate) {
	library, err := editions.LoadLibrary(nil)
	if err != nil {
		return nil
	}
	if len(words) == 1 || len(words) == 2 && !isNext {
		for _, q := range library.Queries {
			candidates = append(candidates, Candidate{q.Name, q.What})
		}
		return candidates
	}
	query, err := library.Find(words[1])
	if err != nil {
		return nil
	}
	for _, param := range query.Params {
		candidates = append(candidates, Candidate{param.Name + "=", param.Meaning})
	}
	return candidates
}
