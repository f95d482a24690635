#include "documents/fingerprint.h"

#include "base/thread_pool.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <openssl/evp.h>

namespace burrow {

namespace {

constexpr size_t pieceBytes = size_t(1) << 20;
constexpr size_t tagBytes = 16;

using Mac = std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

void writeTag(EVP_MAC* mac, const FingerprintKey& key, Bytes piece, unsigned char* tag)
{
    const MacContext context(EVP_MAC_CTX_new(mac), EVP_MAC_CTX_free);
    size_t written = 0;
    const bool done = EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.constData()),
                          static_cast<size_t>(key.size()), nullptr)
        && EVP_MAC_update(context.get(), piece.data(), piece.size())
        && EVP_MAC_final(context.get(), tag, &written, tagBytes);
    Q_ASSERT_X(done && written == tagBytes, "fingerprint", "every OpenSSL 3 has Poly1305");
}

} // namespace

QByteArray fingerprint(Bytes bytes, const FingerprintKey& key, const StopToken& stop)
{
    const Mac mac(EVP_MAC_fetch(nullptr, "POLY1305", nullptr), EVP_MAC_free);
    const size_t pieces = (bytes.size() + pieceBytes - 1) / pieceBytes;
    QByteArray tags(static_cast<qsizetype>(pieces * tagBytes), '\0');
    auto* firstTag = reinterpret_cast<unsigned char*>(tags.data());
    parallelFor(
        static_cast<qsizetype>(pieces),
        [&](qsizetype index) {
            const auto i = static_cast<size_t>(index);
            const size_t start = i * pieceBytes;
            writeTag(mac.get(), key, bytes.subspan(start, std::min(pieceBytes, bytes.size() - start)),
                firstTag + i * tagBytes);
        },
        stop);
    return fingerprint({QByteArray::number(std::ssize(bytes)), tags}, key);
}

QByteArray fingerprint(const std::vector<QByteArray>& parts, const FingerprintKey& key)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(key);
    for (const QByteArray& part : parts) {
        const qint64 length = qToLittleEndian<qint64>(part.size());
        hash.addData(QByteArrayView(reinterpret_cast<const char*>(&length), sizeof length));
        hash.addData(part);
    }
    return hash.result();
}

} // namespace burrow
