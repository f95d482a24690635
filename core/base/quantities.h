#pragma once

#include "base/result.h"
#include "base/units.h"

#include <chrono>

/// Quantities as people type and read them.
namespace burrow {

/// `90s`, `5m`, `1h`, `250ms`; a bare number is seconds. Errors: InvalidArgument.
Result<std::chrono::milliseconds> parseDuration(const QString& text);
/// `1GiB`, `100MB`, `4k`, `512`; units of 1024 with an i, of 1000 without. Errors: InvalidArgument.
Result<qint64> parseBytes(const QString& text);
/// `2.50` or `$2.50`, exactly. Errors: InvalidArgument.
Result<MicroUsd> parseMoney(const QString& text);

/// `$0.42`, with as many digits as a small sum needs.
QString formatMoney(MicroUsd money);
/// `≤$0.42` where a part of it is an upper estimate.
QString formatMoney(MicroUsd money, MicroUsd estimated);
/// `2 requests with unknown outcome, up to $0.10`; without the sum where no price says what they may cost.
QString formatUnknown(qint64 requests, MicroUsd most);
/// `12.3 s`, `1:22 min`, `15:02:15 h`.
QString formatDuration(std::chrono::microseconds duration);
/// `1,234,567`.
QString formatCount(qint64 count);
/// `1 call`, `1,234 calls`.
QString formatCalls(qint64 count);
/// `1 turn`, `12 turns`.
QString formatTurns(qint64 count);
/// `≤1,234,567` where a part of it is an upper estimate.
QString formatCount(qint64 count, qint64 estimated);

} // namespace burrow
