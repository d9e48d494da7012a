#ifndef CARGUMENTS_H
#define CARGUMENTS_H

/// How many words the program was started with, its name among them.
int triage_argument_count(void);

/// A word by its place; NULL when there is none.
const char *triage_argument(int place);

/// The path that the program was started by; NULL when the kernel gave none.
const char *triage_executable(void);

#endif
