package pipeline

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/tapcov/tapcov/pipeline/lake"
)

// sideSuffixes are the endings of files that stand beside an export and say that it is whole.
var sideSuffixes = []string{".ok", ".count", ".md5", ".sha256"}

// sideSuffix returns the ending that makes a file a side file, in lower case.
func sideSuffix(name string) (suffix string, ok bool) {
	lower := strings.ToLower(name)
	for _, suffix := range sideSuffixes {
		if strings.HasSuffix(lower, suffix) {
			return suffix, true
		}
	}
	return "", false
}

// sideNames returns what a side file of an export may be called, without its ending: the export's whole
// name, or that without its endings.
func sideNames(name string) []string {
	names := []string{name}
	for {
		ext := path.Ext(name)
		if ext == "" || ext == path.Base(name) {
			return names
		}
		name = strings.TrimSuffix(name, ext)
		names = append(names, name)
		switch strings.ToLower(ext) {
		case ".gz", ".zst", ".zip": // of a.csv.gz also a.ok
		default:
			return names
		}
	}
}

// maxSideFile bounds a side file, in bytes.
const maxSideFile = 64 << 10

// readSideFile reads what a side file says of one export, whose name has no folder.
func readSideFile(at, name, export string) (lake.SideFile, error) {
	file, err := os.Open(at)
	if err != nil {
		return lake.SideFile{}, fmt.Errorf("read side file: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSideFile+1))
	if err != nil {
		return lake.SideFile{}, fmt.Errorf("read side file %s: %w", name, err)
	}
	return parseSideFile(text, name, export), nil
}

// whyAwaited is why a file that is not known yet is not read.
const whyAwaited = "no side file stands beside it yet, and control.required asks for one"

// isAwaited reports whether a file may still be on its way, because the side file that its source
// delivers last is not there.
func (f *inboxFile) isAwaited() bool { return f.source.Control.Required && len(f.sides) == 0 }

// awaited lists the files of the inbox that wait for a side file.
func (r *run) awaited(known *catalog, summary *Summary) error {
	files, err := look(r.ws)
	if err != nil {
		return err
	}
	seen, err := r.lake.Seen(false)
	if err != nil {
		return err
	}
	for _, file := range files {
		exportID, _ := seen.Lookup(file.source.Name+"/"+file.name, file.info)
		if file.isAwaited() && known.find(file, exportID, r.conformInputs()) == nil {
			summary.wait(file)
		}
	}
	return nil
}

// wait notes a file that waits for a side file.
func (s *Summary) wait(file inboxFile) {
	s.SetAside = append(s.SetAside, SetAside{
		Source: file.source.Name, File: file.name, State: Waiting, Reason: reasonSideFile, Why: whyAwaited,
	})
}

// besides reads the side files of an export and keeps what they say with its inventory. What stood
// beside it last holds until something else does: a file that leaves the inbox changes nothing.
func (r *run) besides(i *intake, known *catalog) error {
	inventory := *i.inventory
	for _, other := range known.byExport[exportKey(i.inventory)] {
		if len(inventory.SideFiles) == 0 {
			inventory.SideFiles = other.SideFiles // of another profile
		}
	}
	var sides []lake.SideFile
	needsMeasure := false
	for _, name := range i.sides {
		side, err := readSideFile(filepath.Join(r.ws.Inbox(i.source.Name), filepath.FromSlash(name)), name, path.Base(i.name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // taken away since the inbox was listed
		}
		if err != nil {
			return err
		}
		sides = append(sides, side)
	}
	if len(sides) > 0 {
		inventory.SideFiles = sides
	}
	for _, side := range inventory.SideFiles {
		needsMeasure = needsMeasure || side.Bytes != nil && inventory.Bytes == 0 || side.MD5 != "" && inventory.MD5 == ""
	}
	if needsMeasure && inventory.Refused == "" {
		r.progress.step("check", i.label())
		var err error
		if inventory.Bytes, inventory.MD5, err = measure(i.path); err != nil {
			return fmt.Errorf("check %s: %w", i.label(), err)
		}
	}
	if reflect.DeepEqual(inventory, *i.inventory) {
		return nil
	}
	*i.inventory = inventory
	return r.writer.SaveInventory(i.inventory)
}

// measure returns the size and the MD5 of a file.
func measure(at string) (size int64, sum string, err error) {
	file, err := os.Open(at)
	if err != nil {
		return 0, "", err
	}
	defer file.Close()
	hash := md5.New()
	if size, err = io.Copy(hash, file); err != nil {
		return 0, "", err
	}
	return size, hex.EncodeToString(hash.Sum(nil)), nil
}

var (
	tagged   = regexp.MustCompile(`(?i)^(MD5|SHA2?-?256)\s*\((.+)\)\s*=\s*([0-9a-f]{32}|[0-9a-f]{64})$`)
	listed   = regexp.MustCompile(`(?i)^\\?([0-9a-f]{64}|[0-9a-f]{32})(?:[ \t]+[*]?(.+))?$`)
	numbered = regexp.MustCompile(`^([0-9][0-9,]*)(?:[ \t]+(\S.*))?$`)
	assigned = regexp.MustCompile(`([\pL_][\pL\pN_ -]*?)\s*[:=：＝]\s*([0-9A-Za-z,]+)`)
)

// saying is one thing that a side file says, of the export of that name, or of the one beside it.
type saying struct {
	about string
	set   func(*lake.SideFile)
}

// parseSideFile reads what a side file says of an export: md5sum and BSD lists, numbers with or without
// a name, and pairs such as rows=123. What it says in other words is no business of ours.
func parseSideFile(text []byte, name, export string) lake.SideFile {
	side := lake.SideFile{Name: name}
	if len(text) > maxSideFile {
		side.Fault = fmt.Sprintf("it is larger than %d KiB", maxSideFile>>10)
		return side
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text); err == nil {
			text = decoded
		}
	}
	var sayings []saying
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			sayings = append(sayings, sayingsOf(line)...)
		}
	}
	suffix, _ := sideSuffix(name)
	isWhole := strings.EqualFold(path.Base(name), export+suffix)
	for _, s := range sayings {
		// A list beside several exports speaks of each by its name; alone under the export's own name
		// it speaks of that, whatever the export was called when the list was made.
		if s.about == "" || path.Base(strings.ReplaceAll(s.about, `\`, "/")) == export || isWhole && len(sayings) == 1 {
			s.set(&side)
		}
	}
	if suffix == ".ok" && side.Count != nil && isTime(*side.Count) {
		side.Count = nil // when it was delivered, not how much
	}
	side.Fault = lacks(side, suffix)
	return side
}

func sayingsOf(line string) []saying {
	if m := tagged.FindStringSubmatch(line); m != nil {
		return []saying{{m[2], sum(m[3])}}
	}
	if m := listed.FindStringSubmatch(line); m != nil {
		return []saying{{m[2], sum(m[1])}}
	}
	if m := numbered.FindStringSubmatch(line); m != nil {
		if n, ok := wholeNumber(m[1]); ok {
			return []saying{{m[2], func(s *lake.SideFile) { s.Count = &n }}}
		}
	}
	var sayings []saying
	for _, m := range assigned.FindAllStringSubmatch(line, -1) {
		if set := pairOf(strings.ToLower(strings.TrimSpace(m[1])), m[2]); set != nil {
			sayings = append(sayings, saying{"", set})
		}
	}
	return sayings
}

// sum keeps a checksum, told by its length.
func sum(digits string) func(*lake.SideFile) {
	digits = strings.ToLower(digits)
	return func(s *lake.SideFile) {
		if len(digits) == 32 {
			s.MD5 = digits
		} else {
			s.SHA256 = digits
		}
	}
}

// sideKeys are the words before a count or a size.
var (
	countKeys = map[string]bool{
		"rows": true, "row": true, "row_count": true, "rowcount": true, "count": true, "records": true, "record": true, "record_count": true,
		"recordcount": true, "lines": true, "total": true, "终端数": true, "记录数": true, "总记录数": true, "行数": true, "总行数": true, "总数": true, "条数": true, "笔数": true,
	}
	sizeKeys = map[string]bool{
		"bytes": true, "size": true, "file_size": true, "filesize": true, "length": true, "字节数": true, "文件大小": true, "大小": true,
	}
)

func pairOf(key, value string) func(*lake.SideFile) {
	n, isNumber := wholeNumber(value)
	switch {
	case countKeys[key] && isNumber:
		return func(s *lake.SideFile) { s.Count = &n }
	case sizeKeys[key] && isNumber:
		return func(s *lake.SideFile) { s.Bytes = &n }
	case (key == "md5" && len(value) == 32 || key == "sha256" && len(value) == 64) && listed.MatchString(value):
		return sum(value)
	}
	return nil
}

// isTime reports whether a number is a date or a time as digits: 20170131, 20170131120000.
func isTime(n int64) bool {
	digits := strconv.FormatInt(n, 10)
	for _, layout := range []string{"20060102", "20060102150405"} {
		if at, err := time.Parse(layout, digits); err == nil && at.Year() >= 1990 && at.Year() < 2100 {
			return true
		}
	}
	return false
}

func wholeNumber(text string) (int64, bool) {
	n, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64)
	return n, err == nil
}

// lacks says what a side file of its ending should say and does not; "" if nothing.
func lacks(s lake.SideFile, suffix string) string {
	switch {
	case suffix == ".count" && s.Count == nil:
		return "there is no number in it"
	case suffix == ".md5" && s.MD5 == "":
		return "there is no MD5 of this export in it"
	case suffix == ".sha256" && s.SHA256 == "":
		return "there is no SHA-256 of this export in it"
	}
	return ""
}
