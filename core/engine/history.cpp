#include "engine/history.h"

#include "engine/output_text.h"

#include <algorithm>

namespace burrow {

namespace {

// Close to what tokenizers make of prose and code together; the server's own count corrects it every turn.
constexpr qint64 bytesPerToken = 3;

qint64 bytesIn(const std::vector<Message>& messages, size_t from = 0)
{
    qint64 bytes = 0;
    for (size_t i = from; i < messages.size(); ++i)
        bytes += messages[i].text.size();
    return bytes;
}

} // namespace

History::History(QByteArray system, QByteArray firstUser, qint64 windowTokens)
    : m_messages{{Role::System, std::move(system)}, {Role::User, std::move(firstUser)}}
    , m_windowTokens(windowTokens)
{
}

void History::addUser(const QByteArray& text)
{
    if (m_messages.back().role == Role::User)
        m_messages.back().text += "\n\n" + text;
    else
        m_messages.push_back({Role::User, text});
}

void History::noteTokens(const Usage& usage)
{
    if (!usage.inputTokens)
        return;
    m_countedTokens = *usage.inputTokens;
    m_countedMessages = m_messages.size();
}

void History::noteRefused(const std::vector<Message>& refused)
{
    m_windowTokens = std::min(m_windowTokens, bytesIn(refused) / bytesPerToken);
}

qint64 History::estimatedTokens() const
{
    return m_countedTokens + bytesIn(m_messages, m_countedMessages) / bytesPerToken;
}

bool History::isNearlyFull() const
{
    return estimatedTokens() * 100 > m_windowTokens * 85;
}

std::vector<Message> History::requestForSummary(QByteArray instruction) const
{
    std::vector<Message> messages = m_messages;
    const qint64 room = m_windowTokens * bytesPerToken * 6 / 10;
    for (qsizetype limit = outputLimit; bytesIn(messages) > room && limit > 200; limit /= 2) {
        for (size_t i = openingMessages; i < messages.size(); ++i)
            messages[i].text = elided({.head = messages[i].text}, limit);
    }
    messages.push_back({Role::User, std::move(instruction)});
    return messages;
}

void History::compact(const QByteArray& summary, const QByteArray& goOn)
{
    m_messages.resize(openingMessages);
    addReply(summary);
    addUser(goOn);
    m_countedTokens = 0;
    m_countedMessages = 0;
}

} // namespace burrow
