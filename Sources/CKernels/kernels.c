#include "kernels.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
// The loader picks the widest version that the processor has.
#define WIDE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDE
#endif

// Columns are taken in panels that stay in registers while the list of rows is walked.
#define PANEL 64

#define GATHER_PANEL(width)                                                             \
    do {                                                                                \
        float sum[width];                                                               \
        memcpy(sum, out + k, sizeof sum);                                               \
        for (size_t i = 0; i < count; i++) {                                            \
            const float v = value[i];                                                   \
            const __typeof__(*rows) *row = rows + (size_t)index[i] * columns + k;       \
            for (size_t j = 0; j < (width); j++) sum[j] += v * (float)row[j];           \
        }                                                                               \
        memcpy(out + k, sum, sizeof sum);                                               \
    } while (0)

#define GATHER                                                                          \
    size_t k = 0;                                                                       \
    for (; k + PANEL <= columns; k += PANEL) GATHER_PANEL(PANEL);                       \
    for (; k + 16 <= columns; k += 16) GATHER_PANEL(16);                                \
    for (; k + 8 <= columns; k += 8) GATHER_PANEL(8);                                   \
    for (; k < columns; k++) GATHER_PANEL(1)

WIDE void triage_gather_i8(const uint32_t *index, const float *value, size_t count,
                           const int8_t *rows, size_t columns, float *out) {
    GATHER;
}

WIDE void triage_gather_f32(const uint32_t *index, const float *value, size_t count,
                            const float *rows, size_t columns, float *out) {
    GATHER;
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

WIDE int32_t triage_dot_i8(const int8_t *a, const int8_t *b, size_t count) {
    int32_t sum = 0;
    for (size_t k = 0; k < count; k++) sum += (int32_t)a[k] * (int32_t)b[k];
    return sum;
}
