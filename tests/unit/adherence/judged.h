#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "adherence/judgement.h"
#include "unit/adherence/evidence_builder.h"

namespace in_memory {

/// A judgement, with the evidence that it points into.
struct Judged {
    EvidenceBuilder builder;
    std::optional<adherence::Evidence> evidence;
    adherence::Judgement judgement;
};

/// Judges the quiet evidence with what `adds` adds to it.
inline std::unique_ptr<Judged> judged(const std::function<void(EvidenceBuilder&)>& adds) {
    auto all = std::make_unique<Judged>();
    adds(all->builder);
    all->evidence.emplace(all->builder.build());
    all->judgement = adherence::judge(*all->evidence);
    return all;
}

}  // namespace in_memory
