#pragma once

#include "lm/model_list.h"

namespace burrow {

/// What a server tells of its models, for whoever can do without. It must cost nothing: the list is asked for
/// once, waited for one second at most, and its failure is no error.
/// Engine thread only.
class ModelFacts {
public:
    /// @p transport must outlive this object and its requests.
    ModelFacts(Endpoint endpoint, HttpTransport& transport);

    /// Empty where the server does not list @p model.
    Task<ListedModel> of(QByteArray model, StopToken stop);

private:
    Endpoint m_endpoint;
    HttpTransport& m_transport;
    Semaphore m_turn{1}; ///< one asks, the others wait for what it learns
    std::optional<QList<ListedModel>> m_models; ///< once the server was asked
};

} // namespace burrow
