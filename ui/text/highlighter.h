#pragma once

#include <QColor>
#include <QFuture>
#include <QString>

#include <memory>
#include <vector>

namespace burrow {

enum class Syntax { None, Python, Markdown, Json };

/// Finds out how the lines of a text are coloured: the one place that knows KSyntaxHighlighting. A line
/// depends on the lines before it, so they are asked for from the first one on; what was found stays known.
class Highlighter {
public:
    struct Span {
        int begin; ///< in UTF-16 code units
        int length;
        int style; ///< an index into styles()
    };
    struct Style {
        QColor text; ///< invalid: as all text
        bool bold = false;
        bool italic = false;
    };
    enum class Theme { Light, Dark };

    /// Finishes when the definitions of all syntaxes are read, once and in the background: that takes several
    /// frames (60 ms for Markdown, which may hold all other languages).
    static QFuture<void> definitions();

    /// After definitions() have finished.
    Highlighter(Syntax syntax, Theme theme);
    ~Highlighter();
    Highlighter(Highlighter&&) noexcept;
    Highlighter& operator=(Highlighter&&) noexcept;

    /// The spans of line @p number, whose lines before have been asked for. Where @p starts, it is taken as
    /// the first line of a text.
    enum class Line { Continues, Starts };
    std::vector<Span> spans(int number, const QString& text, Line line = Line::Continues);
    /// All styles that spans named so far.
    const std::vector<Style>& styles() const;

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace burrow
