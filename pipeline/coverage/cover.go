package coverage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tapcov/tapcov/pipeline/engine"
	"github.com/tapcov/tapcov/pipeline/workspace/reference"
	"github.com/tapcov/tapcov/queries"
)

// Levels lists the levels of coverage rows, in the order of reports.
var Levels = []string{
	"nation", "province", "reporting_area", "city", "county", "acquirer", "brand",
	"province_brand", "province_acquirer", "category", "vendor", "model", "device_type",
}

// Uncounted is how many terminals of an acquirer are known to be there but cannot be counted: rows
// that could not be read, and the last known size of a source that no longer delivers.
type Uncounted struct {
	Acquirer string // key, or none
	Rejected int64
	Missing  int64
}

// Input is all that decides the cube of one snapshot.
type Input struct {
	SnapshotDate          time.Time
	Settled               string       // path of the settled terminals, placed (see Placed)
	Legend                Legend       // of the numbers in them
	Populations           []Population // those that the terminals were placed by
	Uncounted             []Uncounted
	HasUsage              bool // some delivery says something of transactions
	MaxTerminalsPerSerial int
	Reference             *reference.Set
	Divisions             *reference.Divisions
	RegionNames           map[string]string // names of region keys outside GB/T 2260
}

// Legend lists what the numbers in settled terminals stand for, as settling left it: number n is entry
// n-1, and brand 0 is none.
type Legend struct {
	Regions, Acquirers, Brands, Categories []string
	Devices                                []Device
}

// Device is what terminals are made of. Vendor and model may be empty.
type Device struct{ Vendor, Model, Type string }

// Paths are where Cover writes.
type Paths struct {
	Cube      string // columns: queries/cover/cube.sql; grain: one row per population, unit, level and key
	Merchants string // columns: queries/cover/merchants.sql; grain: one row per merchant
}

// Counted says what Cover wrote.
type Counted struct {
	CubeRows, MerchantRows int64
	Tally                  Tally
}

// Cover counts the terminals of a snapshot: the cube, its merchants, and a tally.
func Cover(ctx context.Context, e *engine.Engine, in Input, paths Paths) (Counted, error) {
	if len(in.Populations) > maxPopulations {
		return Counted{}, fmt.Errorf("%d populations: at most %d can be counted in one run", len(in.Populations), maxPopulations)
	}
	c := covering{engine: e, Input: in, paths: paths, keys: newKeyring()}
	defer c.drop(ctx)
	for _, step := range []func(context.Context) error{
		c.countCells, c.installKeys, c.installMemberships, c.countTerminals, c.countMerchants, c.installPairs, c.tally, c.writeCube,
	} {
		if err := step(ctx); err != nil {
			return Counted{}, fmt.Errorf("cover %s: %w", in.SnapshotDate.Format(time.DateOnly), err)
		}
	}
	return c.counted, nil
}

type covering struct {
	Input
	engine  *engine.Engine
	paths   Paths
	keys    *keyring
	devices []map[string]int32 // of each device of the legend: the number of its key at each level of devices
	counted Counted
}

func (c *covering) writeCube(ctx context.Context) (err error) {
	c.counted.CubeRows, err = c.engine.Copy(ctx, queries.Text("cover/cube"), c.paths.Cube)
	return err
}

// table is a table made from a query file of the same name.
type table struct{ name, query string }

func (c *covering) create(ctx context.Context, tables ...table) error {
	for _, t := range tables {
		if err := c.engine.Create(ctx, t.name, queries.Text(t.query)); err != nil {
			return err
		}
	}
	return nil
}

func (c *covering) append(ctx context.Context, table, query string) error {
	return c.engine.Append(ctx, table, queries.Text(query))
}

// countCells makes the tables at the finest grain: the only steps that read every terminal.
func (c *covering) countCells(ctx context.Context) error {
	if err := c.engine.View(ctx, "settled_terminals", "select * from "+engine.Parquet(c.Settled)); err != nil {
		return err
	}
	members := fmt.Sprintf("select *, coalesce(serial_terminal_count between 2 and %d, false) as is_shared_device from settled_terminals where membership > 0",
		c.MaxTerminalsPerSerial)
	if err := c.engine.View(ctx, "members", members); err != nil {
		return err
	}
	return c.create(ctx,
		table{"cells", "cover/cells"},
	)
}

// countTerminals derives every level from the cells, and counts devices.
func (c *covering) countTerminals(ctx context.Context) error {
	if err := c.install(ctx, "cover/countable_terminals"); err != nil {
		return err
	}
	if err := c.create(ctx, table{"keyed_terminals", "cover/keyed_terminals"}, table{"terminal_counts", "cover/terminal_counts"}); err != nil {
		return err
	}
	return c.countDevices(ctx)
}

