// Package reference is the reference data that comes with the binary: column aliases, value
// spellings, regions, merchant categories, acquirers, brands, device models, published figures and
// claims. A workspace adds to it or corrects it by files of the same names.
//
// The CSV and YAML files beside this text are the data; the head of each says what its columns
// mean. A row or an entry of the workspace replaces the embedded one with the same key, and one
// that has nothing but its key removes it.
package reference

import (
	"slices"
	"sync"
)

// Set is all reference data of one workspace: the embedded tables with the workspace's own rows
// laid over them. It is read-only and safe for concurrent use.
type Set struct {
	Headers     *Headers
	Flags       *Flags
	DeviceTypes *DeviceTypes
	StatusWords *StatusWords
	Regions     *Regions
	Categories  *Categories
	Acquirers   *Acquirers
	Brands      *Brands
	Models      *Models
	Figures     *Figures
	Claims      *Claims

	hashes map[string]func() string
}

// Names lists the tables in order; each has a Hash.
func Names() []string {
	return []string{
		"acquirers", "brands", "categories", "claims", "figures", "headers", "models", "regions", "successors", "values",
	}
}

// Load returns the embedded tables overlaid, row by key, with the files of the same names (such as
// brands.csv) in the folder overrides, which need not exist and may be "".
//
// What is wrong with those files is an *Error that holds every problem as FILE:LINE:COL: message;
// the set is then nil. The large tables are parsed when they are first asked for, unless the
// workspace has a file for them.
func Load(overrides string) (*Set, error) {
	var bad problems
	s := &Set{hashes: map[string]func() string{}}
	read := func(l *layout, name string) *table {
		t := readTable(l, overrides, &bad)
		s.hashes[name] = sync.OnceValue(t.hash)
		return t
	}
	s.Headers = newHeaders(read(headersLayout, "headers"), &bad)
	s.Flags, s.DeviceTypes, s.StatusWords = newValues(read(valuesLayout, "values"), &bad)
	s.Categories = newCategories(read(categoriesLayout, "categories"), &bad)
	s.Acquirers = newAcquirers(read(acquirersLayout, "acquirers"), &bad)
	s.Brands = newBrands(read(brandsLayout, "brands"), &bad)
	s.Models = newModels(read(modelsLayout, "models"), &bad)

	regions := lazily(overrides, &bad, readRegionTable, embeddedRegions, regionsLayout.file, successorsLayout.file)
	s.Regions = &Regions{regions}
	s.hashes["regions"] = sync.OnceValue(func() string { return regions().regions.hash() })
	s.hashes["successors"] = sync.OnceValue(func() string { return regions().successors.hash() })
	figures := lazily(overrides, &bad, readFigureTable, embeddedFigures, figuresDocument.file)
	s.Figures = &Figures{figures}
	s.hashes["figures"] = sync.OnceValue(func() string { return hashEntries(figures().entries) })
	claims := lazily(overrides, &bad, readClaimTable, embeddedClaims, claimsDocument.file)
	s.Claims = &Claims{claims}
	s.hashes["claims"] = sync.OnceValue(func() string { return hashEntries(claims().entries) })
	if err := bad.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// Hash returns the SHA-256, in hex, of the content of the named table, whatever the order,
// quoting and comments of its files. It is "" for a name that is no table.
func (s *Set) Hash(name string) string {
	hash, ok := s.hashes[name]
	if !ok {
		return ""
	}
	return hash()
}

// The tables that take milliseconds, without a workspace's own rows: parsed once a process.
var (
	embeddedRegions = sync.OnceValue(func() *regionTable { return sound(readRegionTable) })
	embeddedFigures = sync.OnceValue(func() *figureTable { return sound(readFigureTable) })
	embeddedClaims  = sync.OnceValue(func() *claimTable { return sound(readClaimTable) })
)

// sound reads a table without overrides, which our own tests have shown to be without problems.
func sound[T any](read func(overrides string, bad *problems) T) T {
	var bad problems
	t := read("", &bad)
	if err := bad.err(); err != nil {
		panic("reference: " + err.Error())
	}
	return t
}

// lazily returns the embedded table, unparsed, if the workspace has none of the files; else it reads
// the table now, so that problems are found.
func lazily[T any](
	overrides string, bad *problems, read func(string, *problems) T, untouched func() T, files ...string,
) func() T {
	if !slices.ContainsFunc(files, func(file string) bool { return exists(overrides, file) }) {
		return untouched
	}
	t := read(overrides, bad)
	return func() T { return t }
}

func readRegionTable(overrides string, bad *problems) *regionTable {
	regions := readTable(regionsLayout, overrides, bad)
	return newRegionTable(regions, readTable(successorsLayout, overrides, bad), bad)
}

func readFigureTable(overrides string, bad *problems) *figureTable {
	return newFigureTable(readEntries(figuresDocument, overrides, bad), bad)
}

func readClaimTable(overrides string, bad *problems) *claimTable {
	return newClaimTable(readEntries(claimsDocument, overrides, bad), bad)
}
