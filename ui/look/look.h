#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

/// How the window looks: two palettes, and the few colours that a palette has no role for.
namespace burrow::look {

enum class Appearance { System, Light, Dark };

/// Each is readable as text (WCAG AA) on QPalette::Base and QPalette::Window of its palette.
struct Colours {
    QColor live;
    QColor ok;
    QColor failed;
    QColor unknown;
    QColor muted; ///< what is less important
    QColor line; ///< between areas; no text
    QColor tint; ///< behind headings; no text
    QColor edge; ///< of fields, which is seen (WCAG AA: 3); no text
};

/// Gives the application the palette of @p appearance, and follows the system where it says so.
void apply(Appearance appearance);

bool isDark(const QPalette& palette);
QPalette palette(bool dark);
const Colours& colours(const QPalette& palette);

/// The contrast of two colours as WCAG 2 defines it: 1 for the same, 21 for black on white.
double contrast(const QColor& one, const QColor& other);
/// @p colour, darkened or lightened until it can be read as text on @p base (WCAG AA: 4.5).
QColor readable(QColor colour, const QColor& base);

/// For code, numbers in columns and whatever was printed.
QFont fixedFont();

} // namespace burrow::look
