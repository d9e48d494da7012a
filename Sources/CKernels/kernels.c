#include "kernels.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
// The loader picks the widest version that the processor has.
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

// No branch on whether the bucket is set, which nothing predicts: the slot is written and kept or written again.
WIDE size_t triage_rows(const uint64_t *hash, size_t count, uint32_t bits, const uint64_t *bitmap,
                        const uint32_t *ranks, uint32_t *row) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bucket = hash[i] >> (64 - bits);
        const uint64_t word = bitmap[bucket >> 6];
        const uint64_t bit = UINT64_C(1) << (bucket & 63);
        row[kept] = ranks[bucket >> 6] + (uint32_t)__builtin_popcountll(word & (bit - 1));
        kept += (word & bit) != 0;
    }
    return kept;
}

// Open addressing in a table small enough for the nearest cache. Rows are ranks of hashes: their low bits are even.
size_t triage_count(uint32_t *row, size_t count, uint32_t *slot, size_t slots, const void *records, size_t stride,
                    uint32_t *distinct, uint32_t *occurrences) {
    memset(slot, 0, slots * sizeof *slot);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t r = row[i];
        __builtin_prefetch((const char *)records + (size_t)r * stride);
        size_t s = r & (slots - 1);
        while (slot[s] != 0 && distinct[slot[s] - 1] != r) s = (s + 1) & (slots - 1);
        const int is_new = slot[s] == 0;
        const size_t place = is_new ? found : slot[s] - 1;
        slot[s] = (uint32_t)place + 1;
        distinct[place] = r;
        occurrences[place] = is_new ? 1 : occurrences[place] + 1;
        found += (size_t)is_new;
        row[i] = (uint32_t)place;
    }
    return found;
}

// Not WIDE: a fused multiply-add would round the sum otherwise on other processors.
float triage_weigh(const uint32_t *index, const uint32_t *occurrences, size_t count, const float *factor,
                   const void *records, size_t stride, float *value) {
    float squares = 0;
    for (size_t i = 0; i < count; i++) {
        float idf;
        memcpy(&idf, (const char *)records + (size_t)index[i] * stride, sizeof idf);
        value[i] = factor[occurrences[i]] * idf;
        squares += value[i] * value[i];
    }
    return squares;
}

WIDE uint32_t triage_largest(const uint32_t *value, size_t count) {
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = value[i] > largest ? value[i] : largest;
    return largest;
}

// Columns are taken in panels that stay in registers while the list of rows is walked.
#define PANEL 64
// The widest panel that leaves registers for the rest, where it spares a walk: bundles pad their columns to 8.
#define WIDER 80

#define GATHER_PANEL(width, weight)                                                     \
    do {                                                                                \
        float sum[width];                                                               \
        memcpy(sum, out + k, sizeof sum);                                               \
        for (size_t i = 0; i < count; i++) {                                            \
            const __typeof__(*rows) *row = rows + (size_t)index[i] * stride;            \
            const float v = weight;                                                     \
            row += k;                                                                   \
            for (size_t j = 0; j < (width); j++) sum[j] += v * (float)row[j];           \
        }                                                                               \
        memcpy(out + k, sum, sizeof sum);                                               \
    } while (0)

#define GATHER(weight)                                                                  \
    size_t k = 0;                                                                       \
    if (columns % PANEL != 0)                                                           \
        for (; k + WIDER <= columns; k += WIDER) GATHER_PANEL(WIDER, weight);           \
    for (; k + PANEL <= columns; k += PANEL) GATHER_PANEL(PANEL, weight);               \
    for (; k + 16 <= columns; k += 16) GATHER_PANEL(16, weight);                        \
    for (; k + 8 <= columns; k += 8) GATHER_PANEL(8, weight);                           \
    for (; k < columns; k++) GATHER_PANEL(1, weight)

// The rows of a ticket lie scattered over a table larger than the nearest cache: all are asked for first.
WIDE void triage_gather_i8(const uint32_t *index, const float *value, size_t count,
                           const int8_t *rows, size_t stride, size_t columns, float *out) {
    for (size_t i = 0; i < count; i++) {
        const char *line = (const char *)(rows + (size_t)index[i] * stride);
        for (size_t b = 0; b < columns; b += 64) __builtin_prefetch(line + b);
    }
    GATHER(value[i]);
}

