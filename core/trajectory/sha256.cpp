#include "trajectory/sha256.h"

#include <openssl/evp.h>

namespace burrow {

Sha256 Sha256::of(QByteArrayView text)
{
    // Looking up the algorithm costs more than hashing a short text, so both are kept for each thread.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
        EVP_MD_CTX_new(), &EVP_MD_CTX_free);

    Sha256 hash;
    EVP_DigestInit_ex2(context.get(), algorithm, nullptr);
    EVP_DigestUpdate(context.get(), text.data(), size_t(text.size()));
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(hash.bytes.data()), nullptr);
    return hash;
}

} // namespace burrow
