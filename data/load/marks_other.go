//go:build !amd64

package load

func markBlocks(blocks []marked, text []byte, separator byte) { markWords(blocks, text, separator) }
