#include "document/document_place.h"

#include <QRegularExpression>

namespace burrow {

std::optional<DocumentPlace> placeFromText(const QString& text)
{
    QString plain = text.trimmed();
    plain.remove(QRegularExpression(QStringLiteral("(?<=\\d)[,_' \u00A0\u202F](?=\\d{3}(\\D|$))")));
    bool isNumber = false;
    if (plain.endsWith(u'%')) {
        const double percent = plain.chopped(1).trimmed().toDouble(&isNumber);
        return isNumber && percent >= 0 && percent <= 100 ? std::optional<DocumentPlace>(Percent{percent})
                                                          : std::nullopt;
    }
    const bool isByte = plain.startsWith(u'@');
    const qint64 number = (isByte ? plain.sliced(1).trimmed() : plain).toLongLong(&isNumber);
    if (!isNumber || number < (isByte ? 0 : 1))
        return std::nullopt;
    return isByte ? DocumentPlace(ByteOffset{number}) : DocumentPlace(LineNumber{number - 1});
}

} // namespace burrow
