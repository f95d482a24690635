#include "stops/breakpoint_dialog.h"

#include "base/quantities.h"
#include "stops/stops.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>

namespace burrow {

namespace {

constexpr int mostHits = 1'000'000;

std::unexpected<Error> wrong(const QString& message)
{
    return fail(ErrorCode::InvalidArgument, message);
}

/// Nothing for an empty text. Errors: InvalidArgument with @p problem.
Result<std::optional<qint64>> count(const QString& text, const QString& problem)
{
    if (text.trimmed().isEmpty())
        return std::nullopt;
    bool ok = false;
    const qint64 value = text.trimmed().toLongLong(&ok);
    if (!ok || value < 0)
        return wrong(problem);
    return value;
}

} // namespace

BreakpointDialog::BreakpointDialog(const Breakpoint& breakpoint, QWidget* parent)
    : QDialog(parent)
    , m_point(new QComboBox(this))
    , m_hits(new QSpinBox(this))
    , m_logOnly(new QCheckBox(tr("&Log only, and go on"), this))
    , m_problem(new QLabel(this))
{
    setWindowTitle(tr("Breakpoint"));
    auto* const form = new QFormLayout(this);
    m_point->addItem(wordFor(std::optional<StopPoint>()), -1);
    for (int point = int(StopPoint::BeforeRequest); point <= int(StopPoint::BeforeAnswer); ++point)
        m_point->addItem(wordFor(StopPoint(point)), point);
    m_point->setCurrentIndex(breakpoint.point ? int(*breakpoint.point) + 1 : 0);
    m_point->setAccessibleName(tr("The moment to stop at"));
    form->addRow(tr("&Stop"), m_point);
    const auto number = [](const auto& value) { return value ? QString::number(*value) : QString(); };
    m_at = addField(form, tr("&Node"), QString::fromUtf8(breakpoint.at.text()),
        tr("root/turn3/cell1 and all below it; empty: everywhere"));
    m_depth = addField(form, tr("&Depth"), number(breakpoint.depth), tr("0 is the root; empty: any"));
    m_model = addField(form, tr("&Model"), QString::fromUtf8(breakpoint.model), tr("any"));
    m_text = addField(form, tr("Te&xt holds"), QString::fromUtf8(breakpoint.text),
        tr("part of the request, reply, code or output"));
    m_cost = addField(form, tr("Spent at &least"),
        breakpoint.cost ? QString::number(double(breakpoint.cost->value) / 1e6, 'f', 6) : QString(),
        tr("0.50"));
    m_tokens = addField(form, tr("Tok&ens at least"), number(breakpoint.tokens), tr("100000"));
    m_hits->setRange(1, mostHits);
    m_hits->setValue(breakpoint.hits);
    m_hits->setAccessibleName(tr("The match to stop at, and every later one"));
    form->addRow(tr("From m&atch"), m_hits);
    m_logOnly->setChecked(breakpoint.logOnly);
    form->addRow(QString(), m_logOnly);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    form->addRow(m_problem);
    auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &BreakpointDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    setMinimumWidth(480);
}

QLineEdit* BreakpointDialog::addField(
    QFormLayout* form, const QString& name, const QString& value, const QString& placeholder)
{
    auto* const field = new QLineEdit(value, this);
    field->setPlaceholderText(placeholder);
    field->setAccessibleName(QString(name).remove(QLatin1Char('&')));
    form->addRow(name, field);
    return field;
}

Result<Breakpoint> BreakpointDialog::breakpoint() const
{
    Breakpoint breakpoint{.point = std::nullopt, .at = {}};
    if (const int point = m_point->currentData().toInt(); point >= 0)
        breakpoint.point = StopPoint(point);
    if (const QByteArray at = m_at->text().trimmed().toUtf8(); !at.isEmpty()) {
        const auto path = NodePath::parse(at);
        if (!path)
            return wrong(tr("“%1” is no node: write one such as root/turn3/cell1.").arg(m_at->text()));
        breakpoint.at = *path;
    }
    const auto depth = count(m_depth->text(), tr("The depth is a number: 0 is the root."));
    if (!depth)
        return std::unexpected(depth.error());
    const auto tokens = count(m_tokens->text(), tr("Write the tokens as a number, such as 100000."));
    if (!tokens)
        return std::unexpected(tokens.error());
    if (!m_cost->text().trimmed().isEmpty()) {
        const Result<MicroUsd> cost = parseMoney(m_cost->text().trimmed());
        if (!cost)
            return std::unexpected(cost.error());
        breakpoint.cost = *cost;
    }
    if (*depth)
        breakpoint.depth = int(qMin(**depth, qint64(std::numeric_limits<int>::max())));
    breakpoint.tokens = *tokens;
    breakpoint.model = m_model->text().trimmed().toUtf8();
    breakpoint.text = m_text->text().toUtf8();
    breakpoint.hits = m_hits->value();
    breakpoint.logOnly = m_logOnly->isChecked();
    return breakpoint;
}

void BreakpointDialog::accept()
{
    const Result<Breakpoint> result = breakpoint();
    m_problem->setVisible(!result);
    if (result)
        QDialog::accept();
    else
        m_problem->setText(result.error().message);
}

} // namespace burrow
