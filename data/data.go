// Package data holds the words that planners use: nations, capabilities, targets, pledges, holdings, requirements and
// initiatives, with how each is read from text and printed. It knows no file format, no graph and no formula.
//
// Three rules run through it. Silence is not zero: an unknown quantity is a state of its own. Not eligible is not
// absent: membership is dated and asked for a day. Only equal units add up: each record says whether it is comparable.
package data
