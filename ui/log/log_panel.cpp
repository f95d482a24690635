#include "log/log_panel.h"

#include "base/visible_text.h"
#include "look/look.h"

#include <QPlainTextEdit>
#include <QTime>
#include <QVBoxLayout>

namespace burrow {

LogPanel::LogPanel(QWidget* parent) : QWidget(parent), m_lines(new QPlainTextEdit(this))
{
    constexpr int mostLines = 5000;
    auto* const box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_lines);
    m_lines->setReadOnly(true);
    m_lines->setFrameShape(QFrame::NoFrame);
    m_lines->setMaximumBlockCount(mostLines);
    m_lines->setFont(look::fixedFont());
    m_lines->setTabChangesFocus(true);
    m_lines->setAccessibleName(tr("Log"));
    m_lines->setPlaceholderText(tr("What Burrow does appears here."));
}

void LogPanel::add(const QString& category, const QString& text)
{
    constexpr qsizetype longest = 2000; // a line of megabytes is laid out for seconds
    const QString line = visibleText(text, LineMode::SingleLine);
    m_lines->appendPlainText(QStringLiteral("%1  %2  %3")
            .arg(QTime::currentTime().toString(QStringLiteral("HH:mm:ss.zzz")), category.leftJustified(8),
                line.size() <= longest ? line : line.first(longest) + QChar(0x2026)));
}

QString LogPanel::text() const
{
    return m_lines->toPlainText();
}

} // namespace burrow
