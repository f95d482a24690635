#include "timeline/playhead_bar.h"

#include "base/quantities.h"
#include "run/playhead.h"
#include "run/shown_run.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>

namespace burrow {

PlayheadBar::PlayheadBar(Playhead& playhead, ShownRun& run, QWidget* parent)
    : QWidget(parent)
    , m_playhead(playhead)
    , m_run(run)
    , m_buttons(new QHBoxLayout)
    , m_slider(new QSlider(Qt::Horizontal, this))
    , m_moment(new QLabel(this))
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(6, 0, 8, 0);
    m_buttons->setSpacing(0);
    row->addLayout(m_buttons);
    row->addWidget(m_slider, 1);
    row->addWidget(m_moment);
    m_slider->setAccessibleName(tr("Moment of the run"));
    m_slider->setToolTip(tr("Move through the run: every view shows it as it was then"));
    // Until the journal is read there is one place to leave: the end.
    m_slider->setRange(0, 1);
    m_slider->setValue(1);
    m_moment->setTextFormat(Qt::PlainText);
    connect(m_slider, &QSlider::sliderPressed, this, [this] { m_playhead.moveBy(0); });
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        // Before the journal is read, the slider can say only that the end was left.
        if (m_playhead.length() == 0)
            m_playhead.moveBy(-1);
        else
            m_playhead.moveTo(value);
    });
    connect(&m_playhead, &Playhead::moved, this, &PlayheadBar::refresh);
    connect(&m_run, &ShownRun::branchesChanged, this, &PlayheadBar::refresh);
    refresh();
}

void PlayheadBar::addAction(QAction* action)
{
    auto* const button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setAccessibleName(action->toolTip());
    m_buttons->addWidget(button);
}

QString PlayheadBar::moment() const
{
    return m_moment->text();
}

void PlayheadBar::refresh()
{
    const QSignalBlocker quiet(m_slider);
    const auto length = int(qMax(m_playhead.length(), qsizetype(1)));
    m_slider->setEnabled(!m_run.path().isEmpty());
    m_slider->setRange(0, length);
    m_slider->setValue(m_playhead.length() == 0 ? length : int(m_playhead.target()));
    const Event* const event = m_playhead.lastEvent();
    if (m_playhead.isAtEnd() || !event) {
        m_moment->setText(m_playhead.isReading() ? tr("Reading what happened…")
                : m_playhead.isAtEnd()           ? tr("The run as it is")
                                                 : tr("Before the run began"));
        return;
    }
    const auto time
        = QDateTime::fromMSecsSinceEpoch(std::chrono::floor<std::chrono::milliseconds>(event->time).count());
    m_moment->setText(tr("As it was at %1, event %2 of %3")
            .arg(time.toString(QStringLiteral("HH:mm:ss.zzz")), formatCount(m_playhead.position()),
                formatCount(m_playhead.length())));
}

} // namespace burrow
