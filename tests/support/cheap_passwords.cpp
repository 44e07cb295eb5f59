// Test houses hash passwords at the lowest cost that Argon2id has: at the product's, which takes 64 MiB and a
// tenth of a second each time, tests would mostly hash. Linked in place of libsodium's function; tests of the
// room of identity have the product's costs.
#include <sodium.h>

extern "C" {

int __real_crypto_pwhash_str_alg(char* out, const char* password, unsigned long long length,
                                 unsigned long long operations, std::size_t memory, int algorithm);
int __wrap_crypto_pwhash_str_alg(char* out, const char* password, unsigned long long length,
                                 unsigned long long /*operations*/, std::size_t /*memory*/, int algorithm);

int __wrap_crypto_pwhash_str_alg(char* out, const char* password, unsigned long long length,
                                 unsigned long long /*operations*/, std::size_t /*memory*/, int algorithm) {
    return __real_crypto_pwhash_str_alg(out, password, length, crypto_pwhash_OPSLIMIT_MIN,
                                        crypto_pwhash_MEMLIMIT_MIN, algorithm);
}
}
