// A model's server for tests of whole programs. Prints its base URL on its first line, then serves until it
// is ended.
//
//     scripted-server [--script FILE.json] [--latency-ms N] [--log FILE] [--port N]
//
// The script names models, each with the replies it gives; the number of assistant messages already in a
// conversation chooses one of them, and the last one repeats. "default" serves the models that are not named;
// without it they answer "ok". `{number}` in a reply becomes the last number of the prompt.
//
//     { "root": ["```repl\nprint(len(context))\n```", "FINAL(42)"],
//       "sub": {"text": "found {number}", "usage": {"prompt_tokens": 10, "completion_tokens": 2}},
//       "default": ["ok {number}"] }
//
// A reply is a text or an object: text, status, headers (a list of `Name: value`), latency_ms, usage.
// The log gets a line for each request received, before it is answered: method, model (or -), SHA-256 of the
// body.
#include "support/scripted_server.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>

#include <nlohmann/json.hpp>

#include <cstdio>

using namespace burrow::test;
using nlohmann::json;

namespace {

QByteArray lastNumberIn(const QByteArray& text)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    qsizetype end = text.size();
    while (end > 0 && !isDigit(text[end - 1]))
        --end;
    qsizetype start = end;
    while (start > 0 && isDigit(text[start - 1]))
        --start;
    return text.sliced(start, end - start);
}

class Script {
public:
    Script(json script, std::chrono::milliseconds latency) : m_script(std::move(script)), m_latency(latency)
    {
    }

    ScriptedReply replyTo(const ScriptedRequest& request) const
    {
        ScriptedReply reply = request.path().endsWith("/models") ? models() : completion(request);
        reply.latency += m_latency;
        return reply;
    }

private:
    ScriptedReply models() const
    {
        json list = json::array();
        for (const auto& [name, replies] : m_script.items())
            list.push_back({{"id", name}, {"object", "model"}});
        ScriptedReply reply;
        reply.body = QByteArray::fromStdString(json{{"object", "list"}, {"data", list}}.dump());
        return reply;
    }

    ScriptedReply completion(const ScriptedRequest& request) const
    {
        const std::string model = request.model().toStdString();
        const std::string key = m_script.contains(model) ? model : "default";
        json line = m_script.value(key, json("ok"));
        if (line.is_array() && !line.empty())
            line = line[std::min<size_t>(size_t(request.assistantMessages()), line.size() - 1)];
        if (line.is_string())
            line = {{"text", line}};
        return replyFrom(line, request);
    }

    static ScriptedReply replyFrom(const json& line, const ScriptedRequest& request)
    {
        QByteArray text = QByteArray::fromStdString(line.value("text", ""));
        if (text.contains("{number}"))
            text.replace("{number}", lastNumberIn(request.lastMessage()));
        const int status = line.value("status", 200);
        ScriptedReply reply = status == 200 ? chatReply(text, usageOf(line)) : errorReply(status, text);
        for (const json& header : line.value("headers", json::array()))
            reply.headers.push_back(QByteArray::fromStdString(header.get<std::string>()));
        reply.latency = std::chrono::milliseconds(line.value("latency_ms", 0));
        return reply;
    }

    static std::optional<ScriptedUsage> usageOf(const json& line)
    {
        if (!line.contains("usage"))
            return std::nullopt;
        const json& usage = line["usage"];
        ScriptedUsage result;
        if (usage.contains("prompt_tokens"))
            result.promptTokens = usage["prompt_tokens"].get<qint64>();
        if (usage.contains("completion_tokens"))
            result.completionTokens = usage["completion_tokens"].get<qint64>();
        if (usage.contains("cost"))
            result.costUsd = usage["cost"].get<double>();
        return result;
    }

    json m_script;
    std::chrono::milliseconds m_latency;
};

QByteArray logLine(const ScriptedRequest& request)
{
    const QByteArray model = request.model();
    return request.method() + ' ' + (model.isEmpty() ? "-" : model) + ' '
        + QCryptographicHash::hash(request.body, QCryptographicHash::Sha256).toHex() + '\n';
}

json readScript(const QString& path)
{
    QFile file(path);
    if (path.isEmpty())
        return json::object();
    if (!file.open(QIODevice::ReadOnly))
        qFatal("Cannot read the script %s.", qPrintable(path));
    const QByteArray text = file.readAll();
    return json::parse(text.begin(), text.end());
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addOptions({{QStringLiteral("script"), QString(), QStringLiteral("FILE")},
        {QStringLiteral("latency-ms"), QString(), QStringLiteral("N"), QStringLiteral("0")},
        {QStringLiteral("log"), QString(), QStringLiteral("FILE")},
        {QStringLiteral("port"), QString(), QStringLiteral("N"), QStringLiteral("0")}});
    parser.process(app);
    const Script script(readScript(parser.value(QStringLiteral("script"))),
        std::chrono::milliseconds(parser.value(QStringLiteral("latency-ms")).toInt()));
    QFile log(parser.value(QStringLiteral("log")));
    if (!log.fileName().isEmpty()
        && !log.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
        qFatal("Cannot write the log %s.", qPrintable(log.fileName()));

    const auto handler = [&](const ScriptedRequest& request) {
        if (log.isOpen())
            log.write(logLine(request));
        return script.replyTo(request);
    };
    const ScriptedServer server(
        handler, ScriptedServer::Bodies::Drop, parser.value(QStringLiteral("port")).toUShort());
    std::printf("%s\n", server.baseUrl().constData());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
