#include "trajectory/kept_repl.h"

namespace burrow {

Task<void> layToRest(std::optional<KeptRepl>& kept)
{
    if (kept && !co_await kept->repl->restore(kept->boundaries.back().id, {}))
        kept.reset();
}

} // namespace burrow
