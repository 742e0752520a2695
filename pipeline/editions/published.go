package editions

import (
	"github.com/tapcov/tapcov/pipeline/lake"
)

// published is what SQL over an edition sees: its snapshots, deliveries and judgements, and which edition
// each of them is from.
type published struct {
	current    *lake.Manifest
	pointer    int // the edition that was current when this was opened; 0: the one that is current now
	snapshots  []publishedSnapshot
	deliveries []publishedDelivery
	judgements []publishedClaims
}

type publishedSnapshot struct {
	edition *lake.Manifest
	*lake.Snapshot
}

type publishedDelivery struct {
	edition int
	lake.Delivery
}

// publishedClaims is a file of judgements, of which those count that are of one snapshot, or, with
// isOverall, of all of them together; with neither, every one counts.
type publishedClaims struct {
	edition      int
	file         lake.File
	snapshotDate string
	isOverall    bool
}

// asItStands takes everything from one edition.
func asItStands(m *lake.Manifest) *published {
	p := &published{current: m}
	for i := range m.Snapshots {
		p.snapshots = append(p.snapshots, publishedSnapshot{m, &m.Snapshots[i]})
	}
	for _, d := range m.Deliveries {
		p.deliveries = append(p.deliveries, publishedDelivery{m.Edition, d})
	}
	if !m.Claims.IsZero() {
		p.judgements = []publishedClaims{{edition: m.Edition, file: m.Claims}}
	}
	return p
}

// asPublished takes each snapshot from the first edition up to m in which it was complete, so that a
// month is seen as it was when it was first concluded from; one that never was comes from m. Editions
// that were collected since cannot be asked.
func asPublished(l *lake.Lake, m *lake.Manifest) (*published, error) {
	editions, err := l.Editions()
	if err != nil {
		return nil, err
	}
	first := map[string]*lake.Manifest{}
	for _, info := range editions {
		if info.Edition >= m.Edition || info.Err != nil {
			continue
		}
		earlier, err := l.Manifest(info.Edition)
		if err != nil {
			return nil, err
		}
		for _, snapshot := range earlier.Snapshots {
			if snapshot.State != lake.SnapshotOpen && first[snapshot.Date] == nil {
				first[snapshot.Date] = earlier
			}
		}
	}
	p := &published{current: m}
	for i := range m.Snapshots {
		from := m
		if earlier := first[m.Snapshots[i].Date]; earlier != nil {
			from = earlier
		}
		p.take(from, m.Snapshots[i].Date)
	}
	for _, d := range m.Deliveries {
		if d.IsUsage { // of several months, most of them
			p.deliveries = append(p.deliveries, publishedDelivery{m.Edition, d})
		}
	}
	if !m.Claims.IsZero() {
		p.judgements = append(p.judgements, publishedClaims{edition: m.Edition, file: m.Claims, isOverall: true})
	}
	return p, nil
}

// take adds the snapshot of a date as an edition has it.
func (p *published) take(from *lake.Manifest, date string) {
	p.snapshots = append(p.snapshots, publishedSnapshot{from, from.Snapshot(date)})
	for _, d := range from.Deliveries {
		if d.SnapshotDate == date && !d.IsUsage {
			p.deliveries = append(p.deliveries, publishedDelivery{from.Edition, d})
		}
	}
	if !from.Claims.IsZero() {
		p.judgements = append(p.judgements, publishedClaims{edition: from.Edition, file: from.Claims, snapshotDate: date})
	}
}

// ofSnapshots returns one kind of the snapshots' files.
func (p *published) ofSnapshots(file func(s *lake.Snapshot) lake.File) []lake.File {
	files := make([]lake.File, len(p.snapshots))
	for i, s := range p.snapshots {
		files[i] = file(s.Snapshot)
	}
	return files
}

func (p *published) settledFiles() []lake.File {
	return p.ofSnapshots(func(s *lake.Snapshot) lake.File { return s.Settled })
}

func (p *published) merchantFiles() []lake.File {
	return p.ofSnapshots(func(s *lake.Snapshot) lake.File { return s.Merchants })
}

func (p *published) coverageFiles() []lake.File {
	return p.ofSnapshots(func(s *lake.Snapshot) lake.File { return s.Coverage })
}

func (p *published) claimFiles() (files []lake.File) {
	for _, j := range p.judgements {
		files = append(files, j.file)
	}
	return files
}

func (p *published) inventoryFiles() (files []lake.File) {
	for _, d := range p.deliveries {
		files = append(files, inventoryFile(d.Delivery), d.Traits)
	}
	return files
}

func (p *published) rejectFiles() (files []lake.File) {
	for _, d := range p.deliveries {
		files = append(files, d.Rejects)
	}
	return files
}
