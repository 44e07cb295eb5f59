#include "platform/pages.h"

#include <filesystem>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>

namespace platform {
namespace {

namespace mustache = kainjow::mustache;

/// `hasFindings` for `findings`: a template has no other way to ask a list whether it is empty.
std::string questionOf(const std::string& list) {
    auto name = list;
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return "has" + name;
}

mustache::data dataOf(const View& view) {
    if (view.isObject()) {
        mustache::data object(mustache::data::type::object);
        for (std::size_t i = 0; i < view.size(); ++i) {
            const auto& part = view.items()[i];
            object.set(view.names()[i], dataOf(part));
            if (part.isList()) object.set(questionOf(view.names()[i]), mustache::data(!part.empty()));
        }
        return object;
    }
    if (view.isList()) {
        mustache::data list(mustache::data::type::list);
        for (const auto& item : view.items()) list.push_back(dataOf(item));
        return list;
    }
    // An empty text is nothing: a section on it is left out, as on a missing one.
    if (view.isLeftOut()) return mustache::data(false);
    return view.isTruth() ? mustache::data(true) : mustache::data(view.text());
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

std::string Pages::renderText(const std::string& path, const View& view, const std::string& content) const {
    mustache::mustache page(text(path));
    if (!page.is_valid()) throw std::runtime_error("template " + path + ": " + page.error_message());
    auto data = dataOf(view);
    for (const auto& name : partials_)
        data.set(name, mustache::data(mustache::partial([this, name] { return text("partials/" + name); })));
    if (!content.empty()) data.set("content", mustache::data(content));
    return page.render(data);
}

void Pages::watch(std::function<void(const std::string&, const View&)> watcher) {
    watcher_ = std::move(watcher);
}

std::string Pages::render(const std::string& name, const View& view) const {
    if (watcher_) watcher_(name, view);
    return renderText("layout/page", view, renderText("pages/" + name, view));
}

std::string Pages::renderPartial(const std::string& name, const View& view) const {
    return renderText("partials/" + name, view);
}

}  // namespace platform
