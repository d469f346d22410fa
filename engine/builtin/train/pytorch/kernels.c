// Fused CPU kernels of the training step, for AVX-512 with BF16. Matrix
// products are not here: PyTorch leaves those to oneDNN. Activations are bf16,
// the residual stream, statistics and weights of norms are fp32.
//
// gcc -O3 -march=sapphirerapids -ffast-math -fopenmp -shared -fPIC kernels.c -o kernels.so -lm

#include <immintrin.h>
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint16_t bf16;
typedef __m512 vec;  // 16 floats

enum { HEAD = 32 };  // size of an attention head
enum { ROWS = 4 };   // queries that attention handles at once

static inline vec load(const float *p) { return _mm512_loadu_ps(p); }
static inline void store(float *p, vec v) { _mm512_storeu_ps(p, v); }
static inline vec mul_add(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
static inline vec spread(float x) { return _mm512_set1_ps(x); }

static inline vec load_bf16(const bf16 *p) {
    __m256i half = _mm256_loadu_si256((const void *)p);
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(half), 16));
}

static inline void store_bf16(bf16 *p, vec v) {
    _mm256_storeu_si256((void *)p, (__m256i)_mm512_cvtneps_pbh(v));
}

// sum = x + add; normed = sum / rms(sum) * weight; scale = 1 / rms(sum).
// add may be null; then sum may be x.
void add_norm(long rows, int width, const float *x, const bf16 *add, const float *weight,
              float *sum, bf16 *normed, float *scale, float eps) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < rows; i++) {
        const float *in = x + i * width;
        float *out = sum + i * width;
        vec squares = _mm512_setzero_ps();
        for (int j = 0; j < width; j += 16) {
            vec v = load(in + j);
            if (add) v = _mm512_add_ps(v, load_bf16(add + i * width + j));
            store(out + j, v);
            squares = mul_add(v, v, squares);
        }
        scale[i] = 1.f / sqrtf(_mm512_reduce_add_ps(squares) / width + eps);
        vec s = spread(scale[i]);
        for (int j = 0; j < width; j += 16)
            store_bf16(normed + i * width + j, _mm512_mul_ps(_mm512_mul_ps(load(out + j), s), load(weight + j)));
    }
}

// Backward of the norm: dx += its gradient, dx16 = bf16(dx), dweight += its own.
void norm_backward(long rows, int width, const float *x, const float *weight, const float *scale,
                   const bf16 *dnormed, float *dx, bf16 *dx16, float *dweight) {
#pragma omp parallel
    {
        float *local = calloc(width, sizeof(float));
#pragma omp for schedule(static)
        for (long i = 0; i < rows; i++) {
            const float *in = x + i * width;
            const bf16 *grad = dnormed + i * width;
            float *out = dx + i * width;
            vec s = spread(scale[i]), dot = _mm512_setzero_ps();
            for (int j = 0; j < width; j += 16) {
                vec unit = _mm512_mul_ps(load(in + j), s), g = load_bf16(grad + j);
                store(local + j, mul_add(g, unit, load(local + j)));
                dot = mul_add(_mm512_mul_ps(g, load(weight + j)), unit, dot);
            }
            vec mean = spread(_mm512_reduce_add_ps(dot) / width);
            for (int j = 0; j < width; j += 16) {
                vec unit = _mm512_mul_ps(load(in + j), s);
                vec g = _mm512_mul_ps(load_bf16(grad + j), load(weight + j));
                vec d = mul_add(s, _mm512_fnmadd_ps(unit, mean, g), load(out + j));
                store(out + j, d);
                store_bf16(dx16 + i * width + j, d);
            }
        }
#pragma omp critical
        for (int j = 0; j < width; j++) dweight[j] += local[j];
        free(local);
    }
}

static inline void widen(const bf16 *from, int n, float *to) {
    for (int j = 0; j < n; j += 16) store(to + j, load_bf16(from + j));
}

static inline void narrow(const float *from, int n, bf16 *to) {
    for (int j = 0; j < n; j += 16) store_bf16(to + j, load(from + j));
}

