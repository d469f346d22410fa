package engine

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"reprise/engine/model"
	"reprise/programs/template"
)

// largestImage is the most bytes of one image.
const largestImage = 32 << 20

// convert turns rendered messages into what a model is sent. Sections are only
// marks; media are images.
func (e *Engine) convert(messages []template.Message) ([]model.Message, error) {
	var out []model.Message
	for _, m := range messages {
		converted := model.Message{Role: string(m.Role)}
		if m.Role == template.RoleModel {
			converted.Role = "assistant"
		}
		var text strings.Builder
		for _, p := range m.Content {
			text.WriteString(p.Text)
			if p.Media == nil {
				continue
			}
			image, err := e.image(*p.Media)
			if err != nil {
				return nil, err
			}
			converted.Images = append(converted.Images, image)
		}
		converted.Content = text.String()
		if converted.Content != "" || len(converted.Images) > 0 {
			out = append(out, converted)
		}
	}
	return out, nil
}

// image reads the bytes of a medium: a data URL, or a file in the workspace.
func (e *Engine) image(m template.Media) ([]byte, error) {
	if m.ContentType != "" && !strings.HasPrefix(m.ContentType, "image/") {
		return nil, fmt.Errorf("media of type %s cannot be sent; models here take images", m.ContentType)
	}
	scheme, rest, _ := strings.Cut(m.URL, ":")
	switch {
	case scheme == "data" && rest != "":
		return decodeData(rest)
	case scheme == "http" || scheme == "https":
		return nil, fmt.Errorf("media %s is on the network, and nothing is fetched from there; save it in the workspace and give its path", m.URL)
	case scheme == "file":
		parsed, err := url.Parse(m.URL)
		if err != nil {
			return nil, fmt.Errorf("media %s: %w", m.URL, err)
		}
		return e.readImage(parsed.Path)
	}
	return e.readImage(m.URL)
}

// decodeData decodes what follows "data:" (RFC 2397).
func decodeData(rest string) ([]byte, error) {
	head, data, ok := strings.Cut(rest, ",")
	if !ok {
		return nil, fmt.Errorf("a data URL without a comma; write data:image/png;base64,…")
	}
	if len(data) > largestImage*4/3+4 {
		return nil, fmt.Errorf("an image of over %d MiB", largestImage>>20)
	}
	if strings.HasSuffix(head, ";base64") {
		b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(data))
		if err != nil {
			return nil, fmt.Errorf("the data URL of an image: %w", err)
		}
		return b, nil
	}
	s, err := url.PathUnescape(data)
	return []byte(s), err
}

// readImage reads a file below the workspace, links that lead out of it
// excepted.
func (e *Engine) readImage(name string) ([]byte, error) {
	if filepath.IsAbs(name) {
		relative, err := filepath.Rel(e.config.Workspace, name)
		if err != nil {
			return nil, fmt.Errorf("media %s is outside of the workspace", name)
		}
		name = relative
	}
	root, err := os.OpenRoot(e.config.Workspace)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil, fmt.Errorf("media %s: %w; only files below the workspace can be sent", name, err)
	}
	if info.Size() > largestImage {
		return nil, fmt.Errorf("media %s has over %d MiB", name, largestImage>>20)
	}
	return root.ReadFile(filepath.FromSlash(name))
}