// Weighing has asked for the rows' first lines.
WIDE void triage_gather_scaled_i8(const uint32_t *index, const float *value, size_t count,
                                  const int8_t *rows, size_t stride, size_t before, size_t columns, float *out) {
    if (columns + before > 64)
        for (size_t i = 0; i < count; i++) {
            const char *line = (const char *)(rows + (size_t)index[i] * stride) - before;
            for (size_t b = 64; b < columns + before; b += 64) __builtin_prefetch(line + b);
        }
    GATHER(value[i] * *(const float *)(const void *)(row - before));
}

WIDE void triage_gather_f32(const uint32_t *index, const float *value, size_t count,
                            const float *rows, size_t columns, float *out) {
    const size_t stride = columns;
    GATHER(value[i]);
}

static inline float sum_of_eight(const float *s) {
    return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]));
}

// Four rows at once, so that no addition waits for the one before it; a row stands in for those that the end lacks.
WIDE void triage_dots_i8(const uint32_t *index, const float *value, size_t count,
                         const int8_t *rows, size_t stride, size_t columns, const float *vector, float *out) {
    for (size_t i = 0; i < count; i += 4) {
        const size_t left = count - i;
        const int8_t *a = rows + (size_t)index[i] * stride;
        const int8_t *b = left > 1 ? rows + (size_t)index[i + 1] * stride : a;
        const int8_t *c = left > 2 ? rows + (size_t)index[i + 2] * stride : a;
        const int8_t *d = left > 3 ? rows + (size_t)index[i + 3] * stride : a;
        float sa[8] = {0}, sb[8] = {0}, sc[8] = {0}, sd[8] = {0};
        size_t k = 0;
        for (; k + 8 <= columns; k += 8)
            for (size_t j = 0; j < 8; j++) {
                const float v = vector[k + j];
                sa[j] += (float)a[k + j] * v;
                sb[j] += (float)b[k + j] * v;
                sc[j] += (float)c[k + j] * v;
                sd[j] += (float)d[k + j] * v;
            }
        for (; k < columns; k++) {
            sa[0] += (float)a[k] * vector[k];
            sb[0] += (float)b[k] * vector[k];
            sc[0] += (float)c[k] * vector[k];
            sd[0] += (float)d[k] * vector[k];
        }
        const float four[4] = { sum_of_eight(sa), sum_of_eight(sb), sum_of_eight(sc), sum_of_eight(sd) };
        if (left >= 4) {
            for (size_t r = 0; r < 4; r++) out[i + r] = value[i + r] * four[r];
        } else {
            for (size_t r = 0; r < left; r++) out[i + r] = value[i + r] * four[r];
        }
    }
}

WIDE void triage_scatter_f32(const uint32_t *index, const float *value, size_t count,
                             const float *restrict in, size_t first, size_t last,
                             float *restrict rows, size_t columns) {
    for (size_t i = 0; i < count; i++) {
        const float v = value[i];
        float *row = rows + (size_t)index[i] * columns;
        for (size_t k = first; k < last; k++) row[k] += v * in[k];
    }
}

// exp(x) = 2^n exp(r) with |r| <= ln 2 / 2 and the Taylor polynomial of degree 7 for exp(r); x in -87 ... 0.
static inline float exp_negative(float x) {
    const float clamped = x < -87.0f ? -87.0f : x;
    const float n = (float)(int32_t)(clamped * 1.44269504f - 0.5f);
    const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    union { int32_t bits; float value; } power = { ((int32_t)n + 127) << 23 };
    return x < -87.0f ? 0.0f : p * power.value;
}

WIDE float triage_sum_exp(const float *z, size_t count, float largest, float scale) {
    if (count == 1) return exp_negative((z[0] - largest) * scale);
    float lane[16] = { 0 };
    size_t k = 0;
    for (; k + 16 <= count; k += 16)
        for (size_t j = 0; j < 16; j++) lane[j] += exp_negative((z[k + j] - largest) * scale);
    for (size_t j = 0; k + j < count; j++) lane[j] += exp_negative((z[k + j] - largest) * scale);
    float sum = 0;
    for (size_t j = 0; j < 16; j++) sum += lane[j];
    return sum;
}

