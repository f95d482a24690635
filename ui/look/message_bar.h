#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace burrow {

/// A line above a run or a document that says what happened and what can be done, until it is closed or
/// replaced.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Note, Problem };

    explicit MessageBar(QWidget* parent = nullptr);

    /// Shows the beginning of a long @p text; all of it can be copied where it is a problem.
    void say(Kind kind, const QString& text);
    /// Adds a button to what was said last; it closes the message, too.
    void offer(const QString& label, std::function<void()> action);
    QString text() const;

private:
    QLabel* m_icon;
    QLabel* m_text;
    QString m_details; ///< all of what was said
    QHBoxLayout* m_offers;
};

} // namespace burrow
