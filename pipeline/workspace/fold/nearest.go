package fold

// Nearest returns the known name that name is most likely a slip of: the one the fewest edits away,
// the first of equals, "" if each is more than a third of its length away. Edits are insertions,
// deletions, substitutions and swaps of neighbours, after folding.
func Nearest(name string, known []string) string {
	from := []rune(Text(name))
	best, fewest := "", max(1, len(from)/3)+1
	for _, candidate := range known {
		if n := edits(from, []rune(Text(candidate)), fewest); n < fewest {
			best, fewest = candidate, n
		}
	}
	return best
}

// edits counts the edits that turn from into to; at limit or more it stops counting.
func edits(from, to []rune, limit int) int {
	if len(from)-len(to) >= limit || len(to)-len(from) >= limit {
		return limit
	}
	before, last, row := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i := range from {
		row[0] = i + 1
		for j := range to {
			substitution := last[j]
			if from[i] != to[j] {
				substitution++
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, substitution)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(to)]
}
