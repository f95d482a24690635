#include "settings/limits_editor.h"

#include "base/quantities.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace burrow {

namespace {

std::optional<qint64> countIn(const QString& text)
{
    bool ok = false;
    const qint64 count = QString(text).remove(QLatin1Char(',')).toLongLong(&ok);
    return ok && count > 0 ? std::optional(count) : std::nullopt;
}

template <typename T> std::optional<T> valueOf(Result<T> parsed)
{
    return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<MicroUsd> costIn(const QString& text)
{
    const auto cost = valueOf(parseMoney(text));
    return cost && cost->value > 0 ? cost : std::nullopt;
}

std::optional<std::chrono::milliseconds> timeIn(const QString& text)
{
    const auto time = valueOf(parseDuration(text));
    return time && time->count() > 0 ? time : std::nullopt;
}

} // namespace

LimitsEditor::LimitsEditor(QWidget* parent)
    : QWidget(parent), m_depth(new QSpinBox(this)), m_turns(new QSpinBox(this))
{
    auto* const form = new QFormLayout(this);
    m_cost = addField(tr("&Cost, US$"), tr("no limit"), tr("The most that the run may cost, like 2.50"));
    m_time
        = addField(tr("&Time"), tr("no limit"), tr("The longest that the run may take, like 90s, 5m or 1h"));
    m_calls = addField(tr("C&alls"), tr("no limit"), tr("The most calls of models from cells"));
    // An underline parts T from o and u: unkerned, the text would be wider than the label takes it to be.
    m_tokens = addField(tr("Toke&ns"), tr("no limit"), tr("The most tokens, input and output together"));
    m_depth->setRange(0, 5);
    m_depth->setToolTip(tr("0: no sub-calls; 1: plain ones; 2 and more: calls with REPLs of their own"));
    m_depth->setAccessibleName(tr("Depth of calls"));
    m_turns->setRange(1, 1000);
    m_turns->setToolTip(tr("The most turns of one call"));
    m_turns->setAccessibleName(tr("Turns"));
    form->addRow(tr("&Depth"), m_depth);
    form->addRow(tr("Tu&rns"), m_turns);
    connect(m_depth, &QSpinBox::valueChanged, this, &LimitsEditor::changed);
    connect(m_turns, &QSpinBox::valueChanged, this, &LimitsEditor::changed);
    setLimits({});
}

QLineEdit* LimitsEditor::addField(const QString& label, const QString& example, const QString& toolTip)
{
    auto* const field = new QLineEdit(this);
    field->setPlaceholderText(example);
    field->setToolTip(toolTip);
    field->setAccessibleName(QString(label).remove(QLatin1Char('&')));
    static_cast<QFormLayout*>(layout())->addRow(label, field);
    connect(field, &QLineEdit::textChanged, this, [this] {
        check(m_cost, costIn(m_cost->text()).has_value());
        check(m_time, timeIn(m_time->text()).has_value());
        check(m_calls, countIn(m_calls->text()).has_value());
        check(m_tokens, countIn(m_tokens->text()).has_value());
        Q_EMIT changed();
    });
    return field;
}

/// Says beside the field what it takes, where what stands in it is not understood.
void LimitsEditor::check(QLineEdit* field, bool valid)
{
    const bool wrong = !field->text().trimmed().isEmpty() && !valid;
    field->setAccessibleDescription(wrong ? tr("Not understood: %1").arg(field->toolTip()) : QString());
    QFont font = field->font();
    font.setStrikeOut(wrong);
    field->setFont(font);
}

RunLimits LimitsEditor::limits() const
{
    RunLimits limits = m_others;
    limits.maxCost = costIn(m_cost->text());
    limits.maxTime = timeIn(m_time->text());
    limits.maxCalls = countIn(m_calls->text());
    limits.maxTokens = countIn(m_tokens->text());
    limits.maxDepth = m_depth->value();
    limits.maxIterations = m_turns->value();
    return limits;
}

void LimitsEditor::setLimits(const RunLimits& limits)
{
    m_others = limits;
    m_cost->setText(limits.maxCost ? formatMoney(*limits.maxCost).sliced(1) : QString());
    m_time->setText(
        limits.maxTime ? QStringLiteral("%1s").arg(double(limits.maxTime->count()) / 1000) : QString());
    m_calls->setText(limits.maxCalls ? QString::number(*limits.maxCalls) : QString());
    m_tokens->setText(limits.maxTokens ? QString::number(*limits.maxTokens) : QString());
    m_depth->setValue(limits.maxDepth);
    m_turns->setValue(limits.maxIterations);
}

QString LimitsEditor::summary() const
{
    const RunLimits now = limits();
    QStringList parts;
    if (now.maxCost)
        parts << formatMoney(*now.maxCost);
    if (now.maxTime)
        parts << formatDuration(*now.maxTime);
    if (now.maxCalls)
        parts << formatCalls(*now.maxCalls);
    if (now.maxTokens)
        parts << tr("%1 tokens").arg(formatCount(*now.maxTokens));
    parts << tr("depth %1").arg(now.maxDepth);
    return parts.join(QStringLiteral(" · "));
}

} // namespace burrow
