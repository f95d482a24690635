#include "lm/offline_model.h"

#include "base/thread_pool.h"
#include "lm/offline_conversation.h"
#include "lm/offline_reader.h"

namespace burrow {
namespace {

/// A sub-model is given one prompt and nothing else.
bool isSubModelPrompt(const std::vector<Message>& messages)
{
    return messages.size() == 1 && messages.front().role == Role::User;
}

} // namespace

Task<ModelResult> OfflineModel::complete(ChatRequest request, StopToken stop)
{
    const auto think = [messages = std::move(request.messages)](const StopToken& token) {
        return isSubModelPrompt(messages) ? readPrompt(messages.front().text, token) : replyAsRoot(messages);
    };
    ChatReply reply;
    reply.text = co_await runInPool(think, stop);
    if (stop.stop_requested())
        co_return std::unexpected(
            ModelError::unsent({ErrorCode::Cancelled, QStringLiteral("The offline model was stopped.")}));
    reply.servedModel = "offline-keyword-search";
    reply.usage = {.inputTokens = 0, .outputTokens = 0, .cost = MicroUsd{0}};
    co_return reply;
}

} // namespace burrow