WIDE void triage_line_point(const float *z, const float *dz, float step, size_t classes, size_t columns, size_t target,
                            float weight, float *residual, float *loss, float *slope, float *curvature) {
    float top[16], sum[16] = { 0 }, first[16] = { 0 }, second[16] = { 0 };
    for (size_t j = 0; j < 16; j++) top[j] = -INFINITY;
    for (size_t k = 0; k < classes; k++) {
        residual[k] = z[k] + step * dz[k];
        top[k % 16] = residual[k] > top[k % 16] ? residual[k] : top[k % 16];
    }
    float largest = top[0];
    for (size_t j = 1; j < 16; j++) largest = top[j] > largest ? top[j] : largest;
    const float at_target = residual[target] - largest;
    size_t k = 0;
    for (; k + 16 <= classes; k += 16)
        for (size_t j = 0; j < 16; j++) {
            const float e = residual[k + j] = exp_negative(residual[k + j] - largest);
            sum[j] += e;
            first[j] += e * dz[k + j];
            second[j] += e * dz[k + j] * dz[k + j];
        }
    for (size_t j = 0; k + j < classes; j++) {
        const float e = residual[k + j] = exp_negative(residual[k + j] - largest);
        sum[j] += e;
        first[j] += e * dz[k + j];
        second[j] += e * dz[k + j] * dz[k + j];
    }
    for (size_t j = 1; j < 16; j++) {
        sum[0] += sum[j];
        first[0] += first[j];
        second[0] += second[j];
    }
    const float scale = 1.0f / sum[0];
    const float mean = first[0] * scale;
    for (size_t c = 0; c < classes; c++) residual[c] *= scale * weight;
    for (size_t c = classes; c < columns; c++) residual[c] = 0;
    residual[target] -= weight;
    *loss = weight * (logf(sum[0]) - at_target);
    *slope = weight * (mean - dz[target]);
    *curvature = weight * (second[0] * scale - mean * mean);
}

// log(1 + exp(-|x|)) is the log of a product of factors in 1 ... 2, taken before the product can overflow.
WIDE void triage_logistic_line_point(const float *z, const float *dz, float step, size_t classes, size_t columns,
                                     const int32_t *positive, size_t positives, float weight, float *residual,
                                     float *loss, float *slope, float *curvature) {
    float sum[16] = { 0 }, first[16] = { 0 }, second[16] = { 0 }, product[16];
    for (size_t j = 0; j < 16; j++) product[j] = 1;
    float logs = 0;
    for (size_t k = 0; k < classes; k += 16) {
        const size_t lanes = classes - k < 16 ? classes - k : 16;
        for (size_t j = 0; j < lanes; j++) {
            const float x = z[k + j] + step * dz[k + j];
            const float e = exp_negative(-fabsf(x));
            const float inverse = 1.0f / (1.0f + e);
            const float p = x >= 0 ? inverse : e * inverse;
            sum[j] += x > 0 ? x : 0;
            product[j] *= 1.0f + e;
            first[j] += p * dz[k + j];
            second[j] += p * (1.0f - p) * dz[k + j] * dz[k + j];
            residual[k + j] = weight * p;
        }
        if (k % 1024 == 1008)
            for (size_t j = 0; j < 16; j++) {
                logs += logf(product[j]);
                product[j] = 1;
            }
    }
    for (size_t j = 0; j < 16; j++) logs += logf(product[j]);
    for (size_t j = 1; j < 16; j++) {
        sum[0] += sum[j];
        first[0] += first[j];
        second[0] += second[j];
    }
    float above = sum[0] + logs, along = first[0];
    for (size_t c = classes; c < columns; c++) residual[c] = 0;
    for (size_t i = 0; i < positives; i++) {
        const int32_t k = positive[i];
        above -= z[k] + step * dz[k];
        along -= dz[k];
        residual[k] -= weight;
    }
    *loss = weight * above;
    *slope = weight * along;
    *curvature = weight * second[0];
}

WIDE int32_t triage_dot_i8(const int8_t *a, const int8_t *b, size_t count) {
    int32_t sum = 0;
    for (size_t k = 0; k < count; k++) sum += (int32_t)a[k] * (int32_t)b[k];
    return sum;
}

// Not WIDE: no instruction set adds to scattered places faster.
void triage_add_impacts(const uint16_t *offset, const uint8_t *impact, size_t count, const uint16_t *table,
                        uint16_t *sum) {
    for (size_t i = 0; i < count; i++) sum[offset[i]] += table[impact[i]];
}

WIDE void triage_bounds_i8(const uint16_t *sum, float unit, const int8_t *rows, size_t columns, const int16_t *vector,
                           const float *scale, const float *error, float near, float far, float rest, size_t count,
                           float *bound) {
    for (size_t r = 0; r < count; r++) {
        const int8_t *row = rows + r * columns;
        int32_t dot = 0;
        for (size_t k = 0; k < columns; k++) dot += (int32_t)row[k] * (int32_t)vector[k];
        const float value = unit * (float)sum[r] + near * scale[r] * (float)dot + far * error[r] + rest;
        bound[r] = value < 0 ? 0.5f * value : value;
    }
}
