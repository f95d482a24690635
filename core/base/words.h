#pragma once

#include <QCoreApplication>

namespace burrow::words {

/// What no class says, in the language of the person.
inline QString tr(const char* sourceText)
{
    return QCoreApplication::translate("Burrow", sourceText);
}

} // namespace burrow::words
