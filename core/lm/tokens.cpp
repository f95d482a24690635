#include "lm/tokens.h"

namespace burrow {

namespace {

// Role, separators and end marks; templates add three to six.
constexpr qint64 tokensAroundMessage = 8;

} // namespace

qint64 upperTokenEstimate(QByteArrayView utf8)
{
    qint64 other = 0;
    for (const char c : utf8)
        other += static_cast<unsigned char>(c) >> 7;
    const qint64 ascii = utf8.size() - other;
    return (ascii + 1) / 2 + other;
}

qint64 upperTokenEstimate(const std::vector<Message>& messages)
{
    qint64 tokens = 0;
    for (const Message& message : messages)
        tokens += upperTokenEstimate(message.text) + tokensAroundMessage;
    return tokens;
}

} // namespace burrow
