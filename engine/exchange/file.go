package exchange

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"reprise/engine/store"
)

// ImportFile is Import of a file on disk. It tells how much of the file has been
// read, at each percent.
func ImportFile(ctx context.Context, s *store.Store, name string, tell func(percent int)) (Imported, error) {
	f, err := os.Open(name)
	if err != nil {
		return Imported{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Imported{}, err
	}
	if info.IsDir() {
		return Imported{}, refuse("%s is a folder; name the files in it", name)
	}
	return Import(ctx, s, filepath.Base(name), &metered{from: f, size: info.Size(), tell: tell})
}

// metered tells how much of a file has been read.
type metered struct {
	from       io.Reader
	size, read int64
	told       int
	tell       func(percent int)
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.read += int64(n)
	if percent := int(m.read * 100 / max(m.size, 1)); percent != m.told {
		m.told = percent
		m.tell(min(percent, 100)) // a file may grow meanwhile
	}
	return n, err
}

// Refused is the error where something cannot be done as it was asked for.
type Refused struct{ message string }

func (e *Refused) Error() string { return e.message }

func refuse(format string, args ...any) error { return &Refused{fmt.Sprintf(format, args...)} }
