#include "host/frame.h"

#include "base/json.h"

#include <QtEndian>

namespace burrow {

namespace {

template <typename Number> void append(QByteArray& bytes, Number value)
{
    const Number little = qToLittleEndian(value);
    bytes.append(reinterpret_cast<const char*>(&little), sizeof little);
}

} // namespace

std::vector<QByteArray> encodeFrame(const nlohmann::json& header, std::vector<QByteArray> parts)
{
    const QByteArray text = toText(header);
    QByteArray front;
    front.reserve(qsizetype(8 + text.size() + 8 * qsizetype(parts.size())));
    append(front, quint32(text.size()));
    append(front, quint32(parts.size()));
    front.append(text);
    for (const QByteArray& part : parts)
        append(front, quint64(part.size()));
    parts.insert(parts.begin(), front);
    return parts;
}

} // namespace burrow
