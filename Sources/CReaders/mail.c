#include "readers.h"

#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
    char *type;
    size_t count;
    struct {
        char *text;
        int is_html;
        int is_flowed;
        int deletes_space;
    } parts[MAXIMUM_PARTS];
};

static int is_word(const char *text, const char *word) { return text != NULL && strcasecmp(text, word) == 0; }

static void add_part(void *parent, void *part, void *context) {
    (void)parent;
    triage_mail *mail = context;
    if (mail->count == MAXIMUM_PARTS || !gmime.is_a(part, gmime.text_part_type())) return;
    if (is_word(gmime.disposition(part), "attachment")) return;
    void *type = gmime.type(part);
    if (type == NULL) return;
    char *name = gmime.mime_type(type);
    const int is_plain = is_word(name, "text/plain"), is_html = is_word(name, "text/html");
    gmime.free(name);
    if (!is_plain && !is_html) return;
    char *text = gmime.text(part);
    if (text == NULL) return;
    mail->parts[mail->count].text = text;
    mail->parts[mail->count].is_html = is_html;
    mail->parts[mail->count].is_flowed = is_word(gmime.parameter(type, "format"), "flowed");
    mail->parts[mail->count].deletes_space = is_word(gmime.parameter(type, "delsp"), "yes");
    mail->count += 1;
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
    return mail;
}

void triage_mail_free(triage_mail *mail) {
    for (size_t part = 0; part < mail->count; part++) gmime.free(mail->parts[part].text);
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

size_t triage_mail_parts(triage_mail *mail) { return mail->count; }
const char *triage_mail_part_text(triage_mail *mail, size_t part) { return mail->parts[part].text; }
int triage_mail_part_is_html(triage_mail *mail, size_t part) { return mail->parts[part].is_html; }
int triage_mail_part_is_flowed(triage_mail *mail, size_t part) { return mail->parts[part].is_flowed; }
int triage_mail_part_deletes_space(triage_mail *mail, size_t part) { return mail->parts[part].deletes_space; }
