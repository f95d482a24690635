#pragma once

// One function compiled twice; the processor's abilities decide at start-up which is called. Sanitizers are
// not ready for the deciding that early.
#if defined(__x86_64__) && defined(__linux__) && defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)     \
    && !defined(__SANITIZE_THREAD__)
#define BURROW_ALSO_FOR_AVX2 __attribute__((target_clones("avx2", "default")))
#else
#define BURROW_ALSO_FOR_AVX2
#endif
