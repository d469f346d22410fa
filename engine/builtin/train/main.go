// Command train feeds the training of the built-in model: it finds the
// tokenizer's merges and streams encoded batches of training texts.
//
// It never touches weights: the scripts in pytorch do.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run() error {
	path := flag.String("tokenizer", "engine/builtin/train/tokenizer.json", "the tokenizer's `file`")
	learn := flag.Int("learn", 0, "find the merges of `N` training texts and write the tokenizer")
	size := flag.Int("vocabulary", 1024, "with -learn: the number of tokens")
	streamed := flag.Bool("stream", false, "write encoded batches to the standard output for ever")
	tokens := flag.Int("batch", 9216, "with -stream: the most tokens of a batch, padding included")
	seed := flag.Uint64("seed", 1, "the seed of everything that is drawn")
	flag.Parse()

	if *learn > 0 {
		return learnTokenizer(*path, *seed, *learn, *size)
	}
	if !*streamed {
		flag.Usage()
		return errors.New("nothing to do: pass -learn or -stream")
	}
	t, err := loadTokenizer(*path)
	if err != nil {
		return err
	}
	return stream(os.Stdout, t, *seed, *tokens)
}

func learnTokenizer(path string, seed uint64, samples, size int) error {
	data, err := json.MarshalIndent(trainTokenizer(seed, samples, size), "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
