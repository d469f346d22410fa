package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"reprise/engine/file"
)

// Draft is an unsaved text, kept so that neither quitting nor a crash loses it.
type Draft struct {
	Name  string    `json:"name"`  // the program's path, "library:" before a bundled one's
	Text  string    `json:"text"`  // as it stands in the editor
	Base  string    `json:"base"`  // Sum of the text on disk that it was made from
	Saved time.Time `json:"saved"` // when the draft was written
}

// kept is a draft on disk. JSON cannot hold a text that is not UTF-8: Raw does.
type kept struct {
	Draft
	Raw []byte `json:"raw,omitempty"`
}

// Sum names a text's content.
func Sum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// KeepDraft writes a draft in place of the program's former one.
func (f Folder) KeepDraft(d Draft) error {
	private, err := f.Private()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(private, "drafts"), 0o777); err != nil {
		return err
	}
	k := kept{Draft: d}
	if !utf8.ValidString(d.Text) {
		k.Raw, k.Text = []byte(d.Text), ""
	}
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return file.Replace(f.draft(d.Name), string(data))
}

// DropDraft forgets a program's draft; none is no error.
func (f Folder) DropDraft(name string) error {
	err := os.Remove(f.draft(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Drafts reads every draft. What cannot be read is left where it is.
func (f Folder) Drafts() []Draft {
	files, _ := filepath.Glob(filepath.Join(f.Dir, ".reprise", "drafts", "*.json"))
	var out []Draft
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		var k kept
		if json.Unmarshal(data, &k) != nil || k.Name == "" {
			continue
		}
		if k.Raw != nil {
			k.Text = string(k.Raw)
		}
		out = append(out, k.Draft)
	}
	return out
}

func (f Folder) draft(name string) string {
	return filepath.Join(f.Dir, ".reprise", "drafts", Sum(name)[:24]+".json")
}
