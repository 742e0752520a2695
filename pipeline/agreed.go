package pipeline

import (
	"encoding/json"
	"fmt"
	"math/big"
	"path"
	"strconv"

	"github.com/tapcov/tapcov/pipeline/conform"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
)

// The reasons, beside those of conform, for which a delivery is refused.
const (
	reasonUnreadable = "unreadable"
	reasonSideFile   = "side_file"
	reasonOverLimit  = "rejects_over_limit"
)

// broken says why an export may not be used: it could not be read, it is not what the files beside it
// say, or more of it was rejected than was agreed. Side files and limits are looked at here and not when
// the export is read: they may come or change later, and its rows stay what they are. What a closed
// snapshot stands on is past that.
func broken(rival held, source workspace.Source) (code, why string) {
	if rival.Refused != "" {
		return refusedFor(rival.Inventory), rival.Refused
	}
	if rival.isClosed {
		return "", ""
	}
	var tally conform.Tally
	if err := json.Unmarshal(rival.Tally, &tally); err != nil {
		return reasonUnreadable, fmt.Sprintf("its tally cannot be read: %v; read it again with `tapcov run --reconform %s`", err, rival.Source)
	}
	if !source.Control.Ignore {
		if why := contradicted(rival, &tally, source.Control); why != "" {
			return reasonSideFile, why
		}
	}
	if why := overLimit(&tally, source); why != "" {
		return reasonOverLimit, why
	}
	return "", ""
}

// refusedFor is the code of the first reason why an export was refused when it was read.
func refusedFor(inventory *lake.Inventory) string {
	var problems []conform.Problem
	if json.Unmarshal(inventory.Problems, &problems) == nil && len(problems) > 0 {
		return problems[0].Code
	}
	return reasonUnreadable
}

// contradicted says what a side file says and the export is not; "" if they agree.
func contradicted(rival held, tally *conform.Tally, control workspace.Control) string {
	if control.Required && len(rival.SideFiles) == 0 {
		return "no side file stands beside it, and control.required asks for one"
	}
	for _, side := range rival.SideFiles {
		name := path.Base(side.Name)
		switch {
		case side.Fault != "":
			return fmt.Sprintf("%s cannot be used: %s; ask for it again, or set control.ignore", name, side.Fault)
		case side.SHA256 != "" && side.SHA256 != rival.ExportID:
			return fmt.Sprintf("%s gives the SHA-256 %s, the export has %s: it is damaged or not whole", name, side.SHA256, rival.ExportID)
		case side.MD5 != "" && side.MD5 != rival.MD5:
			return fmt.Sprintf("%s gives the MD5 %s, the export has %s: it is damaged or not whole", name, side.MD5, rival.MD5)
		case side.Bytes != nil && *side.Bytes != rival.Bytes:
			return fmt.Sprintf("%s gives a size of %d bytes, the export has %d", name, *side.Bytes, rival.Bytes)
		case side.Count != nil && !tally.Agrees(*side.Count, control):
			why := fmt.Sprintf("%s counts %d, but %s", name, *side.Count, tally.Counted(control))
			if tally.Agrees(*side.Count, workspace.Control{Counts: "records"}) {
				why += "; if it counts the header too, set control.counts: records"
			}
			return why
		}
	}
	return ""
}

// overLimit says which limit of rejects an export breaks; "" if none. At a limit it is still good.
func overLimit(tally *conform.Tally, source workspace.Source) string {
	what := "terminals"
	if source.Usage.IsSet() {
		what = "rows"
	}
	if most, err := strconv.ParseInt(source.MaxRejects, 10, 64); err == nil && tally.RejectTerminal > most {
		return fmt.Sprintf("%d of %d %s were rejected, more than max_rejects: %s",
			tally.RejectTerminal, tally.Terminals(), what, source.MaxRejects)
	}
	share, ok := new(big.Rat).SetString(source.MaxRejectShare)
	if ok && tally.Terminals() > 0 && big.NewRat(tally.RejectTerminal, tally.Terminals()).Cmp(share) > 0 {
		return fmt.Sprintf("%d of %d %s were rejected, a share above max_reject_share: %s",
			tally.RejectTerminal, tally.Terminals(), what, source.MaxRejectShare)
	}
	return ""
}
