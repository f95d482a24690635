#pragma once

#include <QByteArray>

#include <vector>

namespace burrow {

/// Replaces secrets by `[key]` in text that comes from outside: a server may echo a key in an error, a model
/// in a reply, also spelled with the escapes of JSON. Works on whole texts and on streams, where a secret may
/// be split over chunks.
class Redactor {
public:
    /// Hides nothing.
    Redactor() = default;
    /// Secrets shorter than four bytes and the words that local servers take for a key (`ollama`, `none`, …)
    /// hide nothing and would damage ordinary text, so they are left alone.
    explicit Redactor(std::vector<QByteArray> secrets);

    /// @p text with every secret replaced; shared with @p text where there is none.
    QByteArray redacted(QByteArray text) const;

    /// The next bytes of a stream, without those at the end that may be the beginning of a secret: they come
    /// with a later call.
    QByteArray feed(QByteArrayView bytes);
    /// What was held back; the stream is over.
    QByteArray finish();

private:
    struct Hit {
        qsizetype at;
        qsizetype length;
    };
    Hit firstHit(QByteArrayView text, qsizetype from) const;
    qsizetype heldBack(QByteArrayView text) const;

    std::vector<QByteArray> m_secrets;
    QByteArray m_held;
};

} // namespace burrow
