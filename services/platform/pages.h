#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace platform {

/// Mustache templates below one folder: `pages/`, `partials/`, `layout/`. Values are escaped unless a
/// template says otherwise. Texts are read once.
class Pages {
public:
    explicit Pages(std::string folder);

    /// The page in its layout. `name` is below pages/, such as `authority/home`; `view` holds what the
    /// templates name. Throws std::runtime_error where a template is missing or wrong.
    std::string render(const std::string& name, const nlohmann::json& view) const;
    /// One partial alone, for its examples.
    std::string renderPartial(const std::string& name, const nlohmann::json& view) const;

private:
    const std::string& text(const std::string& path) const;
    std::string renderText(const std::string& path, const nlohmann::json& view) const;

    std::string folder_;
    std::vector<std::string> partials_;  ///< by name
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::string> texts_;
};

}  // namespace platform
