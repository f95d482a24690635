#pragma once

#include "trajectory/recorded_model.h"
#include "trajectory/recorded_repl.h"
#include "trajectory/served_model.h"

#include <QTemporaryDir>

#include <deque>

/// Stand-ins for the doors of the engine, and short forms for tests of the run file.
namespace burrow::test {

/// A clock that moves one millisecond each time it is read.
class TickingClock final : public Clock {
public:
    std::chrono::microseconds now() const override { return m_now += std::chrono::milliseconds(1); }

private:
    mutable std::chrono::microseconds m_now{0};
};

/// Answers each request with `reply to ` and its last message, or with the next of `results`.
class EchoModel final : public LanguageModel {
public:
    Task<ModelResult> complete(ChatRequest request, StopToken) override
    {
        sent.push_back(request);
        if (onSend)
            onSend();
        if (!results.empty()) {
            ModelResult next = results.front();
            results.pop_front();
            co_return next;
        }
        ChatReply reply;
        reply.text = "reply to " + request.messages.back().text;
        reply.servedModel = "echo-1";
        reply.usage = {.inputTokens = 10, .outputTokens = 5, .cost = MicroUsd{7}};
        co_return reply;
    }
    QByteArray endpoint() const override { return "http://user:secret@127.0.0.1:8080/v1"; }

    std::vector<ChatRequest> sent;
    std::deque<ModelResult> results;
    std::function<void()> onSend;
};

inline ChatRequest request(NodePath path, QByteArray prompt)
{
    ChatRequest request;
    request.path = std::move(path);
    request.model = "echo";
    request.messages = {{Role::User, std::move(prompt)}};
    return request;
}

inline Usage estimate(const ChatRequest&)
{
    return {.inputTokens = 100, .outputTokens = 50, .cost = MicroUsd{90}};
}

/// A run file in a folder of its own.
struct RunFolder {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("run.burrow"));

    RunFile create()
    {
        RunFile file = *RunFile::create(path);
        if (!file.commit())
            qFatal("The run file cannot be written.");
        return file;
    }
    RunFile open(RunFile::Access access) { return *RunFile::open(path, access); }
};

} // namespace burrow::test
