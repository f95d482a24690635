#include "base/quantities.h"

#include "base/words.h"

#include <QLocale>
#include <QRegularExpression>

#include <array>
#include <cmath>
#include <utility>

namespace burrow {

namespace {

using words::tr;

struct Measured {
    double number;
    QString unit;
};

std::optional<Measured> measured(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^\\s*(\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)\\s*$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    return Measured{match.captured(1).toDouble(), match.captured(2).toLower()};
}

QString upTo(bool estimated, const QString& amount)
{
    return estimated ? QStringLiteral("≤") + amount : amount;
}

template <size_t Count>
std::optional<double> scaled(
    const QString& text, const std::array<std::pair<const char*, double>, Count>& units)
{
    const std::optional<Measured> value = measured(text);
    if (!value)
        return std::nullopt;
    for (const auto& [name, factor] : units) {
        if (value->unit == QLatin1String(name) && value->number * factor < 9e18)
            return value->number * factor;
    }
    return std::nullopt;
}

} // namespace

Result<std::chrono::milliseconds> parseDuration(const QString& text)
{
    static constexpr std::array<std::pair<const char*, double>, 5> units{
        {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}}};
    const std::optional<double> milliseconds = scaled(text, units);
    if (!milliseconds)
        return fail(
            ErrorCode::InvalidArgument, tr("'%1' is no time: write it like 90s, 5m or 1h.").arg(text));
    return std::chrono::milliseconds(std::llround(*milliseconds));
}

Result<qint64> parseBytes(const QString& text)
{
    static constexpr std::array<std::pair<const char*, double>, 12> units{
        {{"", 1}, {"b", 1}, {"k", 1e3}, {"kb", 1e3}, {"kib", 1024.0}, {"m", 1e6}, {"mb", 1e6},
            {"mib", 1048576.0}, {"g", 1e9}, {"gb", 1e9}, {"gib", 1073741824.0}, {"tib", 1099511627776.0}}};
    const std::optional<double> bytes = scaled(text, units);
    if (!bytes)
        return fail(
            ErrorCode::InvalidArgument, tr("'%1' is no size: write it like 100MB or 1GiB.").arg(text));
    return qint64(std::llround(*bytes));
}

Result<MicroUsd> parseMoney(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^\\$?(\\d{1,9})(?:\\.(\\d{1,6}))?$"));
    const QRegularExpressionMatch match = form.match(text.trimmed());
    if (!match.hasMatch())
        return fail(
            ErrorCode::InvalidArgument, tr("'%1' is no sum in US dollars: write it like 2.50.").arg(text));
    return MicroUsd{match.captured(1).toLongLong() * 1'000'000
        + match.captured(2).leftJustified(6, QLatin1Char('0')).toLongLong()};
}

QString formatMoney(MicroUsd money)
{
    const double dollars = double(money.value) / 1e6;
    const int digits = money.value == 0 || dollars >= 0.1 ? 2 : dollars >= 0.001 ? 4 : 6;
    return QStringLiteral("$") + QString::number(dollars, 'f', digits);
}

QString formatMoney(MicroUsd money, MicroUsd estimated)
{
    return upTo(estimated.value > 0, formatMoney(money));
}

QString formatUnknown(qint64 requests, MicroUsd most)
{
    const QString text = requests == 1 ? tr("1 request with unknown outcome")
                                       : tr("%1 requests with unknown outcome").arg(formatCount(requests));
    return most.value > 0 ? tr("%1, up to %2").arg(text, formatMoney(most)) : text;
}

QString formatDuration(std::chrono::microseconds duration)
{
    const double seconds = double(duration.count()) / 1e6;
    if (seconds < 60)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', seconds < 10 ? 2 : 1);
    const auto whole = qint64(seconds);
    const auto two = [](qint64 part) { return QStringLiteral("%1").arg(part, 2, 10, QLatin1Char('0')); };
    if (whole < 3600)
        return QStringLiteral("%1:%2 min").arg(whole / 60).arg(two(whole % 60));
    return QStringLiteral("%1:%2:%3 h").arg(whole / 3600).arg(two(whole / 60 % 60), two(whole % 60));
}

QString formatCount(qint64 count)
{
    return QLocale(QLocale::English).toString(count);
}

QString formatCalls(qint64 count)
{
    return count == 1 ? tr("1 call") : tr("%1 calls").arg(formatCount(count));
}

QString formatTurns(qint64 count)
{
    return count == 1 ? tr("1 turn") : tr("%1 turns").arg(formatCount(count));
}

QString formatCount(qint64 count, qint64 estimated)
{
    return upTo(estimated > 0, formatCount(count));
}

} // namespace burrow
