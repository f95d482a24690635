#include "look/icons.h"

#include "look/look.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

/// A resource of a static library is linked in where somebody asks for it.
static void needIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace burrow::look {

namespace {

/// Draws a picture whose lines are `currentColor`.
class LineIcon final : public QIconEngine {
public:
    explicit LineIcon(QByteArray name) : m_name(std::move(name))
    {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(QString::fromLatin1(m_name)));
        if (file.open(QIODevice::ReadOnly))
            m_picture = file.readAll();
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const int side = qMin(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        const qreal scale = painter->device()->devicePixelRatioF();
        painter->drawPixmap(square, pixmap((QSizeF(square.size()) * scale).toSize(), mode, state));
    }
    /// Kept: to read a picture takes longer than to paint the row in which it stands.
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        const QString key = QStringLiteral("icon/%1/%2/%3")
                                .arg(QString::fromLatin1(m_name), colour(mode).name())
                                .arg(size.width());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QByteArray picture = m_picture;
        picture.replace("currentColor", colour(mode).name().toLatin1());
        QPainter painter(&pixmap);
        QSvgRenderer(picture).render(&painter, QRectF(QPointF(), size));
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }
    QIconEngine* clone() const override { return new LineIcon(m_name); }

private:
    QColor colour(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Selected)
            return palette.color(QPalette::HighlightedText);
        if (mode == QIcon::Disabled)
            return palette.color(QPalette::Disabled, QPalette::ButtonText);
        const Colours& special = colours(palette);
        if (m_name == "state-live")
            return special.live;
        if (m_name == "state-ok")
            return special.ok;
        if (m_name == "state-failed" || m_name == "breakpoint" || m_name == "log-point")
            return special.failed;
        if (m_name == "state-unknown" || m_name == "warning" || m_name == "stopped-here")
            return special.unknown;
        return m_name == "state-idle" ? special.muted : palette.color(QPalette::ButtonText);
    }

    QByteArray m_name;
    QByteArray m_picture;
};

} // namespace

QIcon icon(const char* name)
{
    needIcons();
    return QIcon(new LineIcon(name));
}

} // namespace burrow::look
