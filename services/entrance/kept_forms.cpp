
#include "entrance/entrance.h"
#include "entrance/view.h"

namespace entrance {

using identity::KeptForm;
using identity::KeptForms;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

constexpr const char* kNotTheirs[] = {"form_token", "kept_form", "keep", "submission", "form_title"};

std::string addressOf(const KeptForm& form) { return "/kept-forms/" + form.id.text(); }

struct UnfinishedForm {
    std::string href;
    std::string title;
    std::string keptAt;
    View view() const {
        return {{"href", href}, {"title", title}, {"keptAt", keptAt}, {"discard", href + "/discard"}};
    }
};

struct KeptFormsPage {
    std::vector<UnfinishedForm> forms;
    View view() const { return {{"title", "Unfinished forms"}, {"forms", forms}}; }
};

}  // namespace

std::optional<std::string> Entrance::keepForm(const Visit& visit) {
    const auto page = pageOf(visit.request.path);
    const auto known = values::Id<KeptForm>::parse(valueOf(visit.request.form, "kept_form"));
    const auto title = valueOf(visit.request.form, "form_title");
    KeptForm kept{known ? *known : rooms_.ids.next<KeptForm>(), visit.request.path,
                  title.empty() ? page : title, visit.request.form, ""};
    for (const auto* name : kNotTheirs) kept.fields.erase(name);
    // A form without a page of its own has nothing that somebody typed.
    if (kept.fields.empty() || page != visit.request.path) return std::nullopt;
    bool isKept = false;
    rooms_.database.derive([&](Transaction& tx) {
        const auto person =
            visit.person ? std::optional(visit.person->id) : rooms_.sessions.ownerOf(tx, visit.token);
        isKept = person.has_value();
        if (person) KeptForms::keep(tx, *person, kept);
    });
    return isKept ? std::optional(addressOf(kept)) : std::nullopt;
}

Response Entrance::keptForms(Visit& visit) {
    KeptFormsPage page;
    rooms_.database.read([&](Transaction& tx) {
        page.forms.clear();
        for (const auto& form : KeptForms::of(tx, visit.person->id))
            page.forms.push_back({addressOf(form), form.title, instantText(form.keptAt)});
    });
    return render(visit, "entrance/kept_forms", page);
}

/// Shows the page of the form with what was typed.
Response Entrance::keptForm(Visit& visit) {
    const auto id = visit.request.partId<KeptForm>("form");
    std::optional<KeptForm> kept;
    rooms_.database.read([&](Transaction& tx) { kept = KeptForms::byId(tx, visit.person->id, id); });
    visit.request.path = kept->path;
    const auto& route = routeOf(visit.request, "GET");
    if (!visit.may(route.permission)) throw values::Forbidden("Your role no longer includes this form.");
    if (route.proof == Proof::confirmed && !visit.session->isConfirmed)
        return platform::seeOther("/confirm?next=/kept-forms/" + id.text());
    visit.request.form = kept->fields;
    visit.keptForm = id.text();
    visit.notice = "What you typed on " + instantText(kept->keptAt) +
                   " is kept below. It is not saved yet: check it, then send it.";
    return route.handler(visit);
}

Response Entrance::discardForm(Visit& visit) {
    const auto id = visit.request.partId<KeptForm>("form");
    rooms_.database.derive([&](Transaction& tx) {
        KeptForms::byId(tx, visit.person->id, id);
        KeptForms::discard(tx, visit.person->id, id);
    });
    return platform::seeOther("/kept-forms");
}

}  // namespace entrance
