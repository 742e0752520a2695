package conform

import (
	"bytes"

	"github.com/tapcov/tapcov/pipeline/workspace/reference"
)

// byLevels binds the region to the columns of its levels.
func (b *binder) byLevels(c *bound) {
	var cells []int
	for _, name := range b.file.Source.RegionLevels {
		at, ok := b.lookup(name)
		switch {
		case !ok:
			b.problem(ProblemHeaderAbsent, b.absentHint(name),
				"region_levels: %s has no column %q", b.headerPlace(), name)
		case !b.isTwice(at, "region_levels"):
			cells = append(cells, at)
		}
	}
	if len(cells) > 0 {
		b.setCells(c, FoundProfile, cells...)
	}
}

// schemeUnionPay is the region scheme of UnionPay's area codes.
const schemeUnionPay = "unionpay"

// mapRegion binds the region, if the profile does not, to the headers that the table of headers
// knows: a column of codes, else the columns of names by level. The scheme follows the header: codes
// of one scheme are never read as those of the other, save for a header that may mean either.
func (b *binder) mapRegion() {
	c := b.column(regionColumn)
	b.scheme = b.file.Source.RegionScheme
	if b.scheme == "" {
		b.scheme = reference.SchemeGB2260
	}
	if _, isAssumed := b.assume[regionColumn]; isAssumed || c.isPlaced() || b.absent[regionColumn] {
		return
	}
	schemes := []string{reference.SchemeGB2260, schemeUnionPay}
	switch b.scheme {
	case schemeUnionPay:
		schemes = []string{schemeUnionPay, reference.SchemeGB2260}
	case reference.SchemeName:
		schemes = nil
	}
	for _, wanted := range schemes {
		for at, header := range b.layout.Headers {
			if scheme, _, ok := b.file.Reference.Headers.Region(header); !ok || scheme != wanted || b.taken[at] {
				continue
			}
			if b.isTwice(at, c.name) {
				return
			}
			b.setCells(c, FoundAlias, at)
			if b.scheme == reference.SchemeGB2260 {
				b.scheme = wanted
			}
			return
		}
	}
	if b.scheme != schemeUnionPay {
		b.mapRegionNames(c)
	}
}

// mapRegionNames binds the region to the columns of names of its levels; a level that is not there
// keeps its place.
func (b *binder) mapRegionNames(c *bound) {
	cells := []int{-1, -1, -1}
	finest := -1
	for i, wanted := range []string{reference.LevelProvince, reference.LevelCity, reference.LevelCounty} {
		for at, header := range b.layout.Headers {
			scheme, level, ok := b.file.Reference.Headers.Region(header)
			if ok && scheme == reference.SchemeName && level == wanted && !b.taken[at] && cells[i] < 0 {
				cells[i], finest = at, i
			}
		}
	}
	if finest >= 0 {
		b.scheme = reference.SchemeName
		b.setCells(c, FoundAlias, cells[:finest+1]...)
	}
}

// levelSeparator stands between the cells of a region that is read from several columns.
const levelSeparator = '\x1f'

// joinLevels turns cells between level separators into a region of the scheme name: the levels from
// widest to finest with slashes between them, empty ones at the end left out. A slash within a name
// becomes a full-width one.
func joinLevels(scratch *[]byte, raw []byte) []byte {
	var joined []byte
	filled := 0
	for i, level := range bytes.Split(raw, []byte{levelSeparator}) {
		if i > 0 {
			joined = append(joined, '/')
		}
		level = foldInto(scratch, level)
		if isNull(level) {
			continue
		}
		joined = append(joined, bytes.ReplaceAll(level, []byte("/"), []byte("／"))...)
		filled = len(joined)
	}
	return joined[:filled]
}
