package cli

import (
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"reprise/engine/model"
)

// modelFlags say which model runs a program, and how it samples.
type modelFlags struct {
	model       string
	seed        int64
	temperature float64
	set         []string
	think       string

	flags *cobra.Command
}

func (f *modelFlags) register(c *cobra.Command) {
	f.flags = c
	c.Flags().StringVarP(&f.model, "model", "m", "", "run on `MODEL` instead of the program's own: qwen3:4b, ollama/qwen3:4b")
	c.Flags().Int64Var(&f.seed, "seed", 0, "draw with this `SEED` (default: a new one each time, recorded)")
	c.Flags().Float64VarP(&f.temperature, "temperature", "t", 0, "sample at this temperature `T`, from 0 on")
	c.Flags().StringArrayVar(&f.set, "set", nil, "set any `OPTION=VALUE` of the model: num_ctx=8192, top_p=0.9, stop=END")
	c.Flags().StringVar(&f.think, "think", "", "turn the model's thinking on or off, or to a `LEVEL`: true, false, low, medium, high")
}

func (f *modelFlags) options() (model.Options, error) {
	given := make(map[string]any)
	for _, s := range f.set {
		name, text, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return model.Options{}, fail(exitUsage, "--set %s: give it as OPTION=VALUE", s)
		}
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value = text
		}
		given[name] = value
	}
	options, err := model.ParseOptions(given)
	if err != nil {
		return options, fail(exitUsage, "--set: %v", err)
	}
	if f.flags.Flags().Changed("seed") {
		options.Seed = &f.seed
	}
	if f.flags.Flags().Changed("temperature") {
		if f.temperature < 0 {
			return options, fail(exitUsage, "--temperature %g: it cannot be below 0", f.temperature)
		}
		options.Temperature = &f.temperature
	}
	return options, nil
}
