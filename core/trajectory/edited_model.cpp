#include "trajectory/edited_model.h"

namespace burrow {

Task<ModelResult> EditedModel::complete(ChatRequest request, StopToken stop)
{
    const Edits& edits = m_recorder.edits();
    const NodePath path = request.path;
    const std::optional<Edit::Kind> kind = edits.kindAt(path);
    ModelResult result = co_await m_inner.complete(edits.applyTo(std::move(request)), stop);
    if (kind)
        if (const auto marked = m_recorder.markEdited(path, *kind); !marked)
            co_return std::unexpected(ModelError{marked.error()});
    co_return result;
}

} // namespace burrow
