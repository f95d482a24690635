#include "window/opening_bar.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

namespace burrow {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 500ms; // what takes less is not worth a look
constexpr auto interval = 100ms;

} // namespace

OpeningBar::OpeningBar(QWidget* parent) : QWidget(parent), m_bar(new QProgressBar(this))
{
    auto* const cancel = new QToolButton(this);
    cancel->setText(tr("Cancel"));
    cancel->setToolTip(tr("Do not open this run"));
    cancel->setAccessibleName(tr("Do not open this run"));
    m_bar->setFormat(tr("Opening the run: %p %"));
    m_bar->setAccessibleName(tr("How much of the run was read"));
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(6, 2, 6, 2);
    row->addWidget(m_bar, 1);
    row->addWidget(cancel);
    connect(cancel, &QToolButton::clicked, this, &OpeningBar::cancelled);
    connect(&m_timer, &QTimer::timeout, this, &OpeningBar::look);
    hide();
}

void OpeningBar::begin(std::shared_ptr<const std::atomic<int>> percent)
{
    m_percent = std::move(percent);
    m_timer.start(patience);
}

void OpeningBar::end()
{
    m_timer.stop();
    m_percent.reset();
    hide();
}

void OpeningBar::look()
{
    m_bar->setValue(m_percent->load());
    show();
    m_timer.start(interval);
}

} // namespace burrow
