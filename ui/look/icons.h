#pragma once

#include <QIcon>

namespace burrow::look {

/// The icon @p name of resources/icons, in the colour of the text beside it, whatever the palette.
QIcon icon(const char* name);

} // namespace burrow::look
