#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;

namespace burrow {

/// A line above a document that says what happened to it and what can be done.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Note, Problem };

    explicit NoticeBar(QWidget* parent = nullptr);

    void say(Kind kind, const QString& text);
    /// Adds a button to what was said last; it closes the notice, too.
    void offer(const QString& label, std::function<void()> action);
    QString text() const;

private:
    void addButton(const QString& label, std::function<void()> action);

    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

} // namespace burrow
