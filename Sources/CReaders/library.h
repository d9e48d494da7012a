#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

// Puts the address of a library's function into `function`, a pointer to a pointer; 0 when the library has none.
// POSIX lets the address of a function be read from a void pointer; ISO C does not, hence the copy.
static inline int find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}
