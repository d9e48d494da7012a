#include "arguments.h"

#include <stddef.h>
#include <sys/auxv.h>

static int count;
static char **words;

// glibc calls the functions of .init_array with the arguments of main.
__attribute__((constructor)) static void keep(int argc, char **argv, char **environment) {
    (void)environment;
    count = argc;
    words = argv;
}

int triage_argument_count(void) { return count; }

const char *triage_argument(int place) { return place >= 0 && place < count ? words[place] : NULL; }

const char *triage_executable(void) { return (const char *)getauxval(AT_EXECFN); }
