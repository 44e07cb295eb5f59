-- The national door: people of national teams, administrators and their sign-ins. No record of a child; figures as they were
-- signed.
GRANT SELECT ON {database}.migration TO {account};
GRANT SELECT ON {database}.region TO {account};
GRANT SELECT ON {database}.authority TO {account};
GRANT SELECT ON {database}.authority_code TO {account};
GRANT SELECT, INSERT, UPDATE ON {database}.person TO {account};
GRANT SELECT, INSERT, UPDATE (last_seen_at, confirmed_at), DELETE ON {database}.browser_session TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.recovery_code TO {account};
GRANT SELECT, INSERT, UPDATE (accepted_at, withdrawn_at) ON {database}.invitation TO {account};
GRANT SELECT, INSERT, DELETE ON {database}.provider_sign_in TO {account};
GRANT SELECT ON {database}.delegation TO {account};
GRANT INSERT ON {database}.audit_entry TO {account};
GRANT SELECT (chain, last_position, last_seal), UPDATE (last_position, last_seal) ON {database}.audit_chain TO {account};
GRANT SELECT, INSERT, UPDATE (answer) ON {database}.submission TO {account};
GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.kept_form TO {account};
GRANT SELECT (authority_id, quarter, interactions, seconds) ON {database}.return_effort TO {account};
GRANT SELECT ON {database}.official_dataset TO {account};
GRANT SELECT ON {database}.official_figure TO {account};
GRANT SELECT ON {database}.authority_succession TO {account};
GRANT SELECT ON {database}.catalogue TO {account};
GRANT SELECT ON {database}.signed_count TO {account};
GRANT SELECT ON {database}.signed_level TO {account};
GRANT SELECT (id, quarter, tables, guides, rules, note, asked_at, asked_by, state, made_at, version, fingerprint, report, decided_at, decided_by, decision, published_at, published_by, withdrawn_at, withdrawn_by, withdrawal), INSERT, UPDATE (state, decided_at, decided_by, decision, published_at, published_by, withdrawn_at, withdrawn_by, withdrawal) ON {database}.national_release TO {account};
GRANT SELECT ON {database}.release_file TO {account};
GRANT SELECT ON {database}.release_table TO {account};
GRANT SELECT (id, authority_id, quarter, version, state) ON {database}.quarterly_return TO {account};
