package render

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"deconflict/analysis"
	"deconflict/data"
)

// together makes a cooperation of groups, in each of which everybody works with everybody, and of nations that are alone.
func together(alone int, groups ...int) analysis.Cooperation {
	var c analysis.Cooperation
	next := 0
	nation := func(community int) data.Nation {
		n := data.Nation(fmt.Sprintf("N%02d", next))
		next++
		c.Nations = append(c.Nations, analysis.Cooperator{Nation: n, Community: community})
		return n
	}
	for k, size := range groups {
		var members []data.Nation
		for range size {
			n := nation(k + 1)
			for i, m := range members {
				c.Together = append(c.Together, analysis.Together{A: m, B: n, Initiatives: 1 + (i+size)%7})
			}
			members = append(members, n)
		}
	}
	for range alone {
		nation(0)
	}
	return c
}

// Whatever the groups, no two nodes overlap, all lie inside, groups that share nothing stay apart, and the same comes out again.
func TestNetworkReads(t *testing.T) {
	for _, groups := range [][]int{{}, {2}, {3}, {25}, {2, 2}, {10, 3, 2}, {12, 12}, {5, 4, 4, 3, 3, 2, 2, 2}, {60}, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}} {
		for _, wide := range []float64{1, 1.8, 0.6} {
			t.Run(fmt.Sprint(groups, wide), func(t *testing.T) {
				c := together(3, groups...)
				w := layNetwork(c, wide, 0.045)
				if again := layNetwork(c, wide, 0.045); !slices.Equal(w.ties, again.ties) || !slices.EqualFunc(w.nodes, again.nodes, func(a, b node) bool { return a.x == b.x && a.y == b.y }) {
					t.Error("it came out otherwise the second time")
				}
				if len(w.alone) != 3 || len(w.nodes) != len(c.Nations)-3 || len(w.ties)+w.undrawn != len(c.Together) {
					t.Fatalf("%d nodes, %d alone, %d ties drawn and %d not", len(w.nodes), len(w.alone), len(w.ties), w.undrawn)
				}
				if len(w.nodes) <= mostNodes && len(w.nodes) > 0 && w.radius < 0.02 {
					t.Errorf("radius %.3f: too small to read", w.radius)
				}
				for i, n := range w.nodes {
					if n.x < w.radius-1e-9 || n.x > wide-w.radius+1e-9 || n.y < w.radius-1e-9 || n.y > 1-w.radius+1e-9 {
						t.Errorf("%s lies at %.3f %.3f, radius %.3f", n.Nation, n.x, n.y, w.radius)
					}
					for _, m := range w.nodes[:i] {
						if d := math.Hypot(n.x-m.x, n.y-m.y); d < 2*w.radius {
							t.Errorf("%s and %s overlap: %.3f apart, radius %.3f", n.Nation, m.Nation, d, w.radius)
						}
					}
				}
				drawn := map[int]int{}
				for _, tie := range w.ties {
					drawn[tie.a]++
					drawn[tie.b]++
				}
				for i, n := range w.nodes {
					if drawn[i] == 0 {
						t.Errorf("%s has no tie in the picture", n.Nation)
					}
				}
			})
		}
	}
}

// Of each nation the two strongest ties are drawn, and what holds two groups together. By hand: A and B share 9, B and C 8, A and C 7
// (all three are within the two strongest of each); D and E share 6; C and D alone tie both groups with 1; A and D share none.
func TestNetworkDrawsTheStrongestTies(t *testing.T) {
	c := analysis.Cooperation{
		Nations:  []analysis.Cooperator{{Nation: "AAA", Community: 1}, {Nation: "BBB", Community: 1}, {Nation: "CCC", Community: 1}, {Nation: "DDD", Community: 2}, {Nation: "EEE", Community: 2}, {Nation: "FFF", Community: 1}},
		Together: []analysis.Together{{A: "AAA", B: "BBB", Initiatives: 9}, {A: "BBB", B: "CCC", Initiatives: 8}, {A: "AAA", B: "CCC", Initiatives: 7}, {A: "DDD", B: "EEE", Initiatives: 6}, {A: "CCC", B: "DDD", Initiatives: 1}, {A: "AAA", B: "FFF", Initiatives: 5}, {A: "BBB", B: "FFF", Initiatives: 4}, {A: "CCC", B: "FFF", Initiatives: 3}},
	}
	w := layNetwork(c, 1, 0.05)
	var got []string
	for _, x := range w.ties {
		got = append(got, fmt.Sprintf("%s-%s %d", w.nodes[x.a].Nation, w.nodes[x.b].Nation, x.initiatives))
	}
	// FFF's third tie, to CCC, is within nobody's two strongest and holds nothing together.
	want := []string{"CCC-DDD 1", "BBB-FFF 4", "AAA-FFF 5", "DDD-EEE 6", "AAA-CCC 7", "BBB-CCC 8", "AAA-BBB 9"}
	if !slices.Equal(got, want) || w.undrawn != 1 {
		t.Errorf("drawn %v, want %v; %d undrawn", got, want, w.undrawn)
	}
}

func TestMatrixPutsPartnersTogether(t *testing.T) {
	m := layMatrix(analysis.Cooperation{
		Nations:  []analysis.Cooperator{{Nation: "AAA", Community: 2}, {Nation: "BBB", Community: 1}, {Nation: "CCC", Community: 2}, {Nation: "DDD", Community: 1}, {Nation: "EEE"}, {Nation: "FFF", Community: 1}},
		Together: []analysis.Together{{A: "AAA", B: "CCC", Initiatives: 5}, {A: "BBB", B: "DDD", Initiatives: 2}, {A: "DDD", B: "FFF", Initiatives: 3}},
	})
	var order []data.Nation
	for _, n := range m.nations {
		order = append(order, n.Nation)
	}
	if want := []data.Nation{"DDD", "FFF", "BBB", "AAA", "CCC"}; !slices.Equal(order, want) {
		t.Errorf("in the order %v, want %v", order, want)
	}
	if m.shared[0][1] != 3 || m.shared[1][0] != 3 || m.shared[0][3] != 0 || m.most != 5 || !slices.Equal(m.alone, []data.Nation{"EEE"}) {
		t.Errorf("%+v", m)
	}
}
