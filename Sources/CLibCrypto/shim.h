// The system's OpenSSL 3 (Debian: libssl-dev). SHA-256 by its plain functions: they keep their state in a struct that is copied
// by assignment; their successors allocate one for each hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
