-- Entries from before they were chained: kept to be read, written no more.
RENAME TABLE IF EXISTS audit_entry TO audit_entry_before_chain