// sharedBatch is how many terminals of shared devices are counted at a time: each stands under the keys of every
// level in every population.
const sharedBatch = 50_000

// countDevices counts the devices that several terminals share, a part of them at a time; what the parts come
// to is added up in the cube.
func (c *covering) countDevices(ctx context.Context) error {
	if err := c.create(ctx, table{"shared_members", "cover/shared_members"}); err != nil {
		return err
	}
	var terminals int
	if err := c.engine.Scan(ctx, "select count(*) from shared_members", &terminals); err != nil {
		return err
	}
	count := c.engine.Create
	for part, parts := 0, terminals/sharedBatch+1; part < parts; part++ {
		batch := fmt.Sprintf("select * from shared_members where mod(shared_device, %d) = %d", parts, part)
		if err := c.engine.View(ctx, "shared_batch", batch); err != nil {
			return err
		}
		if err := c.install(ctx, "cover/countable_devices"); err != nil {
			return err
		}
		if err := count(ctx, "device_counts", queries.Text("cover/device_counts")); err != nil {
			return err
		}
		count = c.engine.Append
	}
	return nil
}

// install makes the views countables and keyed over what is to be counted next.
func (c *covering) install(ctx context.Context, countables string) error {
	if err := c.engine.View(ctx, "countables", queries.Text(countables)); err != nil {
		return err
	}
	return c.engine.View(ctx, "keyed", queries.Text("cover/keyed"))
}

// installMemberships explains the membership numbers that occur, and lists units and levels.
func (c *covering) installMemberships(ctx context.Context) error {
	found, err := c.column(ctx, "select distinct membership from cells order by membership")
	if err != nil {
		return err
	}
	var rows [][]any
	for _, value := range found {
		membership := int(value.(int32))
		for i, population := range c.Populations {
			if member, undecided := membershipOf(membership, i); member && c.isCounted(population.Name) {
				rows = append(rows, []any{int32(membership), population.Name, undecided})
			}
		}
	}
	rows = append(rows, []any{int32(merchantMembership), c.Populations[0].Name, false})
	if err := c.engine.Fill(ctx, "memberships", "membership integer, population varchar, is_undecided boolean", rows); err != nil {
		return err
	}
	if err := c.engine.Fill(ctx, "units", "unit varchar", [][]any{{"terminal"}, {"device"}}); err != nil {
		return err
	}
	var levels [][]any
	for _, level := range Levels {
		isDevice := level == "vendor" || level == "model" || level == "device_type"
		if !isDevice {
			levels = append(levels, []any{levelNumber(level), level, true})
		}
		if isDevice || level == "category" {
			levels = append(levels, []any{levelNumber(level), level, false})
		}
	}
	if err := c.engine.Fill(ctx, "levels", "level_number integer, level varchar, is_place boolean", levels); err != nil {
		return err
	}
	return c.installUncounted(ctx)
}

// isCounted tells whether a population can be counted at all: without any usage in the snapshot the
// population of active terminals is empty, rejected and missing ones included.
func (c *covering) isCounted(population string) bool { return population != "active_3m" || c.HasUsage }

// installUncounted places rejected and missing terminals: under their acquirer where the level knows
// acquirers, under none elsewhere.
func (c *covering) installUncounted(ctx context.Context) error {
	var rows [][]any
	for _, population := range c.Populations {
		if !c.isCounted(population.Name) {
			continue
		}
		for _, unit := range []string{"terminal", "device"} {
			for _, level := range Levels {
				for _, u := range c.Uncounted {
					rows = append(rows, []any{
						population.Name, unit, levelNumber(level), c.keys.uncounted(level, u.Acquirer), u.Rejected, u.Missing,
					})
				}
			}
		}
	}
	return c.engine.Fill(ctx, "uncounted", `population varchar, unit varchar, level_number integer, key_number bigint,
		rejected_count bigint, missing_count bigint`, rows)
}

// column reads the single column of a small result.
func (c *covering) column(ctx context.Context, query string) ([]any, error) {
	rows, err := c.engine.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []any
	for rows.Next() {
		var value any
		if err := rows.Scan(&value); err != nil {
			return nil, fmt.Errorf("read %s: %w", strings.Fields(query)[2], err)
		}
		values = append(values, value)
	}
	return values, rows.Err()
}

func (c *covering) drop(ctx context.Context) {
	_ = c.engine.Drop(context.WithoutCancel(ctx), "cells", "keyed_terminals", "terminal_counts", "shared_members", "device_counts", "scattered", "merchant_counts")
}
