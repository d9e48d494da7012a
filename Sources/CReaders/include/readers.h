#ifndef TRIAGE_READERS_H
#define TRIAGE_READERS_H

#include <stddef.h>
#include <stdint.h>

// Libraries of the system that readers of files load when a file needs them: GMime for mail, zlib for workbooks.

// Loads GMime. Returns whether it is there; to be called before any other function of mail.
int triage_mail_load(void);

typedef struct triage_mail triage_mail;

// Reads one message (RFC 5322 and MIME). Null when there is none in the bytes. Released by triage_mail_free.
triage_mail *triage_mail_read(const char *bytes, size_t count);
void triage_mail_free(triage_mail *mail);

// A header in UTF-8, its encoded words decoded; null without one. Valid until the mail is released.
const char *triage_mail_header(triage_mail *mail, const char *name);
// Seconds since 1970; INT64_MIN without a date.
int64_t triage_mail_date(triage_mail *mail);
// The type of the whole message, such as "multipart/report".
const char *triage_mail_type(triage_mail *mail);
// A parameter of that type, such as "report-type"; null without one.
const char *triage_mail_type_parameter(triage_mail *mail, const char *name);

// How many parts there are, without those that hold parts; none where the boundary between them is not named.
size_t triage_mail_all_parts(triage_mail *mail);
// The parts that are text and no attachment, in their order.
size_t triage_mail_parts(triage_mail *mail);
// A part's text: in UTF-8, but for a part that names UTF-8 or nothing and has other bytes.
const char *triage_mail_part_text(triage_mail *mail, size_t part, size_t *length);
int triage_mail_part_is_html(triage_mail *mail, size_t part);
int triage_mail_part_is_flowed(triage_mail *mail, size_t part);
int triage_mail_part_deletes_space(triage_mail *mail, size_t part);

// Loads zlib. Returns whether it is there.
int triage_inflate_load(void);

typedef struct triage_inflate triage_inflate;

// Unpacks raw DEFLATE (RFC 1951), piece by piece. Null without memory.
triage_inflate *triage_inflate_open(void);
void triage_inflate_close(triage_inflate *inflate);

// Unpacks from input to output. Moves *input and *input_count on.
// Returns the bytes written; *state is 0 for more, 1 at the end, -1 for damaged bytes.
size_t triage_inflate_read(triage_inflate *inflate, const uint8_t **input, size_t *input_count, uint8_t *output,
                           size_t output_count, int *state);

// The CRC-32 of bytes behind those whose CRC-32 is `start`; 0 begins.
uint32_t triage_crc32(uint32_t start, const uint8_t *bytes, size_t count);

#endif
