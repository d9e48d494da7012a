// The system's OpenSSL 3 (Debian: libssl-dev). SHA-256 by its plain functions: they keep their state in a struct that is copied
// by assignment; their successors allocate one for each hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

// A macro of two others, which Swift does not see.
static const int public_key_selection = EVP_PKEY_PUBLIC_KEY;
