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

constexpr qsizetype longestSpelling = 6; // of a character: \u0041
constexpr qsizetype tooShort = -1;

/// How many bytes at the beginning of @p text spell @p c as JSON may: as itself, after a backslash or as
/// \u0041. 0 where they do not; tooShort where they may, but the text ends before it is certain.
qsizetype spelled(QByteArrayView text, char c)
{
    if (text.isEmpty())
        return tooShort;
    if (text[0] != '\\')
        return text[0] == c ? 1 : 0;
    if (text.size() == 1)
        return tooShort;
    if (text[1] == c && (c == '/' || c == '"' || c == '\\'))
        return 2;
    if (text[1] != 'u')
        return 0;
    for (qsizetype i = 0; i < 4; ++i) {
        if (i + 2 == text.size())
            return tooShort;
        const int digit = i < 2 ? 0 : uchar(c) >> (i == 2 ? 4 : 0) & 0xf;
        const char have = text[i + 2];
        if (have != "0123456789abcdef"[digit] && have != "0123456789ABCDEF"[digit])
            return 0;
    }
    return longestSpelling;
}

/// The same for a whole secret.
qsizetype spelled(QByteArrayView text, const QByteArray& secret)
{
    qsizetype length = 0;
    for (const char c : secret) {
        const qsizetype taken = spelled(text.sliced(length), c);
        if (taken <= 0)
            return taken;
        length += taken;
    }
    return length;
}

} // namespace

Redactor::Redactor(std::vector<QByteArray> secrets) : m_secrets(std::move(secrets))
{
    std::erase_if(m_secrets, [](const QByteArray& secret) { return !isSecret(secret); });
}

/// The first secret in @p text; the longest where several begin at one place. The text may be JSON that
/// nobody could parse, so a secret that JSON spells in another way is found too.
Redactor::Hit Redactor::firstHit(QByteArrayView text, qsizetype from) const
{
    Hit first{-1, 0};
    for (const QByteArray& secret : m_secrets) {
        const qsizetype at = text.indexOf(secret, from);
        if (at >= 0 && (first.at < 0 || at < first.at || (at == first.at && secret.size() > first.length)))
            first = {at, secret.size()};
    }
    const qsizetype firstEscape = text.indexOf('\\', from);
    if (firstEscape < 0)
        return first;
    for (const QByteArray& secret : m_secrets) {
        const qsizetype last = first.at < 0 ? text.size() - 1 : first.at;
        for (qsizetype at = qMax(from, firstEscape - secret.size()); at <= last; ++at) {
            const qsizetype length = spelled(text.sliced(at), secret);
            if (length <= 0)
                continue;
            if (first.at < 0 || at < first.at || length > first.length)
                first = {at, length};
            break;
        }
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
        for (qsizetype length = qMin(secret.size() * longestSpelling - 1, text.size()); length > most;
            --length) {
            if (spelled(text.last(length), secret) == tooShort)
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
