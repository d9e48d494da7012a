// The protocol parser of hiredis as the system's package manager installs it (Debian: libhiredis-dev).
#include <hiredis/hiredis.h>
