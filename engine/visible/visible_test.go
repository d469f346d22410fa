package visible

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "12 apples,\n\t30 pears", "12 apples,\n\t30 pears"},
		{"scripts", "世界 नमस्ते café", "世界 नमस्ते café"},
		{"colour", "a\x1b[31mred\x1b[0m b", "ared b"},
		{"clipboard", "a\x1b]52;c;aGk=\x07b", "ab"},
		{"link", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"device control", "a\x1bPq#0\x1b\\b\x1b_x\x1b\\c\x1b^y\x1b\\d\x1bXz\x1b\\e", "abcde"},
		{"unterminated", "a\x1b]52;c;aGk= b", "a␛]52;c;aGk= b"},
		{"charset", "a\x1b(0b\x1bcd", "abd"},
		{"lone escape", "a\x1b", "a␛"},
		{"bell and return", "a\ab\rc\x00d\x7f", "a␇b␍c␀d␡"},
		{"C1", "a\u009b31mb\u009d52;c;x\u009c", "a⟨U+009B⟩31mb⟨U+009D⟩52;c;x⟨U+009C⟩"},
		{"raw C1", "a\x9b31m", "a\ufffd31m"},
		{"bidi", "a\u202eb\u2066c\u200fd", "a⟨U+202E⟩b⟨U+2066⟩c⟨U+200F⟩d"},
		{"zero width", "a\u200bb\ufeffc\u2060d", "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+2060⟩d"},
		{"tags", "a\U000e0041b", "a⟨U+E0041⟩b"},
		{"line separators", "a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"},
		{"spelling joiners stay", "क्\u200dष می\u200cخواهم", "क्\u200dष می\u200cخواهم"},
		{"emoji joiners do not", "👨\u200d👩", "👨⟨U+200D⟩👩"},
		{"one selector is dropped", "☎\ufe0f!", "☎!"},
		{"more are not hidden", "☎\ufe0f\ufe0f\ufe0f", "☎⟨U+FE0F⟩⟨U+FE0F⟩"},
		{"selector behind a letter", "a\ufe0f", "a⟨U+FE0F⟩"},
		{"broken UTF-8", "a\xffb\xc3", "a\ufffdb\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.in); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestLine(t *testing.T) {
	if got := Line("a\n\tb\x1b[0m"); got != "a␊ b" {
		t.Errorf("got %q", got)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"plain", "\x1b[31m", "\x1b]52;c;x\x07", "\u009b\u202e\u200d", "\x1b\x1b[[", "a\xff\ufe0f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Text(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q: not UTF-8", got)
		}
		for _, r := range got {
			if r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
				r == 0x200b || r == 0x200e || r == 0x200f || r >= 0xe0000 && r <= 0xe007f {
				t.Fatalf("%q lets %U through", got, r)
			}
		}
		if again := Text(got); again != got {
			t.Fatalf("%q becomes %q", got, again)
		}
		if strings.ContainsAny(Line(s), "\n\t") {
			t.Fatalf("%q is not one line", Line(s))
		}
	})
}

func BenchmarkTextPlain(b *testing.B) {
	s := strings.Repeat("Tom starts with 12 apples. ", 400)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		_ = Text(s)
	}
}
