//go:build !amd64

package llama

// plainGo has nothing to switch off here.
func plainGo() (back func()) { return func() {} }
