/* Stands in for the miniaudio header that Ollama's module archive leaves out.
 * It declares what Ollama's audio loader uses; every call fails cleanly, so a
 * server built with it takes no audio input and is otherwise complete. */
#ifndef REPRISE_CI_MINIAUDIO_H
#define REPRISE_CI_MINIAUDIO_H

#include <stddef.h>

typedef int ma_result;
typedef unsigned int ma_uint32;
typedef unsigned long long ma_uint64;
typedef enum { ma_format_unknown = 0, ma_format_f32 = 5 } ma_format;
typedef struct { int unused; } ma_decoder;
typedef struct { ma_format format; ma_uint32 channels, sampleRate; } ma_decoder_config;

#define MA_SUCCESS 0
#define MA_NOT_IMPLEMENTED (-29)

static inline ma_decoder_config ma_decoder_config_init(ma_format format, ma_uint32 channels, ma_uint32 rate) {
    ma_decoder_config config = {format, channels, rate};
    return config;
}

static inline ma_result ma_decoder_init_memory(const void *data, size_t size, const ma_decoder_config *config, ma_decoder *decoder) {
    (void)data, (void)size, (void)config, (void)decoder;
    return MA_NOT_IMPLEMENTED;
}

static inline ma_result ma_decoder_get_length_in_pcm_frames(ma_decoder *decoder, ma_uint64 *frames) {
    (void)decoder;
    *frames = 0;
    return MA_NOT_IMPLEMENTED;
}

static inline ma_result ma_decoder_read_pcm_frames(ma_decoder *decoder, void *out, ma_uint64 count, ma_uint64 *read) {
    (void)decoder, (void)out, (void)count;
    if (read) *read = 0;
    return MA_NOT_IMPLEMENTED;
}

static inline ma_result ma_decoder_uninit(ma_decoder *decoder) {
    (void)decoder;
    return MA_SUCCESS;
}

#endif
