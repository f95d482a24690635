#pragma once

#include "base/clock.h"
#include "lm/http_transport.h"
#include "lm/openai_compatible.h"
#include "support/scripted_server.h"

#include <qcorotask.h>

namespace burrow::test {

inline const QByteArray& secretKey()
{
    static const QByteArray key("sk-secret-0123456789");
    return key;
}

inline ChatRequest requestFor(const QByteArray& prompt, const QByteArray& model = "small")
{
    ChatRequest request;
    request.path = NodePath::root().turn(1);
    request.model = model;
    request.messages = {{Role::User, prompt}};
    request.maxOutputTokens = 100;
    return request;
}

/// One server-sent event with @p json as its data.
inline QByteArray dataEvent(const QByteArray& json)
{
    return "data: " + json + "\n\n";
}

/// A client and the scripted server that it talks to.
class LmFixture {
public:
    explicit LmFixture(ScriptedServer::Handler handler, HttpTimeouts timeouts = {})
        : server(std::move(handler)), model(endpoint(), transport, clock, timeouts)
    {
    }
    explicit LmFixture(const ScriptedReply& reply, HttpTimeouts timeouts = {})
        : LmFixture([reply](const ScriptedRequest&) { return reply; }, timeouts)
    {
    }

    Endpoint endpoint(const QByteArray& key = secretKey()) const
    {
        return *Endpoint::parse(QString::fromUtf8(server.baseUrl()), ApiKey(key));
    }
    ModelResult ask(ChatRequest request = requestFor("hello"), StopToken stop = {})
    {
        return QCoro::waitFor(model.complete(std::move(request), std::move(stop)));
    }

    ScriptedServer server;
    SystemClock clock;
    HttpTransport transport;
    OpenAiCompatible model;
};

} // namespace burrow::test
