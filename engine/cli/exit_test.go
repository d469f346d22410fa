package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"reprise/engine/model"
	"reprise/engine/store"
	"reprise/programs/source"
)

func TestExitCodeOfEachKindOfError(t *testing.T) {
	wrap := func(err error) error { return fmt.Errorf("run solve: %w", err) }
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{silent(exitFound), 1},
		{wrap(fail(exitUsage, "unknown")), 2},
		{wrap(store.ErrNotFound), 2},
		{wrap(&store.Ambiguous{}), 2},
		{wrap(fs.ErrNotExist), 2},
		{wrap(source.Diagnostics{{Severity: source.Error}}), 3},
		{wrap(&model.Error{Kind: model.Unreachable}), 4},
		{wrap(&model.Error{Kind: model.NotFound}), 4},
		{wrap(&model.Error{Kind: model.Unsupported}), 4},
		{wrap(&model.Error{Kind: model.Lost}), 5},
		{wrap(&model.Error{Kind: model.ContextExceeded}), 5},
		{errors.New("disk full"), 6},
		{wrap(context.Canceled), 130},
		{errors.Join(fail(exitProgram, "x"), errors.New("close")), 3},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v exits with %d, want %d", c.err, got, c.want)
		}
	}
}
