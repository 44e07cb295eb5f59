-- What was done about one thing, and who looked at it, without a walk along the whole chain.
ALTER TABLE audit_entry ADD KEY IF NOT EXISTS audit_entry_subject (chain, subject, position)
