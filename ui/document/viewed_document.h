#pragma once

#include "documents/line_index.h"
#include "documents/text_rows.h"

#include <QTimer>

namespace burrow {

/// A document that is looked at: its text at once, its lines as they are counted in the background, and
/// whether it is still what it was. GUI thread only.
class ViewedDocument : public QObject {
    Q_OBJECT
public:
    enum class State { Unchanged, Changed, Gone };

    /// Errors: those of OpenText::open.
    static Result<std::unique_ptr<ViewedDocument>> open(
        const QString& path, const std::optional<TextEncoding>& encoding);
    ~ViewedDocument() override;

    const OpenText& text() const { return *m_text; }
    const std::shared_ptr<const OpenText>& sharedText() const { return m_text; }
    const TextRows& rows() const { return m_rows; }
    const LineIndex& lines() const { return *m_lines; }
    State state() const { return m_state; }
    /// Looks at the file now; else that happens every second.
    void checkState();

Q_SIGNALS:
    /// More lines are known, or all.
    void linesCounted();
    /// Once, when the file is not what it was any more.
    void stateChanged();

private:
    explicit ViewedDocument(std::shared_ptr<const OpenText> text);

    std::shared_ptr<const OpenText> m_text;
    std::shared_ptr<LineIndex> m_lines;
    TextRows m_rows;
    State m_state = State::Unchanged;
    QTimer m_progress;
    QTimer m_check;
    std::stop_source m_stop;
};

} // namespace burrow
