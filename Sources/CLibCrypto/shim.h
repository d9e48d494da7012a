// SHA-256 of the system's OpenSSL 3 (Debian: libssl-dev). Its plain functions keep their state in a struct that is copied by
// assignment; their successors allocate one for each hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
