package synthetic

import "deconflict/data"

// role is the part that a capability plays. The roles follow one another down the list of capabilities: the i-th has the role
// i modulo their number, whatever the seed, so that every area has every role.
type role struct {
	name string
	// asked is how many of a hundred nations NATO, the EU and the nation's own plan ask, of those that they may ask.
	asked [askers]int
	// stated is the total that an organisation requires, in per cent of what it asks of all nations; 0 where it states none.
	stated int
	// pledged is how many of a hundred nations pledge to each organisation that asks them.
	pledged int
	// carried says that one large nation of both organisations holds most of what there is.
	carried bool
	// holds is how many nations of ten hold what they are asked for in which way.
	holds [stances]int
}

// roles are chosen so that every kind of finding has a place where it must occur, named on the right.
var roles = [...]role{
	{name: "contested", asked: [askers]int{90, 90, 15}, stated: 105, pledged: 70, // dual-target with every verdict, double-pledge
		holds: [stances]int{covered: 2, single: 3, short: 2, reported: 1, unknown: 2}},
	{name: "matched", asked: [askers]int{80, 80, 10}, stated: 100, pledged: 20, // transfer, partners
		holds: [stances]int{ample: 3, short: 3, none: 1, covered: 2, unknown: 1}},
	{name: "wanting", asked: [askers]int{85, 85, 10}, stated: 150, pledged: 30, // collective-gap: a remainder asked of nobody, unknown nations
		holds: [stances]int{short: 4, none: 1, single: 1, unclear: 1, unknown: 3}},
	{name: "carried", asked: [askers]int{60, 60, 10}, stated: 100, carried: true, // concentration: one nation gives most
		holds: [stances]int{scant: 3, none: 4, unknown: 3}},
	{name: "plentiful", asked: [askers]int{50, 40, 5}, stated: 100, // over-supply
		holds: [stances]int{ample: 7, covered: 2, unknown: 1}},
	{name: "NATO only", asked: [askers]int{85, 0, 10}, stated: 110, pledged: 60, // coverage-gap of the EU; nations not eligible
		holds: [stances]int{covered: 3, short: 3, late: 1, unknown: 3}},
	{name: "arriving", asked: [askers]int{85, 80, 15}, stated: 180, pledged: 40, // nation-gap: lateness, readiness; collective-gap without unknown nations
		holds: [stances]int{late: 4, slow: 3, short: 2, covered: 1}},
	{name: "own plans", asked: [askers]int{20, 20, 90}, pledged: 20, // nation-gap against the nation's own plan
		holds: [stances]int{short: 4, scant: 1, covered: 3, unknown: 2}},
	{name: "EU only", asked: [askers]int{0, 85, 10}, stated: 110, pledged: 60, // coverage-gap of NATO; nations not eligible
		holds: [stances]int{covered: 3, short: 3, late: 1, unknown: 3}},
	{name: "alone", asked: [askers]int{60, 60, 5}, stated: 100, carried: true, // concentration: one nation is the only giver
		holds: [stances]int{none: 7, unknown: 3}},
	{name: "dark", asked: [askers]int{75, 75, 20}, stated: 120, // not assessed: the supply of most nations is not known
		holds: [stances]int{covered: 1, unclear: 2, unknown: 7}},
	{name: "unasked", asked: [askers]int{0, 0, 5}, // held without target
		holds: [stances]int{covered: 5, ample: 2, none: 1, unknown: 2}},
}

// stance is how what a nation holds compares with what it is asked for: by the organisations or, where neither asks, by its own
// plan or by the measure of its size.
type stance int

const (
	unknown  stance = iota // no row: silence
	unclear                // a row without a number, or in another unit
	none                   // a row that says 0
	scant                  // a tenth of the larger demand
	short                  // less than the larger demand
	single                 // the larger demand, and not both: the same forces answer twice
	covered                // both demands
	ample                  // at least twice both demands
	late                   // both demands, and half of it only after they start
	slow                   // both demands, at a longer notice than any target allows
	reported               // the larger demand, said on a target only
	carrying               // more than any other is asked for, beyond what it is asked for
	stances
)

