package servers

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"reprise/programs/toolset"
)

// Tool is one of a server's: as a function's, with the schema that the server gave.
type Tool struct {
	toolset.Tool // its parameters are what a text can say of the schema
	Given        json.RawMessage
}

// toolName is what a model can write as a name.
var toolName = regexp.MustCompile(`^[\w./-]{1,128}$`)

func read(t *mcp.Tool) (Tool, error) {
	if !toolName.MatchString(t.Name) {
		return Tool{}, fmt.Errorf("it lists a tool with the name %.100q, which no model can call", t.Name)
	}
	object, _ := t.InputSchema.(map[string]any)
	if object["type"] != "object" {
		return Tool{}, fmt.Errorf("the schema of its tool %s is not one of an object", t.Name)
	}
	if object["properties"] == nil {
		delete(object, "properties")
	}
	given, err := json.Marshal(object)
	if err != nil || len(given) > MostSchema {
		return Tool{}, fmt.Errorf("the schema of its tool %s has over %d KiB; name the other tools of the server in its list of tools", t.Name, MostSchema>>10)
	}
	description := strings.TrimSpace(strings.ToValidUTF8(t.Description, "\ufffd"))
	if len(description) > MostDescription {
		description = strings.ToValidUTF8(description[:MostDescription], "") + "…"
	}
	return Tool{toolset.Tool{Name: t.Name, Description: description, Parameters: parameters(object)}, given}, nil
}

// parameters are the properties of an object's schema, by name: the order in which
// the server wrote them is lost on the way.
func parameters(object map[string]any) []toolset.Parameter {
	properties, _ := object["properties"].(map[string]any)
	required, _ := object["required"].([]any)
	var out []toolset.Parameter
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		p := toolset.Parameter{Name: name, Type: "any", Optional: !slices.Contains(required, any(name))}
		if property, ok := properties[name].(map[string]any); ok {
			p.Description, _ = property["description"].(string)
			if kind, _ := property["type"].(string); toolset.Types[kind] != "" {
				p.Type = toolset.Types[kind]
			}
			if choices, ok := property["enum"].([]any); ok {
				written, _ := json.Marshal(choices)
				p.Description = strings.TrimSpace(p.Description + " One of " + string(written))
			}
		}
		out = append(out, p)
	}
	return out
}

// shown is a result as the model reads it: its texts; where it has none, its
// structured content. Of what is no text it is told what there was.
func shown(r *mcp.CallToolResult) string {
	var parts []string
	texts := 0
	for _, c := range r.Content {
		switch c := c.(type) {
		case *mcp.TextContent:
			parts = append(parts, c.Text)
			texts++
		case *mcp.ImageContent:
			parts = append(parts, unseen("an image", c.MIMEType, len(c.Data)))
		case *mcp.AudioContent:
			parts = append(parts, unseen("a sound", c.MIMEType, len(c.Data)))
		case *mcp.ResourceLink:
			parts = append(parts, fmt.Sprintf("[a link to %s]", c.URI))
		case *mcp.EmbeddedResource:
			if c.Resource == nil {
				continue
			}
			if c.Resource.Blob != nil {
				parts = append(parts, unseen("a file", c.Resource.MIMEType, len(c.Resource.Blob)))
				continue
			}
			parts = append(parts, c.Resource.Text)
			texts++
		default:
			parts = append(parts, fmt.Sprintf("[content of another kind, %T, which is not shown]", c))
		}
	}
	if r.StructuredContent != nil && texts == 0 {
		if encoded, err := json.Marshal(r.StructuredContent); err == nil {
			parts = append(parts, string(encoded))
		}
	}
	if len(parts) == 0 {
		return "(nothing)"
	}
	return strings.ToValidUTF8(strings.Join(parts, "\n"), "\ufffd")
}

func unseen(what, kind string, size int) string {
	return fmt.Sprintf("[%s (%s, %d bytes), which is not shown to the model]", what, kind, size)
}
