#pragma once

#include <QWidget>

class QPlainTextEdit;

namespace burrow {

/// What the program itself did, a line each, the newest last.
class LogPanel : public QWidget {
    Q_OBJECT
public:
    explicit LogPanel(QWidget* parent = nullptr);

    /// @p category is a word such as `run` or `window`.
    void add(const QString& category, const QString& text);
    QString text() const;

private:
    QPlainTextEdit* m_lines;
};

} // namespace burrow
