#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

namespace burrow {

/// An answer that a reply gives as text, outside code: `FINAL(text)` or `FINAL_VAR(name)` on a line of its
/// own.
struct FinalText {
    enum class Form { Text, Variable };
    Form form;
    QByteArray value; ///< the text, or the variable's name

    friend bool operator==(const FinalText&, const FinalText&) = default;
};

/// What a model's reply holds. Text inside `<think>…</think>` is left out of everything here.
struct ParsedReply {
    std::vector<QByteArray> cells; ///< in order, without their fences and the fences' indentation
    bool cutOffCell = false; ///< a last cell was opened and never closed: it must not run
    std::optional<FinalText> final;
    QByteArray prose; ///< the text outside cells, trimmed
};

/// Finds the cells of a reply: blocks fenced by three or more backticks or tildes and tagged repl, python or
/// py. A fence may be indented and contain shorter fences, or balanced ones of its own length. Never fails.
ParsedReply parseReply(QByteArrayView reply);

/// @p reply without its thinking, and with @p code as its cell number @p ordinal, counted from 1. Nothing
/// where it has no such cell.
std::optional<QByteArray> withCell(QByteArrayView reply, int ordinal, const QByteArray& code);

/// @p reply without its `<think>…</think>` blocks. A `</think>` without an opening one ends a block that
/// began with the reply; an opening one without an end takes the rest. Tags inside fenced code do not count.
QByteArray withoutThinking(QByteArrayView reply);

} // namespace burrow
