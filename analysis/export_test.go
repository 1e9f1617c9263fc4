package analysis

import "deconflict/graph"

// KeepAccounts makes the accounts of a graph.
func KeepAccounts(g *graph.Graph) (*Pass, error) { return keepingAccounts(g, Options{}) }
