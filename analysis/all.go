package analysis

// All are the analyses, in the order of help, of the report and of the slides. A new one is a file and a line here.
var All = []*Analysis{
	DualTarget,
	DoublePledge,
	InitiativeOverlap,
	OverSupply,
	NationGap,
	CollectiveGap,
	CoverageGap,
	AbsentNation,
	Concentration,
	Transfer,
	Means,
	Reach,
	Join,
	Partners,
	Clusters,
}
