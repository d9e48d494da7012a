#include "postgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>

// Values of libpq's enumerations, which are part of its binary interface.
enum { POLLING_FAILED = 0, POLLING_READING = 1, POLLING_WRITING = 2, POLLING_OK = 3 };
enum { COMMAND_OK = 1, TUPLES_OK = 2, COPY_IN = 4 };
enum { FIELD_SQLSTATE = 'C', BINARY = 1 };

static struct {
    triage_pq *(*start)(const char *const *, const char *const *, int);
    int (*poll)(triage_pq *);
    int (*socket)(const triage_pq *);
    char *(*error)(const triage_pq *);
    void (*finish)(triage_pq *);
    int (*set_nonblocking)(triage_pq *, int);
    int (*send)(triage_pq *, const char *, int, const uint32_t *, const char *const *, const int *, const int *, int);
    int (*flush)(triage_pq *);
    int (*consume)(triage_pq *);
    int (*is_busy)(triage_pq *);
    triage_pq_result *(*next)(triage_pq *);
    int (*put)(triage_pq *, const char *, int);
    int (*put_end)(triage_pq *, const char *);
    int (*status)(const triage_pq_result *);
    char *(*field)(const triage_pq_result *, int);
    int (*rows)(const triage_pq_result *);
    int (*columns)(const triage_pq_result *);
    char *(*value)(const triage_pq_result *, int, int);
    int (*length)(const triage_pq_result *, int, int);
    int (*is_null)(const triage_pq_result *, int, int);
    void (*clear)(triage_pq_result *);
    void *(*set_notices)(triage_pq *, void (*)(void *, const triage_pq_result *), void *);
} pq;

static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// POSIX lets the address of a function be read from a void pointer; ISO C does not, hence the copy.
static int find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static void load(void) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    is_loaded = find(library, "PQconnectStartParams", &pq.start) && find(library, "PQconnectPoll", &pq.poll)
        && find(library, "PQsocket", &pq.socket) && find(library, "PQerrorMessage", &pq.error)
        && find(library, "PQfinish", &pq.finish) && find(library, "PQsetnonblocking", &pq.set_nonblocking)
        && find(library, "PQsendQueryParams", &pq.send) && find(library, "PQflush", &pq.flush)
        && find(library, "PQconsumeInput", &pq.consume) && find(library, "PQisBusy", &pq.is_busy)
        && find(library, "PQgetResult", &pq.next) && find(library, "PQputCopyData", &pq.put)
        && find(library, "PQputCopyEnd", &pq.put_end) && find(library, "PQresultStatus", &pq.status)
        && find(library, "PQresultErrorField", &pq.field) && find(library, "PQntuples", &pq.rows)
        && find(library, "PQnfields", &pq.columns) && find(library, "PQgetvalue", &pq.value)
        && find(library, "PQgetlength", &pq.length) && find(library, "PQgetisnull", &pq.is_null)
        && find(library, "PQclear", &pq.clear) && find(library, "PQsetNoticeReceiver", &pq.set_notices);
}

int triage_pq_load(void) {
    pthread_once(&once, load);
    return is_loaded;
}

int triage_pq_signal(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

// The server's notices would be printed on standard error.
static void ignore(void *context, const triage_pq_result *notice) {
    (void)context;
    (void)notice;
}

triage_pq *triage_pq_start(const char *const *names, const char *const *values) {
    triage_pq *connection = pq.start(names, values, 0);
    if (connection != NULL) pq.set_notices(connection, ignore, NULL);
    return connection;
}

int triage_pq_poll(triage_pq *connection) {
    switch (pq.poll(connection)) {
    case POLLING_READING: return TRIAGE_PQ_READING;
    case POLLING_WRITING: return TRIAGE_PQ_WRITING;
    case POLLING_OK: return pq.set_nonblocking(connection, 1) == 0 ? TRIAGE_PQ_DONE : TRIAGE_PQ_FAILED;
    default: return TRIAGE_PQ_FAILED;
    }
}

int triage_pq_socket(const triage_pq *connection) { return pq.socket(connection); }
const char *triage_pq_error(const triage_pq *connection) { return pq.error(connection); }
void triage_pq_finish(triage_pq *connection) { pq.finish(connection); }

int triage_pq_send(triage_pq *connection, const char *statement, int count, const uint32_t *types,
                   const char *const *values, const int *lengths) {
    int formats[32];
    if (count < 0 || count > 32) return 0;
    for (int place = 0; place < count; place++) formats[place] = BINARY;
    return pq.send(connection, statement, count, types, values, lengths, formats, BINARY);
}

int triage_pq_flush(triage_pq *connection) { return pq.flush(connection); }
int triage_pq_consume(triage_pq *connection) { return pq.consume(connection); }
int triage_pq_is_busy(triage_pq *connection) { return pq.is_busy(connection); }
triage_pq_result *triage_pq_next(triage_pq *connection) { return pq.next(connection); }
int triage_pq_put(triage_pq *connection, const char *bytes, int count) { return pq.put(connection, bytes, count); }
int triage_pq_put_end(triage_pq *connection) { return pq.put_end(connection, NULL); }

int triage_pq_kind(const triage_pq_result *result) {
    switch (pq.status(result)) {
    case COMMAND_OK: return TRIAGE_PQ_COMMAND;
    case TUPLES_OK: return TRIAGE_PQ_ROWS;
    case COPY_IN: return TRIAGE_PQ_COPY;
    default: return TRIAGE_PQ_ERROR;
    }
}

const char *triage_pq_state(const triage_pq_result *result) { return pq.field(result, FIELD_SQLSTATE); }
int triage_pq_rows(const triage_pq_result *result) { return pq.rows(result); }
int triage_pq_columns(const triage_pq_result *result) { return pq.columns(result); }

const char *triage_pq_value(const triage_pq_result *result, int row, int column, int *length) {
    *length = pq.length(result, row, column);
    return pq.is_null(result, row, column) ? NULL : pq.value(result, row, column);
}

void triage_pq_clear(triage_pq_result *result) { pq.clear(result); }
