#pragma once

#include "engine/run.h"
#include "repl/cell_parser.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

/// Whole runs without Python and without a server: random recursive programs in a language of four words.
namespace burrow::testing {

/// A few digits that stand for @p text.
inline QByteArray digest(const QByteArray& text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().first(8);
}

/// Cells are lines; each adds to the memory of its REPL what it gave:
///
///     say TEXT          the text
///     ask A|B           the answers of the sub-model to A and B, asked one after the other
///     batch A|B         the same, at once
///     rlm A|B           the answers of child RLMs, at once
///     done              the memory is the answer
///
/// `$` in a text stands for the memory so far.
class TinyRepls final : public ReplFactory {
public:
    Task<Result<std::unique_ptr<Repl>>> start(ReplSpec, HostCalls* calls, StopToken) override
    {
        co_return std::make_unique<TinyRepl>(*this, calls);
    }

    /// How long each cell takes at least: what takes long enough is followed by a checkpoint.
    std::chrono::milliseconds work{0};
    QByteArrayList executed; ///< paths of cells

private:
    class TinyRepl final : public Repl {
    public:
        TinyRepl(TinyRepls& owner, HostCalls* calls) : m_owner(owner), m_calls(calls) { }

        Task<Result<CheckpointId>> checkpoint(StopToken) override
        {
            m_copies.push_back(m_memory);
            co_return CheckpointId(m_copies.size());
        }
        Task<Result<void>> restore(CheckpointId id, StopToken) override
        {
            m_memory = m_copies.at(size_t(id) - 1);
            co_return Result<void>();
        }

        Task<Result<CellOutput>> execute(Cell cell, StopToken stop) override
        {
            CellOutput output;
            m_owner.executed << cell.path.text();
            co_await sleepFor(m_owner.work, stop);
            for (const QByteArray& line : cell.code.split('\n')) {
                const qsizetype space = line.indexOf(' ');
                const QByteArray word = space < 0 ? line : line.first(space);
                const QByteArray rest = space < 0 ? QByteArray() : line.sliced(space + 1);
                if (word == "done")
                    output.answer = digest(m_memory);
                else if (word == "say")
                    remember(rest, output);
                else if (!word.isEmpty() && !co_await ask(cell.path, word, rest, output, stop))
                    break;
            }
            output.variables = {{"memory", digest(m_memory), m_memory.size()}};
            if (stop.stop_requested())
                co_return fail(ErrorCode::Cancelled, {});
            co_return output;
        }

    private:
        void remember(const QByteArray& text, CellOutput& output)
        {
            m_memory += text + ';';
            output.out.head += text + '\n';
        }

        Task<bool> ask(NodePath cell, QByteArray word, QByteArray text, CellOutput& output, StopToken stop)
        {
            QByteArrayList prompts = text.replace("$", digest(m_memory)).split('|');
            std::vector<QueryBatch> batches(word == "ask" ? size_t(prompts.size()) : 1);
            for (qsizetype i = 0; i < prompts.size(); ++i)
                batches[word == "ask" ? size_t(i) : 0].items.push_back({prompts[i], {}});
            for (QueryBatch& batch : batches) {
                batch.kind = word == "rlm" ? QueryBatch::Kind::Rlm : QueryBatch::Kind::Completion;
                batch.batched = word != "ask";
                const QueryOutcome outcome = co_await m_calls->query(cell, batch, stop);
                if (!outcome) {
                    output.status = CellStatus::Raised;
                    output.err.head = outcome.error().message;
                    co_return false;
                }
                for (const QueryResult& result : *outcome)
                    remember(result.text, output);
            }
            co_return true;
        }

        TinyRepls& m_owner;
        HostCalls* m_calls;
        QByteArray m_memory;
        std::vector<QByteArray> m_copies; ///< by checkpoint
    };
};

/// Plays both models: a function of what it is asked alone, but for the failures that it is told to have.
class TinyModel : public LanguageModel {
public:
    explicit TinyModel(quint32 seed) : m_seed(seed) { }

    Task<ModelResult> complete(ChatRequest request, StopToken stop) override
    {
        asked.push_back(request);
        if (onSend)
            onSend(request);
        // Answers come in another order than the questions.
        co_await sleepFor(latency + std::chrono::milliseconds(number(request) % 3), stop);
        if (stop.stop_requested())
            co_return std::unexpected(stopped());
        if (failures && number(request) % 5 == 0)
            co_return std::unexpected(ModelError{{ErrorCode::ContentFiltered, QStringLiteral("no")}});
        ChatReply reply{.text = replyTo(request)};
        if (const auto edited = edits.find(request.path.text()); edited != edits.end())
            reply.text = edited->second;
        ++answered;
        reply.usage = {.inputTokens = 100, .outputTokens = 10, .cost = MicroUsd{7}};
        co_return reply;
    }
    QByteArray endpoint() const override { return "tiny"; }

    virtual QByteArray replyTo(const ChatRequest& request) const
    {
        if (request.messages.front().role != Role::System)
            return "about " + digest(request.messages.back().text)
                + QByteArray::number(request.sampleOrdinal);
        // From the question on: the system prompt would make every depth another program.
        const auto turn = request.messages.size() / 2;
        QRandomGenerator random(number(request));
        QByteArray code = "say turn " + QByteArray::number(turn) + '\n';
        for (quint32 line = 0; line < 1 + random.bounded(3u); ++line) {
            static constexpr std::array words = {"say", "ask", "batch", "rlm"};
            code += words.at(random.bounded(4u));
            code += " a" + QByteArray::number(random.bounded(4)) + "|b" + (random.bounded(2) ? "$" : "")
                + '\n';
        }
        if (turn >= 2 + m_seed % 2)
            code += "done\n";
        return "Now:\n```repl\n" + code + "```\n";
    }

    std::vector<ChatRequest> asked;
    int answered = 0; ///< of them
    std::map<QByteArray, QByteArray> edits; ///< by path: replies that it gives instead of its own
    std::function<void(const ChatRequest&)> onSend;
    bool failures = false; ///< to one request of five
    std::chrono::milliseconds latency{0};

protected:
    /// Of the conversation alone.
    quint32 number(const ChatRequest& request) const
    {
        QByteArray text = QByteArray::number(m_seed) + request.model;
        for (const Message& message : request.messages)
            if (message.role != Role::System)
                text += message.text;
        return QCryptographicHash::hash(text, QCryptographicHash::Sha256)
            .toHex()
            .first(7)
            .toUInt(nullptr, 16);
    }
    quint32 seed() const { return m_seed; }

private:
    static ModelError stopped()
    {
        ModelError error{{ErrorCode::Cancelled, QStringLiteral("stopped")}};
        error.partialText = "abo";
        return error;
    }

    quint32 m_seed;
};

} // namespace burrow::testing
