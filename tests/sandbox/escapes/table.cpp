#include "table.h"

#include <QFile>

namespace burrow::escapes {

namespace {

constexpr const char* begin = "<!-- escapes: begin -->\n";
constexpr const char* end = "<!-- escapes: end -->";

using Kinds = std::initializer_list<Verdict::Kind>;

QByteArray count(const std::vector<Row>& rows, Column column, Kinds kinds)
{
    const auto found = std::ranges::count_if(rows, [&](const Row& row) {
        const auto cell = row.find(column);
        return cell != row.end() && std::ranges::find(kinds, cell->second.kind) != kinds.end();
    });
    return QByteArray::number(qlonglong(found));
}

QByteArray totalsOf(const std::vector<Row>& rows, Column column)
{
    using enum Verdict::Kind;
    if (column == Column::Control)
        return count(rows, column, {Works}) + " work unsandboxed, " + count(rows, column, {NoControl})
            + " have no control, " + count(rows, column, {Nothing, Unclear}) + " do nothing";
    return count(rows, column, {Blocked}) + " blocked, " + count(rows, column, {Contained}) + " contained, "
        + count(rows, column, {Known}) + " known, " + count(rows, column, {Escaped, Unclear}) + " escaped";
}

QByteArray cellText(const Row& row, Column column)
{
    const auto cell = row.find(column);
    return cell == row.end() ? QByteArray("–") : QByteArray(nameOf(cell->second.kind));
}

QByteArray remarkOn(const Attempt& attempt, const Row& row)
{
    QByteArrayList remarks;
    if (!attempt.containedBy.isEmpty())
        remarks << "contained: " + attempt.containedBy;
    if (!attempt.knownAtStrong.isEmpty())
        remarks << "known: " + attempt.knownAtStrong;
    if (const auto control = row.find(Column::Control);
        control != row.end() && control->second.kind == Verdict::Kind::NoControl)
        remarks << "no control: " + control->second.why;
    return remarks.join("; ");
}

} // namespace

QByteArray totals(const std::vector<Row>& rows)
{
    QByteArray text;
    for (const Column column : columns) {
        const bool wasRun
            = std::ranges::any_of(rows, [column](const Row& row) { return row.contains(column); });
        if (wasRun)
            text += nameOf(column) + (": " + totalsOf(rows, column)) + '\n';
    }
    return text;
}

QByteArray markdownTable(const std::vector<Attempt>& attempts, const std::vector<Row>& rows)
{
    QByteArray text;
    QByteArray group;
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        const Attempt& attempt = attempts[i];
        if (std::exchange(group, attempt.group) != attempt.group) {
            text += "\n**" + attempt.group + "**\n\n| attempt | seen by |";
            QByteArray rule = "\n|---|---|";
            for (const Column column : columns) {
                text += ' ' + QByteArray(nameOf(column)) + " |";
                rule += "---|";
            }
            text += " remarks |" + rule + "---|\n";
        }
        text += "| " + attempt.title + " | " + attempt.seenBy + " |";
        for (const Column column : columns)
            text += ' ' + cellText(rows[i], column) + " |";
        text += ' ' + remarkOn(attempt, rows[i]) + " |\n";
    }
    return text;
}

Result<void> writeTable(const QString& path, const QByteArray& table)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite))
        return fail(
            ErrorCode::NotFound, QStringLiteral("Cannot write %1: %2.").arg(path, file.errorString()));
    const QByteArray text = file.readAll();
    const qsizetype from = text.indexOf(begin);
    const qsizetype to = text.indexOf(end);
    if (from < 0 || to < from)
        return fail(ErrorCode::InvalidArgument,
            QStringLiteral("%1 has no place for the table: put in %2%3.")
                .arg(path, QString::fromLatin1(begin), QString::fromLatin1(end)));
    file.resize(0);
    file.seek(0);
    file.write(text.first(from) + begin + table + '\n' + text.sliced(to));
    return {};
}

} // namespace burrow::escapes
