// Four loops over rows picked by index, in C for one reason: Swift cannot compile one function for several
// instruction sets and pick at load time, and the baseline x86-64 set has no wide integer-to-float conversion.
// Measured on Banking77 (77 labels): 2.5 to 4 times the same loops in Swift. Each has its reference in
// Kernels+Reference.swift, and tests compare the two.
//
// Each output element adds its terms in the order of the index list, whatever the instruction set, so a row's
// result depends on nothing but its own terms. No pointer may alias another; none may be NULL unless its count is 0.
#ifndef TRIAGE_KERNELS_H
#define TRIAGE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// out[k] += sum over i of value[i] * rows[index[i] * columns + k], for k in 0 ..< columns
void triage_gather_i8(const uint32_t *index, const float *value, size_t count,
                      const int8_t *rows, size_t columns, float *out);
void triage_gather_f32(const uint32_t *index, const float *value, size_t count,
                       const float *rows, size_t columns, float *out);

// rows[index[i] * columns + k] += value[i] * in[k], for k in first ..< last
void triage_scatter_f32(const uint32_t *index, const float *value, size_t count,
                        const float *in, size_t first, size_t last, float *rows, size_t columns);

// The sum of a[k] * b[k]: exact, since 127 * 127 * 2^16 fits in 32 bits. count <= 65536
int32_t triage_dot_i8(const int8_t *a, const int8_t *b, size_t count);

#endif
