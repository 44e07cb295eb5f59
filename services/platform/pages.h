#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "platform/view.h"

namespace platform {

/// Mustache templates below one folder: `pages/`, `partials/`, `layout/`. Values are escaped unless a
/// template says otherwise. Texts are read once. Sections of empty texts are left out, and beside each list
/// `findings` stands `hasFindings`: whether it has any.
class Pages {
public:
    explicit Pages(std::string folder);

    /// The page in its layout. `name` is below pages/, such as `authority/home`; `view` holds what the
    /// templates name. Throws std::runtime_error where a template is missing or wrong.
    std::string render(const std::string& name, const View& view) const;
    /// From now on tells each page's name and view before it is drawn: tests keep whole views.
    void watch(std::function<void(const std::string& name, const View& view)> watcher);
    /// One partial alone, for its examples.
    std::string renderPartial(const std::string& name, const View& view) const;

private:
    const std::string& text(const std::string& path) const;
    std::string renderText(const std::string& path, const View& view, const std::string& content = "") const;

    std::string folder_;
    std::vector<std::string> partials_;  ///< by name
    std::function<void(const std::string&, const View&)> watcher_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::string> texts_;
};

}  // namespace platform
