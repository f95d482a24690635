#include "lm/price_table.h"

#include "lm/tokens.h"

#include <limits>

namespace burrow {

namespace {

constexpr qint64 million = 1'000'000;

/// US dollars such as `0.075`, rounded up to a millionth; at most a million dollars.
std::optional<MicroUsd> parseUsd(QStringView text)
{
    const qsizetype point = text.indexOf(u'.');
    const QStringView whole = point < 0 ? text : text.first(point);
    const QStringView fraction = point < 0 ? QStringView() : text.sliced(point + 1);
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (whole.size() + fraction.size() == 0 || whole.size() > 7 || !std::ranges::all_of(whole, isDigit)
        || !std::ranges::all_of(fraction, isDigit))
        return std::nullopt;
    qint64 value = whole.toLongLong() * million;
    qint64 unit = million / 10;
    bool rounds = false;
    for (const QChar digit : fraction) {
        value += unit * (digit.unicode() - u'0');
        rounds |= unit == 0 && digit != u'0';
        unit /= 10;
    }
    return MicroUsd{value + (rounds ? 1 : 0)};
}

qint64 saturatedProduct(qint64 a, qint64 b)
{
    qint64 product = 0;
    return qMulOverflow(a, b, &product) ? std::numeric_limits<qint64>::max() : product;
}

qint64 saturatedSum(qint64 a, qint64 b)
{
    qint64 sum = 0;
    return qAddOverflow(a, b, &sum) ? std::numeric_limits<qint64>::max() : sum;
}

/// tokens × price ÷ a million, rounded up once over both kinds.
MicroUsd costOf(Price price, qint64 inputTokens, qint64 outputTokens)
{
    const qint64 whole = saturatedSum(saturatedProduct(inputTokens / million, price.input.value),
        saturatedProduct(outputTokens / million, price.output.value));
    const qint64 rest = saturatedSum(saturatedProduct(inputTokens % million, price.input.value),
        saturatedProduct(outputTokens % million, price.output.value));
    return {saturatedSum(whole, rest / million + (rest % million == 0 ? 0 : 1))};
}

} // namespace

Result<PriceTable> PriceTable::from(const QStringList& prices)
{
    PriceTable table;
    for (const QString& price : prices)
        if (const auto added = table.add(price); !added)
            return std::unexpected(added.error());
    return table;
}

Result<void> PriceTable::add(const QString& text)
{
    // A model's name may hold both signs.
    const qsizetype equals = text.lastIndexOf(u'=');
    const qsizetype slash = text.lastIndexOf(u'/');
    if (equals > 0 && slash > equals) {
        const auto input = parseUsd(QStringView(text).sliced(equals + 1, slash - equals - 1));
        const auto output = parseUsd(QStringView(text).sliced(slash + 1));
        if (input && output) {
            m_prices.insert(text.first(equals).toUtf8(), Price{*input, *output});
            return {};
        }
    }
    return fail(ErrorCode::InvalidArgument,
        QStringLiteral(
            "%1 is not a price. Give MODEL=IN/OUT in US$ per million tokens, such as small=0.15/0.60.")
            .arg(text));
}

QString PriceTable::text(const QByteArray& model, Price price)
{
    const auto dollars
        = [](MicroUsd amount) { return QString::number(double(amount.value) / million, 'f', 6); };
    return QStringLiteral("%1=%2/%3")
        .arg(QString::fromUtf8(model), dollars(price.input), dollars(price.output));
}

std::optional<Price> PriceTable::price(const QByteArray& model) const
{
    const auto found = m_prices.find(model);
    return found == m_prices.end() ? std::nullopt : std::optional(*found);
}

std::optional<MicroUsd> PriceTable::cost(const QByteArray& model, const Usage& usage) const
{
    const std::optional<Price> known = price(model);
    if (!known || !usage.inputTokens || !usage.outputTokens)
        return std::nullopt;
    return costOf(*known, *usage.inputTokens, *usage.outputTokens);
}

std::optional<MicroUsd> PriceTable::upperEstimate(const ChatRequest& request) const
{
    const std::optional<Price> known = price(request.model);
    if (!known)
        return std::nullopt;
    return costOf(*known, upperTokenEstimate(request.messages), request.maxOutputTokens);
}

} // namespace burrow
