// The part of libpq, PostgreSQL's client library, that triage calls, loaded when a setting names a database.
#ifndef TRIAGE_POSTGRES_H
#define TRIAGE_POSTGRES_H

#include <stddef.h>
#include <stdint.h>

// Loads libpq. Returns whether all functions below can be called; call it before any of them.
int triage_pq_load(void);

// A descriptor that is readable once 8 bytes were written to it (eventfd), by which a waiting thread is woken; -1 without one.
int triage_pq_signal(void);

typedef struct triage_pq triage_pq;
typedef struct triage_pq_result triage_pq_result;

// What a socket must be ready for before the next step.
enum { TRIAGE_PQ_FAILED = 0, TRIAGE_PQ_READING = 1, TRIAGE_PQ_WRITING = 2, TRIAGE_PQ_DONE = 3 };

// Starts to connect without waiting for the server. The lists end with NULL. NULL without memory.
triage_pq *triage_pq_start(const char *const *names, const char *const *values);
// The next step of connecting: one of the values above.
int triage_pq_poll(triage_pq *connection);
int triage_pq_socket(const triage_pq *connection);
// The last error, which may quote a statement: read it for known phrases only.
const char *triage_pq_error(const triage_pq *connection);
// Closes the connection and releases it.
void triage_pq_finish(triage_pq *connection);

// Sends a statement with `count` parameters in binary form; its results come in binary form too. NULL is the null value.
// Returns whether it could be queued.
int triage_pq_send(triage_pq *connection, const char *statement, int count, const uint32_t *types,
                   const char *const *values, const int *lengths);
// Sends queued bytes: 0 when all are sent, 1 when the socket must be ready for more, -1 on an error.
int triage_pq_flush(triage_pq *connection);
// Reads what has arrived. Returns 0 on an error.
int triage_pq_consume(triage_pq *connection);
// Whether triage_pq_next would wait.
int triage_pq_is_busy(triage_pq *connection);
// The next result of the statement; NULL after the last one.
triage_pq_result *triage_pq_next(triage_pq *connection);

// Queues rows for COPY … FROM STDIN: 1 when queued, 0 when the socket must be ready first, -1 on an error.
int triage_pq_put(triage_pq *connection, const char *bytes, int count);
// Ends the rows, with the same results.
int triage_pq_put_end(triage_pq *connection);

// How a result ended.
enum { TRIAGE_PQ_COMMAND = 1, TRIAGE_PQ_ROWS = 2, TRIAGE_PQ_COPY = 3, TRIAGE_PQ_ERROR = 4 };
int triage_pq_kind(const triage_pq_result *result);
// The five characters of SQLSTATE; NULL without one.
const char *triage_pq_state(const triage_pq_result *result);
int triage_pq_rows(const triage_pq_result *result);
int triage_pq_columns(const triage_pq_result *result);
// A value's bytes, valid until the result is cleared; NULL for the null value.
const char *triage_pq_value(const triage_pq_result *result, int row, int column, int *length);
void triage_pq_clear(triage_pq_result *result);

#endif
