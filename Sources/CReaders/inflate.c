#include "readers.h"

#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// zlib's z_stream, whose layout has not changed since version 1.0; inflateInit2_ checks its size.
struct stream {
    const uint8_t *next_in;
    unsigned int avail_in;
    unsigned long total_in;
    uint8_t *next_out;
    unsigned int avail_out;
    unsigned long total_out;
    const char *message;
    void *state;
    void *allocate;
    void *release;
    void *context;
    int data_type;
    unsigned long adler;
    unsigned long reserved;
};

struct triage_inflate {
    struct stream stream;
};

enum { OK = 0, END = 1, BUFFER_ERROR = -5, RAW_WINDOW = -15, NO_FLUSH = 0 };

static int (*inflate_init)(struct stream *, int, const char *, int);
static int (*inflate_step)(struct stream *, int);
static int (*inflate_end)(struct stream *);
static unsigned long (*checksum)(unsigned long, const uint8_t *, unsigned int);
static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
    is_loaded = library != NULL && find(library, "inflateInit2_", &inflate_init)
        && find(library, "inflate", &inflate_step) && find(library, "inflateEnd", &inflate_end)
        && find(library, "crc32", &checksum);
}

int triage_inflate_load(void) {
    pthread_once(&once, load);
    return is_loaded;
}

triage_inflate *triage_inflate_open(void) {
    triage_inflate *inflate = calloc(1, sizeof *inflate);
    if (inflate == NULL) return NULL;
    if (inflate_init(&inflate->stream, RAW_WINDOW, "1.2", (int)sizeof inflate->stream) == OK) return inflate;
    free(inflate);
    return NULL;
}

void triage_inflate_close(triage_inflate *inflate) {
    inflate_end(&inflate->stream);
    free(inflate);
}

size_t triage_inflate_read(triage_inflate *inflate, const uint8_t **input, size_t *input_count, uint8_t *output,
                           size_t output_count, int *state) {
    struct stream *stream = &inflate->stream;
    stream->next_in = *input;
    stream->avail_in = (unsigned int)*input_count;
    stream->next_out = output;
    stream->avail_out = (unsigned int)output_count;
    const int result = inflate_step(stream, NO_FLUSH);
    *input = stream->next_in;
    *input_count = stream->avail_in;
    *state = result == END ? 1 : result == OK || result == BUFFER_ERROR ? 0 : -1;
    return output_count - stream->avail_out;
}

uint32_t triage_crc32(uint32_t start, const uint8_t *bytes, size_t count) {
    return (uint32_t)checksum(start, bytes, (unsigned int)count);
}
