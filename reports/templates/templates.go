// Package templates holds the parts of the HTML page: page.html is the whole, style.css its only
// style sheet, and each other file one section under the name that the file bears.
package templates

import "embed"

// Files are the templates and the style sheet.
//
//go:embed *.html *.css
var Files embed.FS
