// Loops over rows picked by index, and over logits, in C for two reasons: Swift cannot compile one function for several
// instruction sets and pick at load time, and the baseline x86-64 set has neither a wide integer-to-float conversion
// nor a population count; and Swift cannot ask for memory ahead of its use.
// Measured on Banking77 (77 labels): 2.5 to 4 times the same loops in Swift. What they count and sum has its reference in
// ReferenceKernels.swift or beside its test, and tests compare the two.
//
// Each output element adds its terms in the order of the index list, whatever the instruction set, so a row's
// result depends on nothing but its own terms. No pointer may alias another; none may be NULL unless its count is 0.
#ifndef TRIAGE_KERNELS_H
#define TRIAGE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The rows of hashes whose bucket (the top `bits` bits, 6 to 32) is set in `bitmap`, in order; returns their number.
// row = ranks[bucket / 64] + the set bits below the bucket's in its word. `row` has room for `count`.
size_t triage_rows(const uint64_t *hash, size_t count, uint32_t bits, const uint64_t *bitmap,
                   const uint32_t *ranks, uint32_t *row);

// Counts the distinct ones among `count` rows, in the order in which they first occur: distinct[p] occurs occurrences[p]
// times, and each row[i] becomes the p of its row. Returns their number. `slot` has room for `slots` >= 2 * count, a
// power of two, whatever it holds. The records of the rows, `stride` bytes apart, are on their way to the cache then.
size_t triage_count(uint32_t *row, size_t count, uint32_t *slot, size_t slots, const void *records, size_t stride,
                    uint32_t *distinct, uint32_t *occurrences);

// value[i] = factor[occurrences[i]] * the Float at record index[i], records `stride` bytes apart; returns the sum of their
// squares, added in order. Each of `occurrences` is less than the number of factors.
float triage_weigh(const uint32_t *index, const uint32_t *occurrences, size_t count, const float *factor,
                   const void *records, size_t stride, float *value);

// The largest value; 0 when there are none.
uint32_t triage_largest(const uint32_t *value, size_t count);

// out[k] += sum over i of value[i] * scale * rows[index[i] * stride + k], for k in 0 ..< columns, where scale is the
// Float that lies `before` bytes before the row
void triage_gather_scaled_i8(const uint32_t *index, const float *value, size_t count,
                             const int8_t *rows, size_t stride, size_t before, size_t columns, float *out);

// The same without a scale
void triage_gather_i8(const uint32_t *index, const float *value, size_t count,
                      const int8_t *rows, size_t stride, size_t columns, float *out);
void triage_gather_f32(const uint32_t *index, const float *value, size_t count,
                       const float *rows, size_t columns, float *out);

// out[i] = value[i] * sum over k of rows[index[i] * stride + k] * vector[k], for k in 0 ..< columns
void triage_dots_i8(const uint32_t *index, const float *value, size_t count,
                    const int8_t *rows, size_t stride, size_t columns, const float *vector, float *out);

// rows[index[i] * columns + k] += value[i] * in[k], for k in first ..< last
void triage_scatter_f32(const uint32_t *index, const float *value, size_t count,
                        const float *in, size_t first, size_t last, float *rows, size_t columns);

// The sum over k of exp((z[k] - largest) * scale); each z[k] <= largest, scale > 0. Each term is the same on its own
// and in company, within 2e-7 of the exact one relative to it, and 0 below exp(-87).
float triage_sum_exp(const float *z, size_t count, float largest, float scale);

// One row of a softmax loss at x = z + step * dz, times `weight`: *loss is log sum exp(x) - x[target], *slope and *curvature
// its derivatives in step; residual[k] = weight * (softmax(x)[k] - (k == target)) for k < classes, 0 from there to
// `columns` - 1.
void triage_line_point(const float *z, const float *dz, float step, size_t classes, size_t columns, size_t target,
                       float weight, float *residual, float *loss, float *slope, float *curvature);

// One row of a sum of logistic losses at x = z + step * dz, times `weight`, with y[k] = 1 for the `positives` places in
// `positive` and 0 for the others: *loss is the sum over k < classes of log(1 + exp(x[k])) - y[k] x[k], *slope and
// *curvature its derivatives in step; residual[k] = weight * (logistic(x[k]) - y[k]) for k < classes, 0 from there to
// `columns` - 1.
void triage_logistic_line_point(const float *z, const float *dz, float step, size_t classes, size_t columns,
                                const int32_t *positive, size_t positives, float weight, float *residual,
                                float *loss, float *slope, float *curvature);

// The sum of a[k] * b[k]: exact, since 127 * 127 * 2^16 fits in 32 bits. count <= 65536
int32_t triage_dot_i8(const int8_t *a, const int8_t *b, size_t count);

// sum[offset[i]] += table[impact[i]]; each offset is less than the room of `sum`, each impact than that of `table`.
void triage_add_impacts(const uint16_t *offset, const uint8_t *impact, size_t count, const uint16_t *table,
                        uint16_t *sum);

// bound[r] = unit * sum[r] + near * scale[r] * (the sum over k of rows[r * columns + k] * vector[k]) + far * error[r] + rest,
// and half of that where it is negative, for r in 0 ..< count. No sum of products may exceed 32 bits; columns may
// be 0.
void triage_bounds_i8(const uint16_t *sum, float unit, const int8_t *rows, size_t columns, const int16_t *vector,
                      const float *scale, const float *error, float near, float far, float rest, size_t count,
                      float *bound);

#endif
