// Package public is the dataset that ships with the program: public facts on the cooperation of NATO, the EU and their nations in
// military mobility, medical support and cyber defence. It is dated and incomplete; SOURCES.md says how it was compiled.
package public

import "embed"

// FS holds the tables as CSV and their datapackage.json.
//
//go:embed *.csv datapackage.json
var FS embed.FS
