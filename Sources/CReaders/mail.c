#include "readers.h"

#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

// The start of GLib's GByteArray.
struct byte_array {
    uint8_t *data;
    unsigned int count;
};

// The functions of GMime 3, GLib and GObject that are used, as their headers declare them; all objects are opaque here.
static struct {
    void (*init)(void);
    void *(*stream)(const char *, size_t);
    void *(*parser)(void *);
    void *(*construct)(void *, void *);
    const char *(*header)(void *, const char *);
    void *(*date)(void *);
    void *(*root)(void *);
    void *(*type)(void *);
    char *(*mime_type)(void *);
    const char *(*parameter)(void *, const char *);
    const char *(*disposition)(void *);
    void (*foreach)(void *, void (*)(void *, void *, void *), void *);
    unsigned long (*text_part_type)(void);
    char *(*text)(void *);
    const char *(*charset)(void *);
    void *(*content)(void *);
    void *(*memory)(void);
    ssize_t (*write)(void *, void *);
    struct byte_array *(*bytes)(void *);
    unsigned long (*message_part_type)(void);
    unsigned long (*multipart_type)(void);
    void *(*inner)(void *);
    int64_t (*unix_time)(void *);
    void (*release)(void *);
    void (*free)(void *);
    int (*is_a)(void *, unsigned long);
} gmime;

static int is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    // GLib and GObject come with GMime, which names them as its own libraries.
    void *library = dlopen("libgmime-3.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    is_loaded = find(library, "g_mime_init", &gmime.init)
        && find(library, "g_mime_stream_mem_new_with_buffer", &gmime.stream)
        && find(library, "g_mime_parser_new_with_stream", &gmime.parser)
        && find(library, "g_mime_parser_construct_message", &gmime.construct)
        && find(library, "g_mime_object_get_header", &gmime.header)
        && find(library, "g_mime_message_get_date", &gmime.date)
        && find(library, "g_mime_message_get_mime_part", &gmime.root)
        && find(library, "g_mime_object_get_content_type", &gmime.type)
        && find(library, "g_mime_content_type_get_mime_type", &gmime.mime_type)
        && find(library, "g_mime_content_type_get_parameter", &gmime.parameter)
        && find(library, "g_mime_object_get_disposition", &gmime.disposition)
        && find(library, "g_mime_message_foreach", &gmime.foreach)
        && find(library, "g_mime_text_part_get_type", &gmime.text_part_type)
        && find(library, "g_mime_text_part_get_text", &gmime.text)
        && find(library, "g_mime_text_part_get_charset", &gmime.charset)
        && find(library, "g_mime_part_get_content", &gmime.content)
        && find(library, "g_mime_stream_mem_new", &gmime.memory)
        && find(library, "g_mime_data_wrapper_write_to_stream", &gmime.write)
        && find(library, "g_mime_stream_mem_get_byte_array", &gmime.bytes)
        && find(library, "g_mime_message_part_get_type", &gmime.message_part_type)
        && find(library, "g_mime_multipart_get_type", &gmime.multipart_type)
        && find(library, "g_mime_message_part_get_message", &gmime.inner)
        && find(library, "g_date_time_to_unix", &gmime.unix_time)
        && find(library, "g_object_unref", &gmime.release)
        && find(library, "g_free", &gmime.free)
        && find(library, "g_type_check_instance_is_a", &gmime.is_a);
    if (is_loaded) gmime.init();
}

int triage_mail_load(void) {
    pthread_once(&once, load);
    return is_loaded;
}

enum { MAXIMUM_PARTS = 64 };

struct triage_mail {
    void *stream;
    void *parser;
    void *message;
    // A mail that this one carries as an attachment.
    void *inner;
    char *type;
    size_t count;
    // Parts of any kind but those that hold parts.
    size_t total;
    struct {
        char *text;
        size_t length;
        int is_html;
        int is_flowed;
        int deletes_space;
    } parts[MAXIMUM_PARTS];
};

static int is_word(const char *text, const char *word) { return text != NULL && strcasecmp(text, word) == 0; }

// Whether a part's bytes are UTF-8 by its own word. GMime drops the bytes of such a part that are not.
static int is_utf8(const char *charset) {
    static const char *const names[] = {"utf-8", "utf8", "us-ascii", "ascii"};
    if (charset == NULL || *charset == 0) return 1;
    for (size_t name = 0; name < sizeof names / sizeof *names; name++)
        if (is_word(charset, names[name])) return 1;
    return 0;
}

static char *copied(const void *bytes, size_t count) {
    char *copy = malloc(count + 1);
    if (copy != NULL && count > 0) memcpy(copy, bytes, count);
    return copy;
}

