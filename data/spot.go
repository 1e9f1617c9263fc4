package data

// Spot is what stands where a problem is, for whoever is to mend it.
type Spot struct {
	Cell  string // its address in a sheet, such as C7, or its path in a document, such as /targets/3/nation (RFC 6901); none in CSV
	Label string // what the text is: the number of a line, or the address of a cell

	// The text in three parts: what is meant, and what stands around it. Where it is long, an ellipsis stands for what is left out.
	Before, Value, After string

	Fix     string // what the cell should hold,
	Certain bool   // where it can mean only that
}
