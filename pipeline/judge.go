package pipeline

import (
	"context"

	"github.com/tapcov/tapcov/pipeline/coverage"
	"github.com/tapcov/tapcov/pipeline/lake"
)

// judge judges every claim at the snapshots of the edition and stores the judgements
// (lake/claims; grain: one row per claim and snapshot, and one per claim over all its snapshots).
func (r *run) judge(ctx context.Context, manifest *lake.Manifest, where placement) error {
	cubes := map[string]string{}
	keys := []string{"claims", r.sql, r.ws.Reference.Hash("claims"), r.ws.Reference.Hash("figures"), string(encode(r.ws.Config.Estate))}
	for i, snapshot := range manifest.Snapshots {
		cubes[snapshot.Date] = r.lake.Abs(snapshot.Coverage)
		keys = append(keys, snapshot.Date, snapshot.Coverage.Path, string(snapshot.State), string(encode(where.snapshots[i].neverSeen)))
	}
	if len(cubes) == 0 {
		return nil
	}
	if err := coverage.Install(ctx, r.engine, cubes); err != nil {
		return err
	}
	judgements, err := coverage.Judge(ctx, r.engine, r.ws.Reference.Claims.List(), r.estate(where), claimSnapshots(manifest))
	if err != nil {
		return err
	}
	r.summary.Judgements = judgements
	path := r.lake.ClaimsPath(contentKey(keys...))
	file, _, found, err := r.lake.Facts(path)
	if err != nil || found {
		manifest.Claims = file
		return err
	}
	rows, err := coverage.WriteJudgements(ctx, r.engine, judgements, path)
	if err != nil {
		return err
	}
	hash, err := r.engine.RowHash(ctx, path, "*")
	if err != nil {
		return err
	}
	manifest.Claims, err = r.writer.WriteFacts(path, rows, hash, nil)
	return err
}

func claimSnapshots(manifest *lake.Manifest) []coverage.Snapshot {
	var snapshots []coverage.Snapshot
	for _, snapshot := range manifest.Snapshots {
		snapshots = append(snapshots, coverage.Snapshot{Date: snapshot.Date, IsComplete: snapshot.State != lake.SnapshotOpen})
	}
	return snapshots
}

// estate says what the workspace holds, in the words of coverage.
func (r *run) estate(where placement) coverage.Estate {
	estate := coverage.Estate{
		Area: r.ws.Config.Estate.Area, Acquirers: r.ws.Config.Estate.Acquirers, IsComplete: r.ws.Config.Estate.Complete,
	}
	if figure, ok := r.ws.Reference.Figures.ByID(r.ws.Config.Estate.OfficialTotal); ok {
		if total, err := figure.Count(); err == nil {
			estate.Official = coverage.Official{Area: figure.Area, Date: figure.AsOf.To, Total: total}
		}
	}
	if n := len(where.snapshots); n > 0 {
		estate.NeverSeen = where.snapshots[n-1].neverSeen
	}
	return estate
}