// out = silu(gate) * up, where each row of both holds gate, then up.
void swiglu(long rows, int ffn, const bf16 *both, bf16 *out) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < rows; i++) {
        float gate[ffn], up[ffn];
        widen(both + i * 2 * ffn, ffn, gate);
        widen(both + i * 2 * ffn + ffn, ffn, up);
        for (int j = 0; j < ffn; j++) up[j] *= gate[j] / (1.f + expf(-gate[j]));
        narrow(up, ffn, out + i * ffn);
    }
}

void swiglu_backward(long rows, int ffn, const bf16 *both, const bf16 *dout, bf16 *dboth) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < rows; i++) {
        float gate[ffn], up[ffn], grad[ffn];
        widen(both + i * 2 * ffn, ffn, gate);
        widen(both + i * 2 * ffn + ffn, ffn, up);
        widen(dout + i * ffn, ffn, grad);
        for (int j = 0; j < ffn; j++) {
            float sigmoid = 1.f / (1.f + expf(-gate[j]));
            float dgate = grad[j] * up[j] * sigmoid * (1.f + gate[j] * (1.f - sigmoid));
            up[j] = grad[j] * gate[j] * sigmoid;
            gate[j] = dgate;
        }
        narrow(gate, ffn, dboth + i * 2 * ffn);
        narrow(up, ffn, dboth + i * 2 * ffn + ffn);
    }
}

// Cross entropy of each row of logits with its target; the logits become their
// gradient times share.
void cross_entropy(long rows, int vocab, bf16 *logits, const int64_t *target, float *loss, float share) {
#pragma omp parallel for schedule(static)
    for (long i = 0; i < rows; i++) {
        float p[vocab];
        bf16 *row = logits + i * vocab;
        widen(row, vocab, p);
        float most = p[0], sum = 0, right = p[target[i]];
        for (int j = 1; j < vocab; j++) most = p[j] > most ? p[j] : most;
        for (int j = 0; j < vocab; j++) {
            p[j] = expf(p[j] - most);
            sum += p[j];
        }
        loss[i] = logf(sum) + most - right;
        for (int j = 0; j < vocab; j++) p[j] *= share / sum;
        p[target[i]] -= share;
        narrow(p, vocab, row);
    }
}

// One head of all positions, widened and multiplied by factor, and turned by
// its position where turn is set.
static void load_head(const bf16 *from, long stride, int length, const float *cosine, const float *sine,
                      float factor, int turn, float *to) {
    for (int t = 0; t < length; t++) {
        float in[HEAD], *out = to + t * HEAD;
        widen(from + t * stride, HEAD, in);
        if (!turn) {
            memcpy(out, in, sizeof in);
            continue;
        }
        for (int c = 0; c < HEAD / 2; c++) {
            float co = cosine[t * HEAD / 2 + c] * factor, si = sine[t * HEAD / 2 + c] * factor;
            out[2 * c] = in[2 * c] * co - in[2 * c + 1] * si;
            out[2 * c + 1] = in[2 * c] * si + in[2 * c + 1] * co;
        }
    }
}

// The inverse: turned back, narrowed and put in its place.
static void store_head(const float *from, int length, const float *cosine, const float *sine,
                       float factor, int turn, bf16 *to, long stride) {
    for (int t = 0; t < length; t++) {
        const float *in = from + t * HEAD;
        float out[HEAD];
        if (!turn) memcpy(out, in, sizeof out);
        for (int c = 0; turn && c < HEAD / 2; c++) {
            float co = cosine[t * HEAD / 2 + c] * factor, si = sine[t * HEAD / 2 + c] * factor;
            out[2 * c] = in[2 * c] * co + in[2 * c + 1] * si;
            out[2 * c + 1] = in[2 * c + 1] * co - in[2 * c] * si;
        }
        narrow(out, HEAD, to + t * stride);
    }
}

static void transpose(const float *from, int length, int padded, float *to) {
    for (int c = 0; c < HEAD; c++) {
        for (int t = 0; t < length; t++) to[c * padded + t] = from[t * HEAD + c];
        for (int t = length; t < padded; t++) to[c * padded + t] = 0;
    }
}

