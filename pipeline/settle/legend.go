package settle

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// Legend says what the numbers in settled terminals stand for: number n is entry n-1 of its list. They
// follow the order of the texts. Brand number 0 is none.
type Legend struct {
	Regions    []string `json:"regions"`
	Acquirers  []string `json:"acquirers"`
	Brands     []string `json:"brands"`
	Categories []string `json:"categories"` // none where the category code is blank or unknown
	Devices    []Device `json:"devices"`
}

// Device is what terminals are made of. Vendor and model may be empty.
type Device struct {
	Vendor string `json:"vendor,omitempty"`
	Model  string `json:"model,omitempty"`
	Type   string `json:"type"`
}

// readLegend reads the legend from the tables of traits; the brands are in it already.
func (s *settling) readLegend(ctx context.Context) error {
	for _, list := range []struct {
		into  *[]string
		query string
	}{
		{&s.legend.Regions, "select region from places group by region, region_number order by region_number"},
		{&s.legend.Acquirers, "select acquirer_id from terms group by acquirer_id, acquirer_number order by acquirer_number"},
		{&s.legend.Categories, "select category from terms group by category, category_number order by category_number"},
	} {
		rows, err := s.texts(ctx, list.query, 1)
		if err != nil {
			return err
		}
		*list.into = []string{}
		for _, row := range rows {
			*list.into = append(*list.into, cmp.Or(row[0], reference.None))
		}
	}
	rows, err := s.texts(ctx, `select vendor, model, device_type from devices
		group by vendor, model, device_type, device_number order by device_number`, 3)
	s.legend.Devices = []Device{}
	for _, row := range rows {
		s.legend.Devices = append(s.legend.Devices, Device{row[0], row[1], row[2]})
	}
	return err
}

// texts reads the rows of a query with so many columns of text, null as "".
func (s *settling) texts(ctx context.Context, query string, columns int) ([][]string, error) {
	rows, err := s.engine.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]string
	for rows.Next() {
		cells := make([]sql.NullString, columns)
		pointers := make([]any, columns)
		for i := range cells {
			pointers[i] = &cells[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, fmt.Errorf("read legend: %w", err)
		}
		row := make([]string, columns)
		for i, cell := range cells {
			row[i] = cell.String
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
