#include "platform/pages.h"

#include <filesystem>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace platform {
namespace {

namespace mustache = kainjow::mustache;
using nlohmann::json;

mustache::data dataOf(const json& value) {
    switch (value.type()) {
        case json::value_t::object: {
            mustache::data object(mustache::data::type::object);
            for (const auto& [key, member] : value.items()) object.set(key, dataOf(member));
            return object;
        }
        case json::value_t::array: {
            mustache::data list(mustache::data::type::list);
            for (const auto& member : value) list.push_back(dataOf(member));
            return list;
        }
        case json::value_t::string:
            // An empty text is nothing: a section on it is left out, as on a missing one.
            if (value.get_ref<const std::string&>().empty()) return mustache::data(false);
            return mustache::data(value.get<std::string>());
        case json::value_t::boolean:
            return mustache::data(value.get<bool>());
        case json::value_t::null:
            return mustache::data(false);
        default:
            return mustache::data(value.dump());
    }
}

}  // namespace

Pages::Pages(std::string folder) : folder_(std::move(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/partials"))
        if (entry.path().extension() == ".mustache") partials_.push_back(entry.path().stem().string());
}

const std::string& Pages::text(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    auto& slot = texts_[path];
    if (slot.empty()) {
        std::ifstream file(folder_ + "/" + path + ".mustache");
        std::stringstream content;
        content << file.rdbuf();
        if (!file || content.str().empty()) throw std::runtime_error("no template " + path);
        slot = content.str();
    }
    return slot;
}

std::string Pages::renderText(const std::string& path, const json& view) const {
    mustache::mustache page(text(path));
    if (!page.is_valid()) throw std::runtime_error("template " + path + ": " + page.error_message());
    auto data = dataOf(view);
    for (const auto& name : partials_)
        data.set(name, mustache::data(mustache::partial([this, name] { return text("partials/" + name); })));
    return page.render(data);
}

std::string Pages::render(const std::string& name, const json& view) const {
    json whole = view;
    whole["content"] = renderText("pages/" + name, view);
    return renderText("layout/page", whole);
}

std::string Pages::renderPartial(const std::string& name, const json& view) const {
    return renderText("partials/" + name, view);
}

}  // namespace platform
