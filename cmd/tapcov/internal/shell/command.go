package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/cmd/tapcov/internal/result"
	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// dotCommand is a command of the shell itself.
type dotCommand struct {
	name, args, about string
	run               func(s *Shell, ctx context.Context, args []string) error
}

// dotCommands lists the commands in the order of .help.
func dotCommands() []dotCommand {
	return []dotCommand{
		{".help", "", "this list", (*Shell).help},
		{".tables", "", "the tables, and what a row of each is", (*Shell).tables},
		{".describe", "TABLE", "a table in words: each column, unit and meaning", (*Shell).describe},
		{".schema", "[TABLE]", "names and types of the columns, as SQL", (*Shell).schema},
		{".query", "[NAME [PARAM=VALUE]]", "the named queries, or the answer of one", (*Shell).query},
		{".mode", "[FORMAT]", "how results are written: " + formatNames(), (*Shell).setMode},
		{".output", "[FILE]", "where the next results go; without FILE to the screen again", (*Shell).setOutput},
		{".limit", "[N]", "most rows of a table on the screen; 0: all", (*Shell).setLimit},
		{".timer", "[on|off]", "how long each query took", (*Shell).setTimer},
		{".params", "[NAME VALUE | clear]", "values for $NAME in queries", (*Shell).setParams},
		{".read", "FILE", "run the statements of a file", (*Shell).read},
		{".edit", "", "write the next statement in $EDITOR", nil}, // the terminal carries it out
		{".quit", "", "leave; Ctrl-D does too", nil},
	}
}

func formatNames() string {
	names := make([]string, len(result.Formats))
	for i, format := range result.Formats {
		names[i] = string(format)
	}
	return strings.Join(names, ", ")
}

// usageError is a dot command that is wrong.
type usageError struct{ reason, hint string }

func (e *usageError) Error() string { return e.reason }

// Hint says what would be right.
func (e *usageError) Hint() string { return e.hint }

// command carries out a dot command.
func (s *Shell) command(ctx context.Context, line string) (quit bool, err error) {
	words := strings.Fields(strings.TrimRight(line, "; "))
	if words[0] == ".quit" || words[0] == ".exit" {
		return true, nil
	}
	var names []string
	for _, c := range dotCommands() {
		names = append(names, c.name)
		if c.name != words[0] {
			continue
		}
		if c.run == nil {
			return false, &usageError{c.name + " needs a terminal", ""}
		}
		return false, c.run(s, ctx, words[1:])
	}
	hint := ".help lists the commands"
	if nearest := fold.Nearest(words[0], names); nearest != "" {
		hint = fmt.Sprintf("did you mean %q?", nearest)
	}
	return false, &usageError{fmt.Sprintf("there is no command %q", words[0]), hint}
}

func (s *Shell) help(context.Context, []string) error {
	widest := 0
	for _, c := range dotCommands() {
		widest = max(widest, len(c.name+" "+c.args))
	}
	for _, c := range dotCommands() {
		s.entry(widest, strings.TrimSpace(c.name+" "+c.args), c.about)
	}
	fmt.Fprintln(s.out, "\nA statement ends with a semicolon and may go over several lines. Only queries\nare run: nothing that is typed here changes anything.")
	return nil
}

func (s *Shell) tables(context.Context, []string) error {
	tables := editions.Tables()
	widest := 0
	for _, table := range tables {
		widest = max(widest, len(table.Name))
	}
	for _, table := range tables {
		s.entry(widest, table.Name, table.Grain)
	}
	return nil
}

// table finds the table that a command names.
func table(args []string) (editions.TableInfo, error) {
	var names []string
	for _, t := range editions.Tables() {
		if len(args) == 1 && t.Name == strings.ToLower(args[0]) {
			return t, nil
		}
		names = append(names, t.Name)
	}
	if len(args) != 1 {
		return editions.TableInfo{}, &usageError{"name one table", "there are " + strings.Join(names, ", ")}
	}
	hint := "there are " + strings.Join(names, ", ")
	if nearest := fold.Nearest(args[0], names); nearest != "" {
		hint = fmt.Sprintf("did you mean %q?", nearest)
	}
	return editions.TableInfo{}, &usageError{fmt.Sprintf("there is no table %q", args[0]), hint}
}

