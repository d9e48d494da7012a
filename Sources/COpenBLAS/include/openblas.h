// The part of OpenBLAS that triage calls, loaded at run time instead of linked.
//
// OpenBLAS chooses its kernel family (its code for one kind of processor) while it is loaded. A version older than the
// processor does not know it and falls back to the oldest family, which is 1.3 to 1.6 times slower. Loading it ourselves lets
// us name the family first, and keeps it from starting threads that triage does not use.
#ifndef TRIAGE_OPENBLAS_H
#define TRIAGE_OPENBLAS_H

// The kernel family that fits this processor's instruction sets; NULL where OpenBLAS is left to choose.
const char *triage_openblas_family(void);

// Loads OpenBLAS with one thread. Call it once, before any function below.
//
// The family is OPENBLAS_CORETYPE where the environment has it, else `family`, else OpenBLAS's own choice.
// Returns 1 when all functions below can be called, 0 when the library or one of its functions is missing.
int triage_openblas_load(const char *family);

// The family in use, and OpenBLAS's description of its build.
const char *triage_openblas_corename(void);
const char *triage_openblas_config(void);

// c = alpha * op(a) * op(b) + beta * c, row-major: op(a) is m x k, op(b) k x n, c m x n. op transposes where the flag is set;
// lda, ldb and ldc are the lengths of stored rows.
void triage_sgemm(int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                  const float *b, int ldb, float beta, float *c, int ldc);

// y = alpha * op(a) * x + beta * y, with a (rows x columns, row-major, lda apart).
void triage_sgemv(int transpose, int rows, int columns, float alpha, const float *a, int lda, const float *x,
                  float beta, float *y);

// The sum of x[k] * y[k].
float triage_sdot(int count, const float *x, const float *y);

#endif
