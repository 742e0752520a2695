package reference

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tapcov/tapcov/pipeline/workspace/fold"
)

// Flag is the value of a yes/no column. Its numbers may serve as dictionary indexes.
type Flag uint8

// The values of a flag; a blank cell is FlagUnknown, never FlagNo.
const (
	FlagUnknown Flag = iota
	FlagNo
	FlagYes
)

var flagWords = []string{"unknown", "no", "yes"}

// String returns "unknown", "no" or "yes".
func (f Flag) String() string { return flagWords[f] }

// The sets of values.csv.
const (
	flagSet          = "flag"
	deviceTypePrefix = "device_type:"
	statusWordSet    = "status_word"
)

var valuesLayout = &layout{
	file: "values.csv", columns: []string{"set", "value", "meaning"}, keys: 2, required: 3, fold: fold.Text,
}

var deviceTypes = []string{
	"pos", "mpos", "smart_pos", "phone_pos", "atm", "telephone", "quickpass_terminal", "face_pay",
	"barcode", "industry", "mis", "unknown",
}

var statuses = []string{"in_service", "pending", "suspended", "removed", "lost", "unknown"}

// newValues sorts the rows of values.csv into the three tables they make up.
func newValues(t *table, bad *problems) (*Flags, *DeviceTypes, *StatusWords) {
	flags := &Flags{words: map[string]Flag{"": FlagUnknown}}
	types := &DeviceTypes{sets: map[string]map[string]string{}}
	words := &StatusWords{words: map[string]string{}}
	for i := range t.rows {
		r := &t.rows[i]
		set, value, meaning := r.cells[0], fold.Text(r.cells[1]), r.cells[2]
		known := flagWords
		switch {
		case set == flagSet:
			flags.words[value] = Flag(max(0, slices.Index(flagWords, meaning)))
		case set == statusWordSet:
			known = statuses
			if !isWord(value) {
				bad.add(r.at(1), "%q is a code: what a status code means is said by the profile of its source", r.cells[1])
			}
			words.words[value] = meaning
		case strings.HasPrefix(set, deviceTypePrefix) && len(set) > len(deviceTypePrefix):
			known = deviceTypes
			types.add(strings.TrimPrefix(set, deviceTypePrefix), value, meaning)
		default:
			bad.add(r.at(0), "unknown set %q: one of %s, %s, %sNAME", set, flagSet, statusWordSet, deviceTypePrefix)
			continue
		}
		if !slices.Contains(known, meaning) {
			bad.add(r.at(2), "%s", unknownWord("meaning", meaning, known))
		}
	}
	flags.index()
	return flags, types, words
}

// isWord reports whether a folded status is a word and not a code.
func isWord(status string) bool {
	for _, r := range status {
		if unicode.IsDigit(r) {
			return false
		}
	}
	return utf8.RuneCountInString(status) > 1
}

// Flags tells what the spellings of a yes/no column mean.
type Flags struct {
	words  map[string]Flag // folded spelling → value
	single [utf8.RuneSelf]struct {
		flag  Flag
		known bool
	}
}

// index fills the table of spellings of one character, which most cells are.
func (f *Flags) index() {
	for c := range f.single {
		flag, known := f.words[fold.Text(string(rune(c)))]
		f.single[c].flag, f.single[c].known = flag, known
	}
}

// Value returns what a cell says. It trims and folds width and case as fold.Text does, without
// allocating for any spelling that is embedded. ok is false for a spelling the table does not know,
// a field defect.
func (f *Flags) Value(cell []byte) (flag Flag, ok bool) {
	if len(cell) == 1 && cell[0] < utf8.RuneSelf {
		single := f.single[cell[0]]
		return single.flag, single.known
	}
	if flag, ok = f.words[string(cell)]; ok {
		return flag, true
	}
	var buffer [64]byte
	cell = fold.Trim(cell)
	if len(cell) <= len(buffer) {
		folded := append(buffer[:0], fold.Trim(fold.Width(buffer[:0], cell))...)
		for i, c := range folded {
			if 'A' <= c && c <= 'Z' {
				folded[i] = c + 'a' - 'A'
			}
		}
		if flag, ok = f.words[string(folded)]; ok {
			return flag, true
		}
	}
	// What is left is a defect, or a spelling of the workspace with letters beyond ASCII.
	flag, ok = f.words[fold.Text(string(cell))]
	return flag, ok
}

// DeviceTypes are the code sets that a profile may name instead of listing each code.
type DeviceTypes struct {
	sets map[string]map[string]string
}

// add enters a value and, for a code of two digits, the spelling that lost its leading zero.
func (d *DeviceTypes) add(set, value, meaning string) {
	types := d.sets[set]
	if types == nil {
		types = map[string]string{}
		d.sets[set] = types
	}
	types[value] = meaning
	if len(value) == 2 && value[0] == '0' && '1' <= value[1] && value[1] <= '9' {
		types[value[1:]] = meaning
	}
}

// Map returns the code set of that name (such as "unionpay"): code or name by fold.Text →
// canonical device type. ok is false for a set that does not exist. The map is not the caller's.
func (d *DeviceTypes) Map(set string) (types map[string]string, ok bool) {
	types, ok = d.sets[set]
	return types, ok
}

// StatusWords are guesses of what a status word means, for use where nobody wrote a status map.
type StatusWords struct {
	words map[string]string
}

// Guess returns the canonical status that a word suggests; never for digits or letter codes, whose
// meaning differs from system to system.
func (s *StatusWords) Guess(word string) (status string, ok bool) {
	status, ok = s.words[fold.Text(word)]
	return status, ok
}
