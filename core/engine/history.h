#pragma once

#include "lm/language_model.h"

namespace burrow {

/// The conversation of one RLM call, and how full it makes its model's window.
class History {
public:
    /// @p windowTokens is what the model can take, input and output together.
    History(QByteArray system, QByteArray firstUser, qint64 windowTokens);

    void addReply(const QByteArray& text) { m_messages.push_back({Role::Assistant, text}); }
    /// Goes on with the message of the user where one stands at the end: roles alternate, as some servers
    /// demand.
    void addUser(const QByteArray& text);

    /// The user's last message becomes @p text.
    void replaceLast(const QByteArray& text) { m_messages.back().text = text; }

    const std::vector<Message>& messages() const { return m_messages; }

    /// What the server counted for the conversation as it stands; estimates go on from there.
    void noteTokens(const Usage& usage);
    /// The model's window turned out not to hold @p refused: it is smaller than that. Known to this call
    /// alone, so that what a model reads does not depend on which call of many found out first.
    void noteRefused(const std::vector<Message>& refused);
    /// Whether the conversation needs compaction before it can grow further: over 85 % of the window.
    bool isNearlyFull() const;
    /// Whether there is anything that compaction could take away.
    bool canShrink() const { return m_messages.size() > openingMessages; }

    /// The conversation with its longest outputs shortened until it leaves room, and @p instruction at its
    /// end.
    std::vector<Message> requestForSummary(QByteArray instruction) const;
    /// Replaces everything after the question by @p summary as a reply, and @p goOn as the next message.
    void compact(const QByteArray& summary, const QByteArray& goOn);

private:
    static constexpr size_t openingMessages = 2; // the system prompt and the question

    qint64 estimatedTokens() const;

    std::vector<Message> m_messages;
    qint64 m_windowTokens;
    qint64 m_countedTokens = 0; ///< by the server, for the first m_countedMessages
    size_t m_countedMessages = 0;
};

} // namespace burrow
