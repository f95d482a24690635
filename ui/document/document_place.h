#pragma once

#include "base/units.h"

#include <QString>

#include <optional>
#include <variant>

namespace burrow {

/// A part of a document, in hundredths.
struct Percent {
    double value = 0;

    friend bool operator==(Percent, Percent) = default;
};

/// A place that a person names.
using DocumentPlace = std::variant<LineNumber, ByteOffset, Percent>;

/// Reads `120` or `1,200` as a line (the first is 1), `@4096` as a byte and `50%` as a part of the document;
/// nothing where it is none of them.
std::optional<DocumentPlace> placeFromText(const QString& text);

} // namespace burrow
