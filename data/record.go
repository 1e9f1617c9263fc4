package data

import (
	"slices"
	"unsafe"
)

// Record is what every statement about forces has in common: how much of which capability, when, and where that is written.
//
// There may be millions of them, so what many say alike is kept once: they point to the same Subject and Origin. These read like fields of
// the record, and are never written to; who changes one gives the record another.
type Record struct {
	Words
	*Subject
	*Origin
	Quantity Quantity
	Period   Period
	Line     int32 // of its file or sheet
	// Readiness is within how many days forces are asked for, offered or ready. A requirement says nothing of it.
	Readiness Notice
}

// Named is the record with an id and a statement.
func (r Record) Named(id, statement string) Record {
	r.Words = WordsOf(id, statement)
	return r
}

// Subject is what a record is about.
type Subject struct {
	Capability Capability
	Unit       string // as stated; the capability's own where the record states none
	// Term is the term of another scheme by which the capability was named; empty where it was named by itself.
	Term string
	// Comparable says that the quantity may enter a sum: its unit is the capability's, and the capability is named exactly,
	// not by a broader or narrower term. Such a quantity can still be unknown.
	Comparable bool
}

// Origin is where a record is written, and what stands behind it.
type Origin struct {
	File       string
	Sheet      string // of a workbook
	Marking    Marking
	Sources    []string // codes of the sources table, or free text
	Confidence string
}

// Met are the origins met last. Records share them, so that of nearly every record the origin was met before.
type Met struct {
	at   [64]*Origin // by where they stand in the memory: one look tells of most that they were met
	last [8]*Origin  // as two that take turns may have one place there
	next int
}

// Anew reports whether an origin was not met lately, and meets it.
func (m *Met) Anew(o *Origin) bool {
	place := &m.at[uintptr(unsafe.Pointer(o))/unsafe.Sizeof(*o)%uintptr(len(m.at))]
	if *place == o {
		return false
	}
	*place = o
	if slices.Contains(m.last[:], o) {
		return false
	}
	m.last[m.next%len(m.last)] = o
	m.next++
	return true
}

// Position is where the record is written.
func (r *Record) Position() Position {
	return Position{File: r.File, Sheet: r.Sheet, Line: int(r.Line)}
}

// Mark gives the record another marking.
func (r *Record) Mark(m Marking) {
	origin := *r.Origin
	origin.Marking = m
	r.Origin = &origin
}

// Counts reports whether the record has a number that enters sums.
func (r *Record) Counts() bool { return r.Comparable && r.Quantity.Known() }

// Requirement is what an organisation needs in total, before it is shared out.
type Requirement struct {
	Record
	Process Process
	Cycle   string
}

// Target is the share of one nation in what an organisation asks for, or, in process NATIONAL, a nation's own plan.
type Target struct {
	Record
	*Request
	Held Quantity // the short form of a holding: the nation reports that it holds this many
}

// Request is who asks whom, and how urgently. Targets share it as records share their Subject.
type Request struct {
	Process  Process
	Cycle    string
	Nation   Nation
	Priority string
	Status   string
}

// Pledge is what a nation offers to one organisation.
type Pledge struct {
	Record
	Organisation Organisation
	Nation       Nation
}

// Holding is what a nation has, or will have from a date: the single set of forces. It counts once, whoever asks.
type Holding struct {
	Record
	Nation Nation
}

// Completeness says what may be concluded from a nation's absence from an initiative's list of participants.
type Completeness string

// Complete and AllMembers lists are whole. A Partial list says nothing about a nation that it lacks. Addressees are whom a law,
// a fund or a plan speaks to: they contribute nothing and take part in no overlap arithmetic.
const (
	Complete   Completeness = "complete"
	Partial    Completeness = "partial"
	AllMembers Completeness = "all-members"
	Addressees Completeness = "addressees"
)

// AllCompleteness are the words for how whole a list of participants is.
var AllCompleteness = []Completeness{Complete, Partial, AllMembers, Addressees}

// Whole reports whether absence from the list means that the nation is not in the initiative.
func (c Completeness) Whole() bool { return c == Complete || c == AllMembers }

// OwnMembers is the beneficiary of an initiative that serves only the nations in it.
const OwnMembers = "own-members"

// Initiative is a standing cooperation: a project, centre, agency service, agreement, exercise series, fund or law.
type Initiative struct {
	Initiative   string // its code
	Name         string
	Organisation Organisation
	Framework    string
	Kind         string
	Period       Period
	Beneficiary  string
	Membership   Completeness
	Summary      string
	Marking      Marking
	Sources      []string
	AsOf         string // the date of the sources, as precise as they are
	Confidence   string
	Note         string
	Position     Position
}

// Role is how a nation takes part in an initiative.
type Role string

// The roles. Leads and members are in the initiative; observers and partners are not.
const (
	Lead     Role = "lead"
	Member   Role = "member"
	Observer Role = "observer"
	Partner  Role = "partner"
)

// AllRoles are the roles, from the closest.
var AllRoles = []Role{Lead, Member, Observer, Partner}

// In reports whether a nation with this role is in the initiative.
func (r Role) In() bool { return r == Lead || r == Member }

// Participant says that a nation takes part in an initiative.
type Participant struct {
	Initiative string
	Nation     Nation
	Role       Role
	Period     Period
	Position   Position
}

// Means is what an initiative contributes to a capability.
type Means string

// AllMeans are the means, from setting the need to training for it.
var AllMeans = []Means{"set-requirement", "regulate", "fund", "procedure", "coordinate", "provide", "train"}

// Contribution says by what means an initiative serves a capability.
type Contribution struct {
	Initiative string
	Capability Capability
	Means      Means
	Note       string
	Position   Position
}

// RelationKind is a stated tie between two initiatives.
type RelationKind string

// The relations. The first three resolve an apparent duplication, the last two manage it.
const (
	MergedInto      RelationKind = "merged-into"
	Supersedes      RelationKind = "supersedes"
	PartOf          RelationKind = "part-of"
	CoordinatesWith RelationKind = "coordinates-with"
	DistinctMandate RelationKind = "distinct-mandate"
)

// AllRelations are the ties, those that resolve before those that manage.
var AllRelations = []RelationKind{MergedInto, Supersedes, PartOf, CoordinatesWith, DistinctMandate}

// Resolves reports whether the tie makes one initiative of two.
func (k RelationKind) Resolves() bool { return k == MergedInto || k == Supersedes || k == PartOf }

// Relation is a stated tie from one initiative to another.
type Relation struct {
	Initiative string
	Other      string
	Relation   RelationKind
	Note       string
	Sources    []string
	Position   Position
}

// ActionItem is one of the common proposals that NATO and the EU agreed in 2016 and 2017.
type ActionItem struct {
	Item          string
	Set           string // 2016 or 2017
	Chapter       string
	Title         string
	Areas         []string
	Organisations []string
	Sources       []string
	Position      Position
}

// ActionLink says that an initiative serves an action item.
type ActionLink struct {
	Item       string
	Initiative string
	Position   Position
}

// Source is where a fact was read.
type Source struct {
	Source    string // its code
	Title     string
	URL       string
	Publisher string
	Date      string // as precise as the source is
	Position  Position
}
