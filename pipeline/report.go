package pipeline

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"

	"github.com/tapcov/tapcov/pipeline/editions"
	"github.com/tapcov/tapcov/pipeline/lake"
	"github.com/tapcov/tapcov/pipeline/workspace"
	"github.com/tapcov/tapcov/reports"
)

// writeReports writes the report of a newly published edition (or one that lost its folder) to
// reports/EDITION and points reports/latest at it.
func (r *run) writeReports(ctx context.Context, manifest *lake.Manifest, published bool) error {
	folder := fmt.Sprintf("%06d", manifest.Edition)
	dir := filepath.Join(r.ws.Reports(), folder)
	r.summary.Report = filepath.Join(dir, "index.html")
	if len(manifest.Snapshots) == 0 {
		r.summary.Report = ""
		return nil
	}
	edition := editions.New(r.ws, r.lake, r.engine, manifest)
	if err := r.summary.addShares(ctx, edition); err != nil {
		return err
	}
	if !published && workspace.Exists(r.summary.Report) {
		return nil
	}
	r.progress.step("report", folder)
	if err := edition.WriteReport(ctx, dir, reports.Formats{HTML: true, CSV: true}); err != nil {
		return err
	}
	if err := renameio.Symlink(folder, filepath.Join(r.ws.Reports(), "latest")); err != nil {
		return fmt.Errorf("point reports/latest at the edition: %w", err)
	}
	return nil
}
