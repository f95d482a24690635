#pragma once

#include "text/highlighter.h"
#include "text/line_difference.h"

#include <QFutureWatcher>
#include <QWidget>

class QLabel;
class QsciScintilla;

namespace burrow {

/// A text of any length with colours, to be read unless it is made editable: the one place that knows
/// QScintilla. Takes visible text in UTF-8 (base/visible_text.h). Long texts are not coloured.
class CodeView : public QWidget {
    Q_OBJECT
public:
    enum class Layout { Code, Prose }; ///< numbered lines, or wrapped ones

    /// A part of a text under a heading, which can be folded away.
    struct Section {
        QByteArray heading; ///< one line
        QByteArray text;
        bool folded = false;
    };

    CodeView(Layout layout, const QString& accessibleName, QWidget* parent = nullptr);
    ~CodeView() override;

    void setText(const QByteArray& text, Syntax syntax);
    void setSections(const std::vector<Section>& sections, Syntax syntax);
    /// Adds to the end. The view stays where it is, unless it shows the end: then it goes on showing it.
    void append(const QByteArray& text);

    /// What stands in the place of an empty text.
    void setPlaceholder(const QString& text);

    /// Lets a person write, and undo up to what was set last. Once.
    void setEditable();
    void goToEnd();
    QByteArray text() const;
    int lineCount() const;
    /// Whether the lines below the heading of section @p index are hidden.
    bool isFolded(int index) const;
    /// Whether no folded section hides it.
    bool isLineShown(int line) const;
    bool showsEnd() const;
    /// Marks what differs from another text, until another text is set.
    void markLines(int first, int count);
    /// Marks in the margin how the text, on the right of @p changes, came to be: a bar at lines that were
    /// changed or added, an arrow where some were removed. Until it is called again, or another text is set.
    void markChanges(const std::vector<ChangedLines>& changes);
    enum class Mark { None, Changed, Removed };
    Mark changeAt(int line) const;
    /// Lines that lead somewhere: a click on one, or Return in it, follows it. Until another text is set.
    void setLinks(std::vector<int> lines);
    /// Marks @p line alone, and brings it to the middle.
    void showLine(int line);
    /// Where the caret is.
    int currentLine() const;
    int firstVisibleLine() const;
    void scrollToLine(int line);
    void scrollToEnd();

Q_SIGNALS:
    /// A person wrote.
    void edited();
    /// A link was followed.
    void followed(int line);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setUp(const QString& accessibleName);
    void replace(const QByteArray& text);
    void applyPalette();
    void applyStyles();
    void styleUpTo(int position);
    void defineStyles();
    void styleLine(int line);
    /// Whether there is a heading.
    bool toggleFold(int line);
    void setHeadings(const std::vector<Section>& sections);

    QsciScintilla* m_editor;
    Layout m_layout;
    bool m_isEditable = false;
    Syntax m_syntax = Syntax::None;
    std::unique_ptr<Highlighter> m_highlighter;
    QFutureWatcher<void> m_definitions; ///< without them there are no colours yet
    size_t m_definedStyles = 0; ///< of the highlighter's, that the editor knows
    std::vector<int> m_headings; ///< their lines
    std::vector<int> m_links; ///< their lines
    QLabel* m_placeholder;
};

} // namespace burrow
