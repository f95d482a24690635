#include "text/highlighter.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

#include <QHash>
#include <QPromise>
#include <QThreadPool>

namespace burrow {

namespace {

using KSyntaxHighlighting::Repository;

const Repository& repository()
{
    static const Repository definitions;
    return definitions;
}

QString nameOf(Syntax syntax)
{
    switch (syntax) {
    case Syntax::Python:
        return QStringLiteral("Python");
    case Syntax::Markdown:
        return QStringLiteral("Markdown");
    case Syntax::Json:
        return QStringLiteral("JSON");
    case Syntax::None:
        break;
    }
    return {};
}

} // namespace

class Highlighter::Engine final : public KSyntaxHighlighting::AbstractHighlighter {
public:
    Engine(Syntax syntax, Highlighter::Theme theme)
    {
        setDefinition(repository().definitionForName(nameOf(syntax)));
        setTheme(repository().defaultTheme(
            theme == Highlighter::Theme::Dark ? Repository::DarkTheme : Repository::LightTheme));
    }

    std::vector<Span> spans(int number, const QString& text, Line line)
    {
        const auto at = size_t(number);
        if (m_states.size() <= at)
            m_states.resize(at + 1);
        m_spans.clear();
        const bool first = line == Line::Starts || number == 0;
        m_states[at] = highlightLine(text, first ? KSyntaxHighlighting::State() : m_states[at - 1]);
        return std::move(m_spans);
    }

    std::vector<Style> styles;

private:
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format& format) override
    {
        if (length == 0 || format.isDefaultTextStyle(theme()))
            return;
        auto known = m_styles.constFind(format.id());
        if (known == m_styles.constEnd()) {
            known = m_styles.insert(format.id(), int(styles.size()));
            styles.push_back({format.hasTextColor(theme()) ? format.textColor(theme()) : QColor(),
                format.isBold(theme()), format.isItalic(theme())});
        }
        m_spans.push_back({offset, length, *known});
    }

    std::vector<KSyntaxHighlighting::State> m_states; ///< at the end of each line
    QHash<int, int> m_styles; ///< by the number of the format
    std::vector<Span> m_spans;
};

QFuture<void> Highlighter::definitions()
{
    static const QFuture<void> reading = [] {
        const auto promise = std::make_shared<QPromise<void>>();
        promise->start();
        QThreadPool::globalInstance()->start([promise] {
            // The rules of a syntax are read with its first line.
            for (const Syntax syntax : {Syntax::Python, Syntax::Markdown, Syntax::Json})
                (void)Engine(syntax, Theme::Light).spans(0, QStringLiteral("x"), Line::Starts);
            promise->finish();
        });
        return promise->future();
    }();
    return reading;
}

Highlighter::Highlighter(Syntax syntax, Theme theme) : m_engine(std::make_unique<Engine>(syntax, theme)) { }

Highlighter::~Highlighter() = default;
Highlighter::Highlighter(Highlighter&&) noexcept = default;
Highlighter& Highlighter::operator=(Highlighter&&) noexcept = default;

std::vector<Highlighter::Span> Highlighter::spans(int number, const QString& text, Line line)
{
    return m_engine->spans(number, text, line);
}

const std::vector<Highlighter::Style>& Highlighter::styles() const
{
    return m_engine->styles;
}

} // namespace burrow
