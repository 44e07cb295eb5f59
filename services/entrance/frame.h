#pragma once

#include <optional>
#include <string>
#include <vector>

#include "entrance/view.h"

namespace entrance {

/// A line of the navigation, as somebody sees it from where they are.
struct NavigationItem {
    std::string href;
    std::string text;
    bool isHere;
    platform::View view() const;
};

struct SignedInPerson {
    std::string name;
    std::string place;  ///< their authority, or their role where they belong to none
    std::vector<NavigationItem> navigation;
};

/// What the layout shows around a page, and what every form in it carries. Whoever is not signed in has no
/// navigation.
struct Frame {
    std::string formToken;   ///< proves that a form came from here
    std::string submission;  ///< the same form sent twice is done once
    std::string keptForm;    ///< the unfinished form that the page goes on with; empty for none
    std::string doorTitle;
    bool isOpenToAnyone;
    bool hasErrors;  ///< the page says what was wrong with what was sent: so does its title
    std::optional<SignedInPerson> person;
    std::optional<Text> notice;
    /// The page with this around it. What there is none of leaves parts of the page's own of that name be.
    platform::View around(platform::View page) const;
};

}  // namespace entrance
