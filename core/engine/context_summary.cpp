#include "engine/context_summary.h"

#include "base/json.h"
#include "base/visible_text.h"
#include "engine/output_text.h"

#include <QFile>

#include <algorithm>

namespace burrow {

namespace {

constexpr qint64 prefixLength = 500;
constexpr size_t documentsListed = 20;

qint64 totalLength(const ReplContext& context)
{
    qint64 total = 0;
    for (const TextSpan& span : context.spans)
        total += span.length.value;
    return total;
}

/// QString's own conversion would write a lone surrogate as a question mark.
QByteArray toUtf8(QString text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!text[i].isSurrogate())
            continue;
        const bool pair = text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (pair)
            ++i;
        else
            text[i] = QChar::ReplacementCharacter;
    }
    return text.toUtf8();
}

QByteArray decoded(const QByteArray& raw, CharWidth width)
{
    switch (width) {
    case CharWidth::Ascii:
        return raw;
    case CharWidth::Latin1:
        return QString::fromLatin1(raw).toUtf8();
    case CharWidth::Ucs2:
        return toUtf8(QString(reinterpret_cast<const QChar*>(raw.constData()), raw.size() / 2));
    case CharWidth::Ucs4:
        return toUtf8(QString::fromUcs4(reinterpret_cast<const char32_t*>(raw.constData()), raw.size() / 4));
    }
    return raw;
}

/// A name in one line, whatever it holds: it must not pass for words of ours.
QByteArray shown(const QByteArray& name)
{
    return visibleText(name, LineMode::SingleLine);
}

QByteArray quoted(const QByteArray& head, bool whole)
{
    return (whole ? "The text:\n<<<\n" : "It begins:\n<<<\n") + head + "\n>>>";
}

QByteArray describeValue(const ContextValue& value)
{
    if (value.kind == ContextValue::Kind::Text) {
        const QString text = QString::fromUtf8(value.bytes);
        const qint64 length = qint64(text.toUcs4().size());
        return "`context` is a str of " + grouped(length) + " characters. "
            + quoted(text.left(prefixLength).toUtf8(), text.size() <= prefixLength);
    }
    const nlohmann::json json = parseJson(value.bytes);
    const QByteArray type = json.is_array() ? "list" : json.is_object() ? "dict" : "value";
    const QByteArray count
        = json.is_structured() ? " of " + grouped(qint64(json.size())) + " entries" : QByteArray();
    return "`context` is a " + type + count + ". "
        + quoted(value.bytes.left(prefixLength), value.bytes.size() <= prefixLength);
}

} // namespace

QByteArray headOf(const TextSpan& span, qint64 characters)
{
    QFile file(span.file);
    if (!file.open(QIODevice::ReadOnly) || !file.seek(span.offset.value))
        return {};
    return decoded(file.read(std::min(characters, span.length.value) * bytesPerChar(span.width)), span.width);
}

QByteArray kindOfContext(const ReplContext& context)
{
    if (context.value)
        return context.value->kind == ContextValue::Kind::Text
            ? "a `str`"
            : "a value made of lists, dicts, strings and numbers";
    return context.isList ? "a `list` of `str`, one for each document" : "a `str`, the whole document";
}

QByteArray describeContext(const ReplContext& context)
{
    if (context.value)
        return describeValue(*context.value);
    if (!context.isList) {
        const TextSpan& span = context.spans.front();
        return "`context` is a str of " + grouped(span.length.value) + " characters ("
            + shown(context.names.front()) + "). "
            + quoted(headOf(span, prefixLength), span.length.value <= prefixLength);
    }
    QByteArray text = "`context` is a list of " + grouped(qint64(context.spans.size())) + " str, "
        + grouped(totalLength(context)) + " characters in all. The first documents:\n";
    for (size_t i = 0; i < std::min(context.spans.size(), documentsListed); ++i)
        text += "context[" + QByteArray::number(i) + "]: " + shown(context.names[i]) + " ("
            + grouped(context.spans[i].length.value) + " characters)\n";
    if (context.spans.empty())
        return text;
    return text + "context[0]: "
        + quoted(
            headOf(context.spans.front(), prefixLength), context.spans.front().length.value <= prefixLength);
}

} // namespace burrow
