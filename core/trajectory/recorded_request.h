#pragma once

#include "lm/language_model.h"
#include "trajectory/event.h"
#include "trajectory/sha256.h"

#include <functional>

namespace burrow {

class RunFile;

/// How a request names its messages. Run files of versions 1 and 2 have all of them in one list.
enum class RequestForm { Linked, Flat };

/// A request as a run file keeps it: JSON with sorted keys, messages by hash, and no secret. Equal requests
/// are equal texts; path, attempt, retries and timeouts are no part of them.
///
/// A conversation is sent whole with every turn, but is not written whole each time: eight of its messages
/// at a time are a link, which is stored once, and names the link before it. A request names the last link
/// and the messages since then, eight at most.
///
///     link:    {"after":HASH,"messages":[[ROLE,HASH],…]}            the first has no "after"
///     request: {"after":HASH,"endpoint":…,"max_output_tokens":…,"messages":[[ROLE,HASH],…],"model":…,
///               "sample":…,"temperature":…}                         without links, it has no "after"
struct RecordedRequest {
    static constexpr size_t linkLength = 8; ///< part of the file format

    QByteArray json;
    Sha256 fingerprint; ///< of the JSON, and so of all that the request says
    std::vector<QByteArray> links; ///< from the first message on

    using HashOf = std::function<Sha256(const QByteArray&)>;

    static RecordedRequest describe(const ChatRequest& request, const QByteArray& endpoint,
        const HashOf& hashOf, RequestForm form = RequestForm::Linked);

    /// Stores the texts that it consists of: itself, its links and the messages of @p request.
    Result<BlobId> store(RunFile& file, const ChatRequest& request) const;
};

/// The conversation that the request @p json of @p file asked to go on.
/// Errors: RunFileInvalid where it is not what describe() writes, or a text is missing.
Result<std::vector<Message>> readMessages(RunFile& file, const QByteArray& json);

/// What a node of kind @p kind was given, of which @p input is on record: the code of a cell, the question of
/// an RLM call, the last message of a request. Errors: as readMessages().
Result<QByteArray> readInput(RunFile& file, NodeKind kind, BlobId input);

} // namespace burrow
