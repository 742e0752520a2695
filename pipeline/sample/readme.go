package sample

import (
	"bytes"
	"fmt"
	"text/template"
)

// readme fills the figures of the truth into the sample's README.
func readme(truth Truth) ([]byte, error) {
	page, err := template.New("README.md.tmpl").Funcs(template.FuncMap{
		"down": func(part, whole int) string { return percent(part * 10_000 / whole) },
		"up": func(c Counts, whole int) string {
			return percent(((c.Yes+c.Unknown)*10_000 + whole - 1) / whole)
		},
	}).ParseFS(written, "workspace/README.md.tmpl")
	if err != nil {
		return nil, fmt.Errorf("read the template of README.md: %w", err)
	}
	var text bytes.Buffer
	if err := page.Execute(&text, truth); err != nil {
		return nil, fmt.Errorf("write README.md: %w", err)
	}
	return text.Bytes(), nil
}

// percent formats hundredths of a percent.
func percent(hundredths int) string {
	return fmt.Sprintf("%d.%02d%%", hundredths/100, hundredths%100)
}
