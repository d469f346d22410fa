package cli

import (
	"context"
	"testing"

	"reprise/engine/model"
)

// holding is a server that has models.
type holding []model.Info

func (holding) Name() string { return "scripted" }

func (holding) Stream(context.Context, model.Request, func(model.Event) error) error { return nil }

func (h holding) Models(context.Context) ([]model.Info, error) { return h, nil }

func TestDoctorFindsModelsThatAreNotTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		servers []model.Provider
		want    string
	}{
		"one server":     {[]model.Provider{holding{{Name: "a", Digest: "1"}}}, ""},
		"the same":       {[]model.Provider{holding{{Name: "a", Digest: "1"}}, holding{{Name: "a", Digest: "1"}, {Name: "b", Digest: "2"}}}, ""},
		"nobody tells":   {[]model.Provider{holding{{Name: "a"}}, holding{{Name: "a", Digest: "1"}}}, ""},
		"not the same":   {[]model.Provider{holding{{Name: "a", Digest: "1"}, {Name: "b", Digest: "1"}}, holding{{Name: "b", Digest: "2"}, {Name: "a", Digest: "2"}}}, "not the same on all servers: a, b"},
		"first is quiet": {[]model.Provider{holding{{Name: "a"}}, holding{{Name: "a", Digest: "1"}}, holding{{Name: "a", Digest: "2"}}}, "not the same on all servers: a"},
	} {
		got := ""
		for _, f := range examineDigests(t.Context(), c.servers) {
			got += f.Found
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