// scores[r][j] = rows[r] . columns[j] for ROWS rows and j < count, a multiple of 16.
static inline void dot_rows(const float *rows, const float *columns, int padded, int count, float *scores) {
    for (int j = 0; j < count; j += 16) {
        vec sum[ROWS];
        for (int r = 0; r < ROWS; r++) sum[r] = _mm512_setzero_ps();
        for (int c = 0; c < HEAD; c++) {
            vec column = load(columns + c * padded + j);
            for (int r = 0; r < ROWS; r++) sum[r] = mul_add(spread(rows[r * HEAD + c]), column, sum[r]);
        }
        for (int r = 0; r < ROWS; r++) store(scores + r * padded + j, sum[r]);
    }
}

// out[r] = sum over j < count of weights[r][j] * values[j], for ROWS rows.
static inline void weigh_rows(const float *weights, int padded, int count, const float *values, float *out) {
    vec low[ROWS], high[ROWS];
    for (int r = 0; r < ROWS; r++) low[r] = high[r] = _mm512_setzero_ps();
    for (int j = 0; j < count; j++) {
        vec v0 = load(values + j * HEAD), v1 = load(values + j * HEAD + 16);
        for (int r = 0; r < ROWS; r++) {
            vec w = spread(weights[r * padded + j]);
            low[r] = mul_add(w, v0, low[r]);
            high[r] = mul_add(w, v1, high[r]);
        }
    }
    for (int r = 0; r < ROWS; r++) {
        store(out + r * HEAD, low[r]);
        store(out + r * HEAD + 16, high[r]);
    }
}

// into[j] += sum over ROWS rows of weights[r][j] * rows[r], for j < count.
static inline void spread_rows(const float *weights, int padded, int count, const float *rows, float *into) {
    vec low[ROWS], high[ROWS];
    for (int r = 0; r < ROWS; r++) {
        low[r] = load(rows + r * HEAD);
        high[r] = load(rows + r * HEAD + 16);
    }
    for (int j = 0; j < count; j++) {
        vec a = load(into + j * HEAD), b = load(into + j * HEAD + 16);
        for (int r = 0; r < ROWS; r++) {
            vec w = spread(weights[r * padded + j]);
            a = mul_add(w, low[r], a);
            b = mul_add(w, high[r], b);
        }
        store(into + j * HEAD, a);
        store(into + j * HEAD + 16, b);
    }
}

static inline int rounded(int n) { return (n + 15) / 16 * 16; }
static inline int lesser(int a, int b) { return a < b ? a : b; }

static float *floats(long n) { return aligned_alloc(64, (n * sizeof(float) + 63) / 64 * 64); }

// Causal attention. A row of qkv holds all heads' queries, then keys, then
// values. logsum keeps the log of each softmax's sum for the backward pass.
void attention(int batch, int length, int heads, const bf16 *qkv, const float *cosine, const float *sine,
               bf16 *out, float *logsum) {
    int width = heads * HEAD, padded = rounded(length);
    long size = (long)(padded + ROWS) * HEAD;
    float factor = 1.f / sqrtf(HEAD);
#pragma omp parallel
    {
        float *q = floats(size), *k = floats(size), *v = floats(size), *o = floats(size);
        float *columns = floats((long)HEAD * padded), *scores = floats((long)ROWS * padded);
#pragma omp for schedule(dynamic, 4)
        for (int job = 0; job < batch * heads; job++) {
            const bf16 *base = qkv + (long)(job / heads) * length * 3 * width + job % heads * HEAD;
            memset(q, 0, size * sizeof(float));
            load_head(base, 3 * width, length, cosine, sine, factor, 1, q);
            load_head(base + width, 3 * width, length, cosine, sine, 1, 1, k);
            load_head(base + 2 * width, 3 * width, length, cosine, sine, 1, 0, v);
            transpose(k, length, padded, columns);
            for (int i = 0; i < length; i += ROWS) {
                int count = lesser(rounded(i + ROWS), padded);
                dot_rows(q + i * HEAD, columns, padded, count, scores);
                for (int r = 0; r < ROWS; r++) {
                    float *p = scores + r * padded, most = -1e30f, sum = 0;
                    int seen = lesser(i + r + 1, length);
                    for (int j = 0; j < seen; j++) most = p[j] > most ? p[j] : most;
                    for (int j = 0; j < seen; j++) {
                        p[j] = expf(p[j] - most);
                        sum += p[j];
                    }
                    for (int j = 0; j < seen; j++) p[j] /= sum;
                    for (int j = seen; j < count; j++) p[j] = 0;
                    if (i + r < length) logsum[(long)job * length + i + r] = most + logf(sum);
                }
                weigh_rows(scores, padded, lesser(i + ROWS, length), v, o + i * HEAD);
            }
            store_head(o, length, cosine, sine, 1, 0,
                       out + (long)(job / heads) * length * width + job % heads * HEAD, width);
        }
        free(q), free(k), free(v), free(o), free(columns), free(scores);
    }
}