// A part's bytes as they were sent, without their transfer encoding; null without memory.
static char *sent(void *part, size_t *length) {
    void *content = gmime.content(part), *memory = content == NULL ? NULL : gmime.memory();
    if (memory == NULL) return NULL;
    gmime.write(content, memory);
    const struct byte_array *bytes = gmime.bytes(memory);
    *length = bytes == NULL ? 0 : bytes->count;
    char *copy = copied(bytes == NULL ? NULL : bytes->data, *length);
    gmime.release(memory);
    return copy;
}

// A part's bytes in UTF-8, from the encoding that it names.
static char *decoded(void *part, size_t *length) {
    char *text = gmime.text(part);
    if (text == NULL) return NULL;
    *length = strlen(text);
    char *copy = copied(text, *length);
    gmime.free(text);
    return copy;
}

static void add_part(void *parent, void *part, void *context) {
    (void)parent;
    triage_mail *mail = context;
    mail->total += !gmime.is_a(part, gmime.multipart_type());
    if (mail->inner == NULL && gmime.is_a(part, gmime.message_part_type())) mail->inner = gmime.inner(part);
    if (mail->count == MAXIMUM_PARTS || !gmime.is_a(part, gmime.text_part_type())) return;
    if (is_word(gmime.disposition(part), "attachment")) return;
    void *type = gmime.type(part);
    if (type == NULL) return;
    char *name = gmime.mime_type(type);
    const int is_plain = is_word(name, "text/plain"), is_html = is_word(name, "text/html");
    gmime.free(name);
    if (!is_plain && !is_html) return;
    size_t length = 0;
    char *text = is_utf8(gmime.charset(part)) ? sent(part, &length) : decoded(part, &length);
    if (text == NULL) return;
    mail->parts[mail->count].text = text;
    mail->parts[mail->count].length = length;
    mail->parts[mail->count].is_html = is_html;
    mail->parts[mail->count].is_flowed = is_word(gmime.parameter(type, "format"), "flowed");
    mail->parts[mail->count].deletes_space = is_word(gmime.parameter(type, "delsp"), "yes");
    mail->count += 1;
}

// Whether a part shows anything.
static int has_text(const triage_mail *mail) {
    for (size_t part = 0; part < mail->count; part++)
        for (size_t index = 0; index < mail->parts[part].length; index++)
            if ((unsigned char)mail->parts[part].text[index] > 0x20) return 1;
    return 0;
}

triage_mail *triage_mail_read(const char *bytes, size_t count) {
    triage_mail *mail = calloc(1, sizeof *mail);
    if (mail == NULL) return NULL;
    mail->stream = gmime.stream(bytes, count);
    mail->parser = mail->stream == NULL ? NULL : gmime.parser(mail->stream);
    mail->message = mail->parser == NULL ? NULL : gmime.construct(mail->parser, NULL);
    if (mail->message == NULL) {
        triage_mail_free(mail);
        return NULL;
    }
    void *root = gmime.root(mail->message);
    void *type = root == NULL ? NULL : gmime.type(root);
    if (type != NULL) mail->type = gmime.mime_type(type);
    gmime.foreach(mail->message, add_part, mail);
    // A mail without words that carries another was forwarded as an attachment.
    if (mail->inner != NULL && !has_text(mail)) gmime.foreach(mail->inner, add_part, mail);
    return mail;
}

void triage_mail_free(triage_mail *mail) {
    for (size_t part = 0; part < mail->count; part++) free(mail->parts[part].text);
    if (mail->type != NULL) gmime.free(mail->type);
    if (mail->message != NULL) gmime.release(mail->message);
    if (mail->parser != NULL) gmime.release(mail->parser);
    if (mail->stream != NULL) gmime.release(mail->stream);
    free(mail);
}

const char *triage_mail_header(triage_mail *mail, const char *name) { return gmime.header(mail->message, name); }

int64_t triage_mail_date(triage_mail *mail) {
    void *date = gmime.date(mail->message);
    return date == NULL ? INT64_MIN : gmime.unix_time(date);
}

const char *triage_mail_type(triage_mail *mail) { return mail->type == NULL ? "" : mail->type; }

const char *triage_mail_type_parameter(triage_mail *mail, const char *name) {
    void *root = gmime.root(mail->message);
    void *type = root == NULL ? NULL : gmime.type(root);
    return type == NULL ? NULL : gmime.parameter(type, name);
}

size_t triage_mail_all_parts(triage_mail *mail) { return mail->total; }
size_t triage_mail_parts(triage_mail *mail) { return mail->count; }
const char *triage_mail_part_text(triage_mail *mail, size_t part, size_t *length) {
    *length = mail->parts[part].length;
    return mail->parts[part].text;
}
int triage_mail_part_is_html(triage_mail *mail, size_t part) { return mail->parts[part].is_html; }
int triage_mail_part_is_flowed(triage_mail *mail, size_t part) { return mail->parts[part].is_flowed; }
int triage_mail_part_deletes_space(triage_mail *mail, size_t part) { return mail->parts[part].deletes_space; }
