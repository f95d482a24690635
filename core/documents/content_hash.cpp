#include "documents/content_hash.h"

#include "base/thread_pool.h"
#include "documents/document_errors.h"
#include "documents/mapped_file.h"

#include <openssl/evp.h>

namespace burrow {

namespace {

constexpr size_t hashedAtOnce = size_t(1) << 20;

Result<QByteArray> sha256(const Document& document, const StopToken& stop)
{
    const Result<MappedFile> file = openDocument(document);
    if (!file)
        return std::unexpected(file.error());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    const Bytes bytes = file->bytes();
    for (size_t at = 0; at < bytes.size(); at += hashedAtOnce) {
        if (stop.stop_requested())
            return errors::cancelled();
        EVP_DigestUpdate(context.get(), bytes.data() + at, std::min(hashedAtOnce, bytes.size() - at));
    }
    QByteArray digest(EVP_MAX_MD_SIZE, Qt::Uninitialized);
    unsigned length = 0;
    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), &length);
    digest.truncate(length);
    if (const Result<void> intact = file->check(); !intact)
        return std::unexpected(intact.error());
    return digest;
}

} // namespace

Task<Result<std::vector<QByteArray>>> hashDocuments(std::vector<Document> documents, StopToken stop)
{
    return runInPool(
        [documents = std::move(documents)](const StopToken& token) -> Result<std::vector<QByteArray>> {
            std::vector<QByteArray> hashes;
            for (const Document& document : documents) {
                Result<QByteArray> hash
                    = token.stop_requested() ? errors::cancelled() : sha256(document, token);
                if (!hash)
                    return std::unexpected(hash.error());
                hashes.push_back(std::move(*hash));
            }
            return hashes;
        },
        std::move(stop));
}

} // namespace burrow
