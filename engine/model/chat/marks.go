package chat

import (
	"regexp"
	"slices"
)

// UsualMarks are the control tokens of many models, for those of which nobody
// tells: ChatML, Llama 2 to 4, Mistral, Gemma, Phi, DeepSeek, GPT-OSS.
var UsualMarks = []string{
	"<|im_start|>", "<|im_end|>", "<|endoftext|>", "<s>", "</s>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>",
	"<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>",
	"<|header_start|>", "<|header_end|>", "<|eot|>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CALLS]", "[TOOL_RESULTS]",
	"<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>",
	"<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>",
	"<|start|>", "<|message|>", "<|channel|>", "<|return|>", "<|call|>", "<think>", "</think>",
}

// mark is what control tokens look like in a chat template.
var mark = regexp.MustCompile(`<[|｜][^<>{}%\s'"]{1,60}[|｜]>|</?(?:s|bos|eos|think|start_of_turn|end_of_turn|tool_call|tool_response)>|\[/?[A-Z][A-Z_]{2,30}\]|<</?SYS>>`)

// Marks are the control tokens that a chat template writes, each once. Those that
// it puts together from parts are not found.
func Marks(template string) []string {
	var out []string
	for _, m := range mark.FindAllString(template, -1) {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
