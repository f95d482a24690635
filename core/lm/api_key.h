#pragma once

#include <QByteArray>
#include <QDebug>

#include <algorithm>

namespace burrow {

/// A secret that opens a server. It cannot be printed, compared or turned into text by accident: reveal() is
/// the only way to its bytes, for the line that sends it and for the redactor that hides it.
class ApiKey {
public:
    ApiKey() = default;
    /// Trims white space, since keys come from files and environment variables.
    explicit ApiKey(const QByteArray& text) : m_text(text.trimmed()) { }

    bool isEmpty() const { return m_text.isEmpty(); }
    /// Whether it can stand in a header: visible ASCII alone.
    bool isWellFormed() const
    {
        return std::ranges::all_of(m_text, [](char c) { return c > ' ' && c < 0x7f; });
    }
    const QByteArray& reveal() const { return m_text; }

    friend QDebug operator<<(QDebug debug, const ApiKey&) = delete;

private:
    QByteArray m_text;
};

} // namespace burrow
