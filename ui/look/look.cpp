#include "look/look.h"

#include "look/style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyleHints>

#include <algorithm>
#include <cmath>

namespace burrow::look {

namespace {

struct Shades {
    QRgb window, base, alternate, text, muted, button, line, highlight, highlighted, link;
};

constexpr Shades lightShades{0xfff4f5f6, 0xffffffff, 0xfff8f9fa, 0xff1c1f24, 0xff5b6370, 0xfffbfbfc,
    0xffd3d7dc, 0xff2463c4, 0xffffffff, 0xff1d5fbf};
constexpr Shades darkShades{0xff212327, 0xff191b1e, 0xff1e2024, 0xffe3e6ea, 0xff9aa3af, 0xff2b2e33,
    0xff3a3f46, 0xff2c5fb3, 0xffffffff, 0xff79aefc};

void setColours(QPalette& palette, QPalette::ColorGroup group, const Shades& shades, QRgb text)
{
    for (const auto role :
        {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        palette.setColor(group, role, text);
    palette.setColor(group, QPalette::Window, shades.window);
    palette.setColor(group, QPalette::Base, shades.base);
    palette.setColor(group, QPalette::AlternateBase, shades.alternate);
    palette.setColor(group, QPalette::ToolTipBase, shades.button);
    palette.setColor(group, QPalette::Button, shades.button);
    palette.setColor(group, QPalette::PlaceholderText, shades.muted);
    palette.setColor(group, QPalette::BrightText, shades.highlighted);
    palette.setColor(group, QPalette::Highlight, shades.highlight);
    palette.setColor(group, QPalette::HighlightedText, shades.highlighted);
    palette.setColor(group, QPalette::Accent, shades.highlight);
    palette.setColor(group, QPalette::Link, shades.link);
    palette.setColor(group, QPalette::LinkVisited, shades.link);
    palette.setColor(group, QPalette::Mid, shades.line);
    palette.setColor(group, QPalette::Midlight, shades.line);
    palette.setColor(group, QPalette::Light, shades.base);
    palette.setColor(group, QPalette::Dark, QColor(shades.line).darker(130));
    palette.setColor(group, QPalette::Shadow, QColor(shades.line).darker(200));
}

bool systemIsDark()
{
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
}

} // namespace

void apply(Appearance appearance)
{
    static const bool hasStyle = [] {
        QApplication::setStyle(new Style);
        return true;
    }();
    Q_UNUSED(hasStyle)
    // One connection at most, whatever was chosen before.
    static QMetaObject::Connection following;
    QObject::disconnect(following);
    if (appearance == Appearance::System)
        following = QObject::connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, qApp,
            [] { QApplication::setPalette(palette(systemIsDark())); });
    QApplication::setPalette(
        palette(appearance == Appearance::Dark || (appearance == Appearance::System && systemIsDark())));
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

double contrast(const QColor& one, const QColor& other)
{
    const auto luminance = [](const QColor& colour) {
        const auto linear = [](double part) {
            return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF())
            + 0.0722 * linear(colour.blueF());
    };
    const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
    return (lighter + 0.05) / (darker + 0.05);
}

QColor readable(QColor colour, const QColor& base)
{
    constexpr double enough = 4.5;
    const bool onDark = base.lightness() < 128;
    for (int step = 0; step < 20 && contrast(colour, base) < enough; ++step) {
        const QColor hsl = colour.toHsl();
        const float lightness = hsl.lightnessF() + (onDark ? 0.05F : -0.05F);
        colour.setHslF(hsl.hslHueF(), hsl.hslSaturationF(), qBound(0.0F, lightness, 1.0F));
    }
    return colour;
}

QPalette palette(bool dark)
{
    const Shades& shades = dark ? darkShades : lightShades;
    QPalette palette;
    setColours(palette, QPalette::Active, shades, shades.text);
    setColours(palette, QPalette::Inactive, shades, shades.text);
    setColours(palette, QPalette::Disabled, shades, shades.muted);
    return palette;
}

const Colours& colours(const QPalette& palette)
{
    static const Colours light{QColor(0xff1d5fbf), QColor(0xff1a7037), QColor(0xffbf2323), QColor(0xff855600),
        QColor(0xff5b6370), QColor(0xffd3d7dc), QColor(0xffeceff3), QColor(0xff868d97)};
    static const Colours dark{QColor(0xff79aefc), QColor(0xff63c583), QColor(0xffff8077), QColor(0xffe3b341),
        QColor(0xff9aa3af), QColor(0xff3a3f46), QColor(0xff2a2d32), QColor(0xff70767f)};
    return isDark(palette) ? dark : light;
}

QFont fixedFont()
{
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

} // namespace burrow::look
