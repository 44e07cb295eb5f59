#include "entrance/frame.h"

namespace entrance {

using platform::View;

View NavigationItem::view() const { return {{"href", href}, {"text", text}, {"current", isHere}}; }

View Frame::around(View page) const {
    page.add({{"formToken", formToken},
              {"submission", submission},
              {"keptForm", keptForm},
              {"formTitle", page.at("title")},
              {"doorTitle", doorTitle},
              {"isOpenToAnyone", isOpenToAnyone}});
    if (notice) page.add({{"notice", *notice}});
    if (person) {
        const View header{{"name", person->name}, {"place", person->place}};
        page.add({{"person", header}, {"navigation", person->navigation}});
    }
    if (hasErrors) page.add({{"hasErrors", true}});
    return page;
}

}  // namespace entrance
