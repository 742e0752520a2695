package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// Fill makes (or replaces) a table with the given columns ("name type, name type") and rows. It is
// for small tables: reference data, parameters, distinct values that Go has resolved.
func (e *Engine) Fill(ctx context.Context, table, columns string, rows [][]any) (err error) {
	connection, err := e.connection(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	statement := "create or replace table " + Name(table) + " (" + columns + ")"
	if _, err := connection.(driver.ExecerContext).ExecContext(ctx, statement, nil); err != nil {
		return wrap(ctx, statement, err)
	}
	appender, err := duckdb.NewAppenderFromConn(connection, "", table)
	if err != nil {
		return fmt.Errorf("fill table %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, appender.Close()) }()
	values := make([]driver.Value, 0, 16)
	for _, row := range rows {
		values = values[:0]
		for _, value := range row {
			values = append(values, value)
		}
		if err := appender.AppendRow(values...); err != nil {
			return fmt.Errorf("fill table %s: %w", table, err)
		}
	}
	return nil
}
