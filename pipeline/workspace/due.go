package workspace

import "time"

// DueOn is the day of the month after a snapshot by which it is expected of a source with a rhythm.
func (s Source) DueOn(snapshot string) time.Time {
	at, err := time.Parse(time.DateOnly, snapshot)
	if err != nil {
		return time.Time{}
	}
	first := time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, s.DueDay-1)
}

// MonthEnd is the last day of the month so many months after a date.
func MonthEnd(date time.Time, months int) time.Time {
	return time.Date(date.Year(), date.Month()+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC)
}
