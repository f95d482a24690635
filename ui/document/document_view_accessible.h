#pragma once

namespace burrow {

class DocumentView;

/// Makes every DocumentView readable for screen readers: as the text on its screen, with cursor and
/// selection. Called once.
void makeDocumentViewsAccessible();

/// Tells a screen reader that is there that the cursor of @p view moved.
void tellCursorMoved(DocumentView& view);

} // namespace burrow
