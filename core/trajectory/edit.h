#pragma once

#include "base/node_path.h"
#include "lm/language_model.h"

#include <map>
#include <optional>
#include <vector>

namespace burrow {

/// What a person changed in a branch. It holds for the branch and for those that leave it later.
struct Edit {
    /// The values are part of the file format.
    enum class Kind : quint8 {
        Nothing = 0, ///< the branch plays on as it was
        Reply = 1, ///< a model's reply, or with it the code of its cells
        Prompt = 2, ///< what a model is asked: the last message of a request, or the question of a call
        Model = 3, ///< which model is asked
        Sample = 4, ///< the same request once more: `text` is the ordinal of the sample
        Parameters = 5, ///< how a model is asked: `text` is encodeParameters()
    };
    /// How far a change of the model or of parameters reaches. The values are part of the file format.
    enum class Reach : quint8 {
        Node = 0,
        FromHere = 1, ///< the node, and all that come after it in the order of their paths
        All = 2,
    };

    NodePath at;
    Kind kind = Kind::Nothing;
    Reach reach = Reach::Node;
    QByteArray text; ///< what stands there now
    QByteArray instead; ///< with a reach beyond the node: the model whose requests are changed

    friend bool operator==(const Edit&, const Edit&) = default;
};

/// What is changed of a request beside its model and messages; what is empty stays as it is.
struct Parameters {
    std::optional<int> maxOutputTokens;
    std::optional<double> temperature; ///< 0 to 2
    bool serversTemperature = false; ///< none is sent: the server uses its own

    friend bool operator==(const Parameters&, const Parameters&) = default;
};

QByteArray encodeParameters(const Parameters& parameters);
/// Nothing where the text makes no sense, or changes nothing.
std::optional<Parameters> decodeParameters(const QByteArray& json);

/// All but the text.
QByteArray encodeEdit(const Edit& edit);
/// Nothing where it makes no sense.
std::optional<Edit> decodeEdit(const QByteArray& json, const QByteArray& text);

/// Whether @p edit makes another request of the one at @p path to @p model.
bool changesRequest(const Edit& edit, const NodePath& path, const QByteArray& model);

/// Whether @p path is @p from, below it, or comes later in the order in which a run numbers its nodes.
bool isFromHere(const NodePath& path, const NodePath& from);

/// The edits of a branch, in the order in which they were made: a later one goes before an earlier one.
class Edits {
public:
    void add(Edit edit) { m_edits.push_back(std::move(edit)); }
    bool isEmpty() const { return m_edits.empty(); }

    /// What a model is to have replied at @p path; nullptr where nobody said.
    const QByteArray* reply(const NodePath& path) const { return textOf(path, Edit::Kind::Reply); }
    /// What is to be asked at @p path; nullptr where nobody said.
    const QByteArray* prompt(const NodePath& path) const { return textOf(path, Edit::Kind::Prompt); }
    /// @p request as it is to be sent.
    ChatRequest applyTo(ChatRequest request) const;
    /// What was edited at @p path itself.
    std::optional<Edit::Kind> kindAt(const NodePath& path) const;

private:
    const QByteArray* textOf(const NodePath& path, Edit::Kind kind) const;

    std::vector<Edit> m_edits;
};

} // namespace burrow
