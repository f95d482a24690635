#include "lm/redactor.h"

#include <algorithm>
#include <array>

namespace burrow {

namespace {

constexpr QByteArrayView mark = "[key]";
constexpr qsizetype shortestSecret = 4;
constexpr std::array<QByteArrayView, 10> placeholders = {"none", "null", "empty", "dummy", "test", "ollama",
    "lm-studio", "no-key", "not-needed", "sk-no-key-required"};

bool isSecret(const QByteArray& text)
{
    return text.size() >= shortestSecret && std::ranges::none_of(placeholders, [&](QByteArrayView word) {
        return text.compare(word, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

Redactor::Redactor(std::vector<QByteArray> secrets) : m_secrets(std::move(secrets))
{
    std::erase_if(m_secrets, [](const QByteArray& secret) { return !isSecret(secret); });
}

/// The first secret in @p text; the longest where several begin at one place.
Redactor::Hit Redactor::firstHit(QByteArrayView text, qsizetype from) const
{
    Hit first{-1, 0};
    for (const QByteArray& secret : m_secrets) {
        const qsizetype at = text.indexOf(secret, from);
        if (at >= 0 && (first.at < 0 || at < first.at || (at == first.at && secret.size() > first.length)))
            first = {at, secret.size()};
    }
    return first;
}

QByteArray Redactor::redacted(QByteArray text) const
{
    Hit hit = firstHit(text, 0);
    if (hit.at < 0)
        return text;
    QByteArray clean;
    qsizetype from = 0;
    for (; hit.at >= 0; hit = firstHit(text, from)) {
        clean.append(QByteArrayView(text).sliced(from, hit.at - from)).append(mark);
        from = hit.at + hit.length;
    }
    return clean.append(QByteArrayView(text).sliced(from));
}

/// How many bytes at the end of @p text may be the beginning of a secret.
qsizetype Redactor::heldBack(QByteArrayView text) const
{
    qsizetype most = 0;
    for (const QByteArray& secret : m_secrets) {
        for (qsizetype length = qMin(secret.size() - 1, text.size()); length > most; --length) {
            if (text.last(length) == QByteArrayView(secret).first(length))
                most = length;
        }
    }
    return most;
}

QByteArray Redactor::feed(QByteArrayView bytes)
{
    // A replaced secret ends in `]`, which might begin another secret only if that began so; held back all
    // the same, it changes nothing.
    QByteArray text = redacted(std::exchange(m_held, {}).append(bytes));
    const qsizetype held = heldBack(text);
    m_held = text.last(held);
    text.chop(held);
    return text;
}

QByteArray Redactor::finish()
{
    return std::exchange(m_held, {});
}

} // namespace burrow
