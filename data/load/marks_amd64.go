package load

// markBlocks is markWords sixteen bytes at a time, with instructions that every processor of this kind has. It takes a sixth of the time.
//
//go:noescape
func markBlocks(blocks []marked, text []byte, separator byte)
