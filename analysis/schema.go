package analysis

import _ "embed"

// ReportSchema is the JSON Schema of a Report.
//
//go:embed report.schema.json
var ReportSchema []byte

// DifferenceSchema is the JSON Schema of a Difference.
//
//go:embed difference.schema.json
var DifferenceSchema []byte
