#include "openblas.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// Values of CBLAS's enumerations.
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112 };

static struct {
    void (*set_num_threads)(int);
    char *(*get_corename)(void);
    char *(*get_config)(void);
    void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
    void (*sgemv)(int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
    float (*sdot)(int, const float *, int, const float *, int);
} blas;

const char *triage_openblas_family(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    // These tests also ask whether the operating system keeps the registers.
    const int wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (wide) return __builtin_cpu_supports("avx512bf16") ? "Cooperlake" : "SkylakeX";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return __builtin_cpu_is("amd") ? "Zen" : "Haswell";
    if (__builtin_cpu_supports("avx")) return "Sandybridge";
#endif
    return NULL;
}

// Sets a variable that OpenBLAS reads while it is loaded; one that has a value already stays. Returns whether it was set here.
static int provide(const char *name, const char *value) {
    const char *present = getenv(name);
    return value != NULL && (present == NULL || *present == 0) && setenv(name, value, 1) == 0;
}

static void *load(const char *family) {
    const int set_family = provide("OPENBLAS_CORETYPE", family);
    const int set_threads = provide("OPENBLAS_NUM_THREADS", "1");
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (set_family) unsetenv("OPENBLAS_CORETYPE");
    if (set_threads) unsetenv("OPENBLAS_NUM_THREADS");
    return library;
}

// POSIX lets the address of a function be read from a void pointer; ISO C does not, hence the copy.
static int find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

int triage_openblas_load(const char *family) {
    void *library = load(family);
    if (library == NULL) return 0;
    const int is_whole = find(library, "openblas_set_num_threads", &blas.set_num_threads)
        && find(library, "openblas_get_corename", &blas.get_corename) && find(library, "openblas_get_config", &blas.get_config)
        && find(library, "cblas_sgemm", &blas.sgemm) && find(library, "cblas_sgemv", &blas.sgemv)
        && find(library, "cblas_sdot", &blas.sdot);
    // A host program may have loaded it with more threads.
    if (is_whole) blas.set_num_threads(1);
    return is_whole;
}

const char *triage_openblas_corename(void) { return blas.get_corename(); }
const char *triage_openblas_config(void) { return blas.get_config(); }

static int operation(int transpose) { return transpose ? TRANSPOSE : NO_TRANSPOSE; }

void triage_sgemm(int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                  const float *b, int ldb, float beta, float *c, int ldc) {
    blas.sgemm(ROW_MAJOR, operation(transpose_a), operation(transpose_b), m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void triage_sgemv(int transpose, int rows, int columns, float alpha, const float *a, int lda, const float *x,
                  float beta, float *y) {
    blas.sgemv(ROW_MAJOR, operation(transpose), rows, columns, alpha, a, lda, x, 1, beta, y, 1);
}

float triage_sdot(int count, const float *x, const float *y) { return blas.sdot(count, x, 1, y, 1); }