func (s *Shell) describe(_ context.Context, args []string) error {
	t, err := table(args)
	if err != nil {
		return err
	}
	about := []string{t.Name + ": " + t.Grain, t.About}
	if t.NotFor != "" {
		about = append(about, "Not for "+t.NotFor+".")
	}
	for _, paragraph := range about {
		for _, line := range wrap(paragraph, s.width()) {
			fmt.Fprintln(s.out, line)
		}
	}
	fmt.Fprintln(s.out)
	names, types := 0, 0
	for _, column := range t.Columns {
		names, types = max(names, len(column.Name)), max(types, len(column.Type))
	}
	for _, column := range t.Columns {
		meaning := column.Meaning
		if column.Unit != "" {
			meaning += " (" + column.Unit + ")"
		}
		s.entry(names+2+types, fmt.Sprintf("%-*s  %s", names, column.Name, column.Type), meaning)
	}
	return nil
}

// entry prints a term in a column of its own, and beside it what is said of it.
func (s *Shell) entry(widest int, term, about string) {
	left := term + strings.Repeat(" ", widest-displayWidth(term)+2)
	for _, line := range wrap(about, max(24, s.width()-widest-2)) {
		fmt.Fprintln(s.out, left+line)
		left = strings.Repeat(" ", widest+2)
	}
}

// width is that of the terminal, or of a page.
func (s *Shell) width() int {
	if s.IsTerminal && s.Width != nil {
		return s.Width()
	}
	return 80
}

func (s *Shell) schema(_ context.Context, args []string) error {
	tables := editions.Tables()
	if len(args) > 0 {
		t, err := table(args)
		if err != nil {
			return err
		}
		tables = []editions.TableInfo{t}
	}
	for _, t := range tables {
		columns := make([]string, len(t.Columns))
		for i, column := range t.Columns {
			columns[i] = "    " + column.Name + " " + column.Type
		}
		fmt.Fprintf(s.out, "create view %s (\n%s\n);\n", t.Name, strings.Join(columns, ",\n"))
	}
	return nil
}

func (s *Shell) setMode(_ context.Context, args []string) error {
	if len(args) == 0 {
		fmt.Fprintln(s.out, s.Format)
		return nil
	}
	format := result.Format(args[0])
	if !slices.Contains(result.Formats, format) {
		return &usageError{fmt.Sprintf("there is no format %q", args[0]), "there are " + formatNames()}
	}
	s.Format = format
	return nil
}

func (s *Shell) setOutput(_ context.Context, args []string) error {
	s.Output = strings.Join(args, " ")
	if format, ok := result.FormatOf(s.Output); ok {
		s.Format = format
	} else if s.Output == "" && s.Format.IsBinary() {
		s.Format = result.Table
	}
	return nil
}

func (s *Shell) setLimit(_ context.Context, args []string) error {
	if len(args) == 0 {
		fmt.Fprintln(s.out, s.Limit)
		return nil
	}
	limit, err := strconv.Atoi(args[0])
	if err != nil || limit < 0 {
		return &usageError{fmt.Sprintf("%q is no number of rows", args[0]), ".limit 0 for all"}
	}
	s.Limit = limit
	return nil
}

func (s *Shell) setTimer(_ context.Context, args []string) error {
	if len(args) == 0 {
		s.timer = !s.timer
		return nil
	}
	switch args[0] {
	case "on", "off":
		s.timer = args[0] == "on"
		return nil
	}
	return &usageError{fmt.Sprintf("the timer is on or off, not %q", args[0]), ""}
}

func (s *Shell) setParams(_ context.Context, args []string) error {
	switch {
	case len(args) == 0:
		for _, param := range s.Params {
			fmt.Fprintf(s.out, "$%s = %s\n", param.Name, output.Clean(param.Value))
		}
	case len(args) == 1 && args[0] == "clear":
		s.Params = nil
	case len(args) == 1:
		return &usageError{".params takes a name and a value", ".params " + args[0] + " VALUE"}
	default:
		name := strings.TrimPrefix(args[0], "$")
		s.Params = slices.DeleteFunc(s.Params, func(p engine.Param) bool { return p.Name == name })
		s.Params = append(s.Params, engine.Param{Name: name, Value: strings.Join(args[1:], " ")})
	}
	return nil
}

func (s *Shell) read(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return &usageError{"name a file", ".read FILE"}
	}
	text, err := os.ReadFile(strings.Join(args, " "))
	if err != nil {
		return err
	}
	if strings.Contains(string(text), "\n.read ") || strings.HasPrefix(string(text), ".read ") {
		return errors.New("a file that is read may not read another")
	}
	return s.Script(ctx, string(text))
}

// wrap cuts a text into lines of at most width columns, at blanks.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case displayWidth(line)+1+displayWidth(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