// The weights of ROWS queries from their scores, and in dscores the gradient
// of the scores from that of the weights.
static void softmax_backward(int from, int length, int padded, int count, const float *out, const float *dout,
                             const float *logsum, float *scores, float *dscores) {
    for (int r = 0; r < ROWS; r++) {
        float *p = scores + r * padded, *g = dscores + r * padded, dot = 0;
        int row = from + r, seen = row < length ? row + 1 : 0;
        for (int c = 0; seen && c < HEAD; c++) dot += dout[row * HEAD + c] * out[row * HEAD + c];
        for (int j = 0; j < seen; j++) {
            p[j] = expf(p[j] - logsum[row]);
            g[j] = p[j] * (g[j] - dot);
        }
        for (int j = seen; j < count; j++) p[j] = g[j] = 0;
    }
}

void attention_backward(int batch, int length, int heads, const bf16 *qkv, const float *cosine, const float *sine,
                        const bf16 *out, const bf16 *dout, const float *logsum, bf16 *dqkv) {
    int width = heads * HEAD, padded = rounded(length);
    long size = (long)(padded + ROWS) * HEAD, bytes = size * sizeof(float);
    float factor = 1.f / sqrtf(HEAD);
#pragma omp parallel
    {
        float *q = floats(size), *k = floats(size), *v = floats(size), *o = floats(size), *d_o = floats(size);
        float *dq = floats(size), *dk = floats(size), *dv = floats(size);
        float *kcolumns = floats((long)HEAD * padded), *vcolumns = floats((long)HEAD * padded);
        float *scores = floats((long)ROWS * padded), *dscores = floats((long)ROWS * padded);
#pragma omp for schedule(dynamic, 4)
        for (int job = 0; job < batch * heads; job++) {
            long at = (long)(job / heads) * length * width + job % heads * HEAD;
            long at3 = (long)(job / heads) * length * 3 * width + job % heads * HEAD;
            memset(q, 0, bytes), memset(d_o, 0, bytes), memset(dk, 0, bytes), memset(dv, 0, bytes);
            load_head(qkv + at3, 3 * width, length, cosine, sine, factor, 1, q);
            load_head(qkv + at3 + width, 3 * width, length, cosine, sine, 1, 1, k);
            load_head(qkv + at3 + 2 * width, 3 * width, length, cosine, sine, 1, 0, v);
            load_head(out + at, width, length, cosine, sine, 1, 0, o);
            load_head(dout + at, width, length, cosine, sine, 1, 0, d_o);
            transpose(k, length, padded, kcolumns);
            transpose(v, length, padded, vcolumns);
            for (int i = 0; i < length; i += ROWS) {
                int count = lesser(rounded(i + ROWS), padded), seen = lesser(i + ROWS, length);
                dot_rows(q + i * HEAD, kcolumns, padded, count, scores);
                dot_rows(d_o + i * HEAD, vcolumns, padded, count, dscores);
                softmax_backward(i, length, padded, count, o, d_o, logsum + (long)job * length, scores, dscores);
                weigh_rows(dscores, padded, seen, k, dq + i * HEAD);
                spread_rows(dscores, padded, seen, q + i * HEAD, dk);
                spread_rows(scores, padded, seen, d_o + i * HEAD, dv);
            }
            store_head(dq, length, cosine, sine, factor, 1, dqkv + at3, 3 * width);
            store_head(dk, length, cosine, sine, 1, 1, dqkv + at3 + width, 3 * width);
            store_head(dv, length, cosine, sine, 1, 0, dqkv + at3 + 2 * width, 3 * width);
        }
        free(q), free(k), free(v), free(o), free(d_o), free(dq), free(dk), free(dv);
        free(kcolumns), free(vcolumns), free(scores), free(dscores);
    }
}