// manner is how the demands of two organisations on one nation differ.
type manner int

const (
	aligned manner = iota // in nothing
	smaller               // one asks for less
	shifted               // the EU asks later
	readier               // the EU asks at another notice
	apart                 // in everything, and each row has its own dates
)

// manners are dealt out evenly.
var manners = [...]manner{aligned, aligned, smaller, smaller, smaller, shifted, shifted, readier, apart, apart, apart, apart}

// The askers: NATO and the EU, as in organisations, and the nation's own plan.
const (
	nato = iota
	eu
	own
	askers
)

var organisations = [...]data.Organisation{nato: data.NATO, eu: data.EU}

// processes are the processes of the cycle, with the rhythm in which each begins anew: the years that are phase modulo every.
var processes = [...]struct {
	process      data.Process
	asker        int
	every, phase int
	area         data.Area // the only one it is about
}{
	{"NDPP", nato, 4, 1, ""},
	{"CDP", eu, 5, 3, ""},
	{"CARD", eu, 2, 0, ""},
	{"PESCO", eu, 5, 1, ""},
	{"HLG", eu, 5, 0, ""},
	{"MM-PLEDGE", eu, 2, 0, "military-mobility"},
	{data.National, own, 1, 0, ""},
}

// notices are the readiness times that are asked for, in days.
var notices = [...]int{10, 30, 60, 90, 180}

// largest is the size of the largest nation.
const largest = 24

// nations gives each nation a size, to which the number and the quantity of its rows are in proportion, and a region, in which it
// cooperates most. A nation that is not listed has size 2 and no region of its own. No figure is a measurement.
var nations = [...]struct {
	nation data.Nation
	size   int
	region int
}{
	{"ALB", 2, southEast}, {"AUT", 4, centre}, {"BEL", 5, west}, {"BGR", 3, southEast}, {"CAN", 8, west}, {"CYP", 1, southEast},
	{"CZE", 4, centre}, {"DEU", 16, centre}, {"DNK", 4, north}, {"ESP", 10, south}, {"EST", 2, north}, {"FIN", 5, north},
	{"FRA", 15, west}, {"GBR", 15, west}, {"GRC", 6, southEast}, {"HRV", 2, southEast}, {"HUN", 4, southEast}, {"IRL", 2, west},
	{"ISL", 1, north}, {"ITA", 12, south}, {"LTU", 2, north}, {"LUX", 1, west}, {"LVA", 2, north}, {"MKD", 1, southEast},
	{"MLT", 1, south}, {"MNE", 1, southEast}, {"NLD", 7, west}, {"NOR", 5, north}, {"POL", 12, centre}, {"PRT", 4, south},
	{"ROU", 6, southEast}, {"SVK", 3, centre}, {"SVN", 2, southEast}, {"SWE", 6, north}, {"TUR", 12, southEast}, {"USA", largest, west},
}

// The regions.
const (
	north = iota
	west
	centre
	south
	southEast
	regions
)

// scales are what the largest nation may be asked for, by the unit of the capability; of a unit that is not listed, 20.
var scales = [...]struct {
	unit string
	most int
}{
	{"aircraft", 60}, {"arrangement", 6}, {"bed", 1200}, {"bridging rig", 60}, {"centre", 6}, {"company", 24},
	{"coordination cell", 6}, {"day of supply", 90}, {"event per year", 24}, {"facility", 20}, {"federated network", 4},
	{"graduate per year", 2400}, {"headquarters", 3}, {"kilometre of pipeline", 2400}, {"laboratory", 8}, {"patient place", 2400},
	{"person", 12000}, {"platform", 48}, {"programme", 6}, {"project", 40}, {"range", 3}, {"ship", 24}, {"site", 12}, {"system", 8},
	{"team", 30}, {"troop supported", 60000}, {"unit", 16}, {"unit of blood per day", 1200}, {"vehicle", 1200}, {"wagon", 2400},
}
