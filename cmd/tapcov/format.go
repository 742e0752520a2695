package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/tapcov/tapcov/cmd/tapcov/internal/output"
	"github.com/tapcov/tapcov/pipeline/editions"
)

func addFormatFlag(flags *pflag.FlagSet, format *string) {
	flags.StringVarP(format, "format", "f", "table", "`FORMAT` of the result: "+strings.Join(output.Formats, ", "))
}

func checkFormat(format string) error {
	if !slices.Contains(output.Formats, format) {
		return usageError(fmt.Errorf("unknown format %q, want one of %s", format, strings.Join(output.Formats, ", ")))
	}
	return nil
}

// print writes a result; a table shows only the named columns (none: all).
func (p *program) print(t *editions.Table, format string, shown ...string) error {
	rows := output.Rows{Columns: t.Columns, Values: t.Rows}
	return rows.Write(p.stdout, format, width(p.stdout), shown...)
}

// printDocument writes a result that is more than rows: as JSON on many lines or on one, or as CSV its
// rows alone.
func (p *program) printDocument(document any, rows *editions.Table, format string) error {
	switch format {
	case "json":
		return output.JSON(p.stdout, document)
	case "jsonl":
		return output.JSONLine(p.stdout, document)
	default:
		return p.print(rows, format)
	}
}

// counted says how many of a thing there are: 1 export, 2,000 exports.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return output.Thousands(strconv.Itoa(n)) + " " + thing
}

// width is how many columns there are: those of a terminal, 80 where there is none.
func width(w io.Writer) int {
	if file, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 20 {
			return columns
		}
	}
	return 80
}
