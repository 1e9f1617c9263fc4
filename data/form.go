package data

// Content is what the cells of a column hold.
type Content string

// The contents. What refers to something else is a code in the words of the program; readers take other names for it too.
const (
	FreeText         Content = "text" // as its author likes it
	RowName          Content = "name" // by which other rows refer to this one, or which tells it apart
	NationCode       Content = "nation"
	ProcessCode      Content = "process"
	OrganisationCode Content = "organisation"
	CapabilityCode   Content = "capability"
	AreaCode         Content = "area"
	UnitWord         Content = "unit" // of the capability in the row
	ListedWord       Content = "word" // of a closed list
	InitiativeCode   Content = "initiative"
	ItemCode         Content = "item"
	Number           Content = "number" // ≥ 0
	WholeDays        Content = "days"
	CalendarDay      Content = "day"
)

// Form is a table as it is handed out to be filled.
type Form struct {
	Name    string // of the table
	Purpose string // what a row of it says
	Columns []FormColumn
	Rows    [][]string // what is known already, as a reader of files would read it
}

// FormColumn is a column of a form.
type FormColumn struct {
	Name     string
	Required bool
	Content  Content
	Words    []string // that a column of listed words takes
	Note     string   // for whoever fills it
}

// Template is what a planning cell sends out: forms, and the words to fill them with.
type Template struct {
	Title      string
	AsOf       Date
	Marking    Marking // of what is filled in already
	Nation     Nation  // that the forms are for; none where they are for anybody
	Vocabulary *Vocabulary
	Forms      []Form
}
