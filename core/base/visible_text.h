#pragma once

#include <QByteArray>
#include <QString>

namespace burrow {

/// Whether a text may spread over lines: then newlines and tabs stay as they are, else they are shown too.
enum class LineMode { SingleLine, MultiLine };

/// Returns @p text with everything that could steer a terminal, or that the eye cannot see, as visible
/// symbols: control characters as `␛` or `⟨U+009B⟩`; bidi controls, zero-width and other invisible format
/// characters as `⟨U+202E⟩`; lone surrogates as U+FFFD. Joiners stay where they join (emoji, Persian,
/// Indic scripts). For all text from documents, models, servers and cells before it is printed.
/// Text that needs nothing comes back shared.
QString visibleText(QString text, LineMode mode);

/// What stands for the character @p c, which follows @p previous (0 for none), in such a text.
QString visibleCharacter(char32_t c, char32_t previous, LineMode mode);

/// The same for UTF-8; every byte that is none becomes U+FFFD.
QByteArray visibleText(QByteArray utf8, LineMode mode);

} // namespace burrow
