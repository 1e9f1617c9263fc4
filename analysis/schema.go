package analysis

import _ "embed"

// ReportSchema is the JSON Schema of a Report.
//
//go:embed report.schema.json
var ReportSchema []byte
