// OpenBLAS as the system's package manager installs it (Debian: libopenblas-dev).
#include <cblas.h>
